"""Beside tabs that guess passphrases and receipts, a lead unlocks, a child sends, and help is said. With more tabs:
`python -m tests.bench flood`.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from tests.faults.besieged import besieged, guessing
from tests.thoroughness import EXHAUSTIVE

pytestmark = pytest.mark.slow

_TABS = 100 if EXHAUSTIVE else 10
_TIMES = 3 if EXHAUSTIVE else 1  # that each kind of act is waited for
_SECONDS = 60.0  # at most: it ends with the test


async def test_nobody_waits_behind_tabs_that_guess(tmp_path: Path) -> None:
    async with besieged(tmp_path) as where:
        first, second = await where.prepare(_TIMES), await where.prepare(_TIMES)
        quiet = await where.measure(first, 0)
        async with guessing(where, _TABS, _SECONDS):
            flooded = await where.measure(second, 1)
    # With one queue for all guesses a lead waited sixty times as long as in quiet, and a concern eighty times.
    for what, seconds in flooded.items():
        assert median(seconds) < 5 * median(quiet[what]) + 0.5, (what, quiet, flooded)
