"""The buttons of the reporter's side that are no part of a conversation and not in `flows.presses`."""

from __future__ import annotations

from typing import Final

#: Delete this chat's messages, now that the words are kept.
TIDY_NOW: Final = "y:tidy"
#: Delete the draft for good.
STOP_NOW: Final = "y:stop"
#: Go back to what was on the screen.
BACK: Final = "y:back"
#: Go on with the questions after sending.
QUESTIONS: Final = "y:questions"
#: Say, once there is an answer, whether it helped.
FEEDBACK: Final = "y:feedback"
#: Close the concern in this chat; it stays with its readers.
CLOSE: Final = "y:close"

ALL: Final = frozenset({TIDY_NOW, STOP_NOW, BACK, QUESTIONS, FEEDBACK, CLOSE})
