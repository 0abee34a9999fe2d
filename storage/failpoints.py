"""Places where a test may end the process as `kill -9` would. Nothing is done at them unless a test asks for it.

Each stands right before or right after something that cannot be taken back: a commit, an answer of the Bot API, an
offset that was confirmed. `bot/under_test.py` decides whether they may be armed; what is killed where, and what must
hold afterwards, is in `tests/faults/`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, get_args

#: Every point there is, in the order in which an update meets them.
Point: TypeAlias = Literal[
    "fetch.given",  # updates were taken from the Bot API, and none of them is begun
    "hush.begun",  # a tap is about to be acknowledged, while its turn is made
    "hush.done",  # the messenger knows that it was heard, whatever is done of it
    "unlock.judged",  # both factors are right, and nothing of it is on disk
    "send.sealed",  # a concern is sealed, and not handed to the writer yet
    "append.sealed",  # words for a case, likewise
    "deed.sealed",  # what a lead does to a case, likewise
    "commit.begun",  # within the transaction, before its first statement
    "commit.midway",  # after one of its statements, before the next
    "commit.ready",  # all of it is written, and none of it committed
    "commit.done",  # it is on disk, and nobody has been told
    "unlock.kept",  # the lead is unlocked, and has not been told
    "send.kept",  # a case with its receipt is on disk, and the words are not shown
    "append.kept",  # the words are in the case, and nothing is answered
    "deed.kept",  # the deed is in the case, and nothing is answered
    "say.begun",  # before a message is given to the Bot API
    "say.accepted",  # the Bot API has taken it, and its number is not noted
    "send.shown",  # the words of a receipt are shown, and would be shown again
    "tidy.begun",  # before messages of a chat are deleted, whoever asked for it
    "tidy.deleted",  # the Bot API has deleted them, and they are on the list still
    "notice.begun",  # before a notice is given to a chat and a mail server
    "notice.told",  # the Bot API has taken a notice, and it is in the outbox still
    "fetch.confirming",  # what is committed is about to be confirmed
    "fetch.confirmed",  # the Bot API has been told
    "brought.kept",  # what a webhook brought is committed, and the Bot API has no answer yet
]
POINTS: Final[tuple[Point, ...]] = get_args(Point)

_watcher: Callable[[Point], None] | None = None


def reach(point: Point) -> None:
    """Tell whoever watches that `point` is reached; without a watcher this does nothing."""
    if _watcher is not None:
        _watcher(point)


def arm(watcher: Callable[[Point], None] | None) -> None:
    """Have `watcher` called at every point, from whichever thread; None puts the points back to rest."""
    global _watcher  # noqa: PLW0603 - one for the process, as its end is; passing it to every part would not be free
    _watcher = watcher
