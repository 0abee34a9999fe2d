"""What one input changed, before danger is looked at and anything is said."""

from __future__ import annotations

from dataclasses import dataclass

from flows.draft import Answer, Draft
from flows.screens import Screen
from flows.texts import Text


@dataclass(frozen=True)
class Moved:
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
