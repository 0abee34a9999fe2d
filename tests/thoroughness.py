"""How far the tests go: `make test` shows every claim, `make exhaustive` shows it at every place that there is.

Much of what Hark promises holds anywhere: wherever it is killed, by whichever button, whatever a hand writes into
which column. `make test` goes to each N-th of those places, always the same ones, and is done in minutes. `make
exhaustive` goes to all of them, and to what is marked `exhaustive`: before a release, and after a change to what a
test with `every` is about.
"""

from __future__ import annotations

import os
from typing import Final

#: Whether everything is gone to. The name has no prefix of Hark's, whose settings no program of the tests is given.
EXHAUSTIVE: Final = os.environ.get("EXHAUSTIVE") == "1"


def every(step: int) -> int:
    """Give how far apart the places are that a test goes to: `step`, and 1 where it goes to all of them."""
    return 1 if EXHAUSTIVE else step
