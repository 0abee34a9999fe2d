"""Noting: words for the other recipients, which the reporter never sees."""

from __future__ import annotations

from datetime import datetime

from storage.cases import contents
from storage.cases.entries import Said
from storage.deeds.acted import Acted
from storage.desk.loading import Loaded
from storage.refusals import NotOffered


def note(loaded: Loaded, text: str, now: datetime) -> Acted:
    """Add a note; it stops no clock.

    Raises:
        NotOffered: It is empty.
    """
    if not text.strip():
        raise NotOffered
    return Acted(loaded.clear, loaded.glance, "note", (Said("desk", contents.note(text, now)),))
