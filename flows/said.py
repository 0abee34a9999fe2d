"""What a step answers with: the draft as it is now, the screens to speak, and the deeds to do."""

from __future__ import annotations

from dataclasses import dataclass

from flows.deeds import Deed
from flows.draft import Draft
from flows.screens import Screen


@dataclass(frozen=True)
class Stepped:
    """The outcome of one step.

    `draft` is None once there is nothing left to keep. `said` is spoken in order, after the deeds are stored; the last
    screen is the one that waits for an answer.
    """

    draft: Draft | None
    said: tuple[Screen, ...]
    deeds: tuple[Deed, ...] = ()
