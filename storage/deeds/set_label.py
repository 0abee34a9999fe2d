"""Labelling: a short name for the recipients to know a case by, in its sealed header."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.deeds.acted import Acted, did
from storage.desk.loading import Loaded
from storage.refusals import NotOffered

_LONGEST = 60  # characters


def set_label(loaded: Loaded, label: str, now: datetime) -> Acted:
    """Set the label, or take it away with an empty one.

    Raises:
        NotOffered: It is longer than 60 characters.
    """
    shown = " ".join(label.split())
    if len(shown) > _LONGEST:
        raise NotOffered
    said = (did(loaded.clear, "label", {"label": shown}, now),)
    return Acted(loaded.clear, replace(loaded.glance, label=shown), "label", said)
