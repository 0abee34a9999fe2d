"""Hark is killed at a failpoint while somebody does something, begun again, and the Bot API delivers again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias, cast

from storage.failpoints import Point
from tests.faults.acts import ACTS, Act, Stage
from tests.faults.lives import lives
from tests.faults.promises import audit
from tests.faults.table import Row

#: A point, and for what time it is reached.
Place: TypeAlias = tuple[Point, int]
_SOON = 0.3  # seconds in which a life comes to what follows an answer


async def rows() -> AsyncIterator[Row]:
    """Kill at every point that each act reaches, as often as it reaches it."""
    for kind in ACTS:
        with TemporaryDirectory(prefix="hark-faults-") as folder:
            async with stage(Path(folder)) as here:
                act = kind()
                yield await killed(here, act, await reached_by(here, act))


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """A school in its first life."""
    async with lives(folder) as here, AsyncExitStack() as tabs:
        await here.begin()
        yield Stage(here, tabs)


async def reached_by(here: Stage, act: Act) -> list[Place]:
    """Do an act unharmed; gives the points that it reaches, each as often as it does."""
    await act.ready(here)
    before = Counter(here.lives.reached())
    await act.do(here)
    during = Counter(here.lives.reached()) - before
    await _anew(here)
    await act.after(here)
    return [(cast("Point", point), time) for point, times in during.items() for time in range(1, times + 1)]


async def killed(here: Stage, act: Act, places: Iterable[Place]) -> Row:
    """Do an act once for each place, and be killed there; then count what is kept."""
    times = 0
    for point, time in places:
        times += await killed_at(here, act, point, time)
    found = await audit(here.lives, here.promises)
    for name, texts in (("lost", found.lost), ("doubled", found.doubled)):
        if texts:
            print(f"{act.name}: {name}: {texts}", flush=True)
    return Row(f"killed while somebody {act.name}", times, found.accepted, len(found.lost), len(found.doubled))


async def killed_at(here: Stage, act: Act, point: Point, time: int = 1) -> bool:
    """Whether the life ended there; where it did not get that far it is killed after the act."""
    await act.ready(here)
    here.lives.kill_at(point, time)
    doing = asyncio.create_task(act.do(here))
    gone = asyncio.create_task(here.lives.gone.wait())
    await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({gone}, timeout=_SOON)
    hit = here.lives.gone.is_set()
    here.lives.kill_at(None)
    await _anew(here)
    gone.cancel()
    await doing
    await act.after(here)
    return hit


async def _anew(here: Stage) -> None:
    await here.lives.kill()
    here.lives.ahead += 60  # a code counts once
    await here.lives.begin()
