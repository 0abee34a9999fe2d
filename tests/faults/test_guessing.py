"""Beside tabs that guess passphrases and receipts, a lead unlocks, a child sends, and help is said. With more tabs:
`python -m tests.bench flood`.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.besieged import Besieged, besieged, guessing

_TABS = 200
_SECONDS = 60.0  # at most: it ends with the test


async def test_nobody_waits_behind_200_tabs_that_guess(tmp_path: Path) -> None:
    async with besieged(tmp_path) as where:
        quiet = await _slowest(where, 0)
        async with guessing(where, _TABS, _SECONDS):
            flooded = await _slowest(where, 1)
    # With every guess in one queue a lead waited sixty times as long as in quiet, and a concern eighty times.
    for what, seconds in flooded.items():
        assert seconds < 5 * quiet[what] + 0.5, (what, quiet, flooded)


async def _slowest(where: Besieged, step: int) -> dict[str, float]:
    return {what: max(waits) for what, waits in (await where.measure(2, step)).items()}
