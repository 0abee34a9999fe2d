"""How rarely a Hark that serves looks for garbage; by itself, so that the bench measures under the same setting."""

from __future__ import annotations

import gc
from typing import Final

#: How many more things are made than dropped before Python looks for those that only point at each other: what the
#: turns of a few hundred chats hold drops by itself. At Python's own 700 that search took 7% of the time of a turn.
_GARBAGE: Final = 20_000


def look_for_garbage_rarely() -> None:
    """Look no more through what is loaded by now, and for the rest only where much was made; for the whole process.

    To look through what was loaded took an eighth of the time.
    """
    gc.freeze()
    gc.set_threshold(_GARBAGE)
