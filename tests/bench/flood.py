"""What people wait for beside 5,000 tabs that guess (goal: p95 at most three times that of quiet, none over 1 s)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figures, spread
from tests.faults.besieged import besieged, guessing

_TABS = 5_000
_SECONDS = 60.0  # that the flood lasts at most
_TIMES = 20


async def measure(figures: Figures) -> None:
    """Unlocking, sending, words of danger and the help screen, quiet and flooded, on the running program."""
    print(f"Beside {_TABS:,} tabs that guess passphrases and receipts")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        async with besieged(Path(folder)) as where:
            first, second = await where.prepare(_TIMES), await where.prepare(_TIMES)
            quiet, worked = await where.measure(first, 0), where.worked
            async with guessing(where, _TABS, _SECONDS):
                flooded = await where.measure(second, 1)
    for what in ("danger", "help"):  # while a key is derived the loop does what it likes, and nobody waits for that
        (before, _), (mid, late) = spread(worked[what]), spread(where.worked[what])
        told = f"median {mid:.0f} ms, p95 {late:.0f}"
        figures.add(
            f"{what}: the loop's processor time until then", told, f"quiet median {before:.0f} ms", mid / before
        )
    for what, waits in flooded.items():
        (_, before), (_, late) = spread(quiet[what]), spread(waits)
        told = f"p95 {late:.0f} ms, longest {max(waits) * 1000:.0f}"
        figures.add(f"{what} beside {_TABS:,} tabs", told, f"quiet p95 {before:.0f} ms", late / before, "3x, 1000 ms")
