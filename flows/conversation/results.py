"""What a step answers with: the next draft, the screens to show, the deeds to do."""

from __future__ import annotations

from dataclasses import dataclass

from flows.values.deeds import Deed
from flows.values.draft import Answer, Draft
from flows.values.screen import Screen
from flows.values.text import Text


@dataclass(frozen=True)
class StepResult:
    """The outcome of one step.

    `draft` is None once there is nothing left to keep. `said` is spoken in order, after the deeds are stored; the last
    screen is the one that waits for an answer.
    """

    draft: Draft | None
    said: tuple[Screen, ...]
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True)
class Reduction:
    """The draft after an input (None: nothing is kept), sentences to say first, and what was given.

    `screen` stands instead of the question on the cursor. `given` is the answer that was completed, by question: what
    is appended to a case that is sent already. `message` is free text for such a case, or text that is
    only looked at. `send` asks to send.
    """

    draft: Draft | None
    kind: tuple[Text, ...] = ()
    screen: Screen | None = None
    given: tuple[str, Answer] | None = None
    message: str | None = None
    send: bool = False
