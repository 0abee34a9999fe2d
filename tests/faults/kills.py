"""Hark is killed at a failpoint while somebody does something, begun again, and the Bot API delivers again."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias, cast

from storage.database.instrumentation import POINTS, Point
from tests.faults.access_acts import ACCESS_ACTS
from tests.faults.acts import ACTS, Act, Stage
from tests.faults.lives import lives
from tests.faults.promises import audit
from tests.faults.sharing_acts import SHARING_ACTS
from tests.faults.table import Row
from tests.faults.together_acts import TOGETHER_ACTS
from tests.newest import Engine

#: A point, and for what time it is reached.
Place: TypeAlias = tuple[Point, int]
_AT_RANDOM = 40  # lives that are ended at any moment
_MOMENT = 0.3  # seconds in which an act is done, with its answer
_SOON = 2.0  # seconds in which a life that does anything comes to a point, on a busy machine


async def rows(engine: Engine) -> AsyncIterator[Row]:
    """Kill at every point that each act reaches, as often as it reaches it; a point where nobody was killed is bad."""
    met: set[Point] = set()
    for kind in (*ACTS, *ACCESS_ACTS, *SHARING_ACTS, *TOGETHER_ACTS):
        with TemporaryDirectory(prefix="hark-faults-") as folder:
            async with stage(Path(folder), engine) as here:
                act = kind()
                row, at = await killed(here, act, await reached_by(here, act))
                met |= at
                yield row
    for kind in TOGETHER_ACTS:
        with TemporaryDirectory(prefix="hark-faults-") as folder:
            async with stage(Path(folder), engine) as here:
                yield await killed_at_random(here, kind(), _AT_RANDOM, random.Random(_AT_RANDOM))
    for point in POINTS:
        if point not in met:
            yield Row(f"killed at {point}", 0, 0, 0, 0)


@asynccontextmanager
async def stage(folder: Path, engine: Engine = "sqlite") -> AsyncIterator[Stage]:
    """A school in its first life."""
    async with lives(folder, engine) as here, AsyncExitStack() as tabs:
        await here.begin()
        yield Stage(here, tabs)


async def reached_by(here: Stage, act: Act) -> list[Place]:
    """Do an act unharmed; gives the points that it reaches, each as often as it does."""
    await act.ready(here)
    before = Counter(here.lives.reached())
    await _gone(here, asyncio.create_task(act.do(here)))
    during = Counter(here.lives.reached()) - before
    await here.anew()
    await act.after(here)
    return [(cast("Point", point), time) for point, times in during.items() for time in range(1, times + 1)]


async def killed(here: Stage, act: Act, places: Iterable[Place]) -> tuple[Row, set[Point]]:
    """Do an act once for each place, and be killed there; then count what is kept. Gives where it was killed, too."""
    at: list[Point] = []
    for point, time in places:
        at += await killed_along(here, act, (point,), time)
    return await counted(here, f"killed while somebody {act.name}", len(at)), set(at)


async def killed_at_random(here: Stage, act: Act, times: int, dice: random.Random) -> Row:
    """Do an act so many times, each time in a life that ends at a moment that `dice` choose; then count."""
    for _ in range(times):
        await act.ready(here)
        doing = asyncio.create_task(act.do(here))
        await asyncio.wait({doing}, timeout=dice.uniform(0, _MOMENT))
        await here.anew()
        await doing
        await act.after(here)
    return await counted(here, f"killed at random while somebody {act.name}", times)


async def counted(here: Stage, fault: str, injected: int) -> Row:
    """Count what is kept of what was promised, and tell what is lost or doubled."""
    found = await audit(here.lives, here.promises)
    for name, texts in (("lost", found.lost), ("doubled", found.doubled)):
        if texts:
            print(f"{fault}: {name}: {texts}", flush=True)
    return Row(fault, injected, found.accepted, len(found.lost), len(found.doubled))


async def killed_along(here: Stage, act: Act, points: Sequence[Point], time: int = 1) -> tuple[Point, ...]:
    """Do an act. The life that is there ends at the first point, when it reaches it for that time, and each that
    follows at the next one, while the Bot API delivers again what was not confirmed. Then one lives on.

    Gives where lives ended. One that did not come there is killed after the act.
    """
    await act.ready(here)
    here.lives.kill_at(points[0], time)
    doing = asyncio.create_task(act.do(here))
    at = [points[0]] if await _gone(here, doing) else []
    for point in points[1:]:
        await here.lives.kill()
        here.lives.kill_at(point)
        await here.lives.born()
        at += [point] if await _gone(here, doing) else []
    here.lives.kill_at(None)
    await here.anew()
    await doing
    await act.after(here)
    return tuple(at)


async def _gone(here: Stage, doing: asyncio.Task[None]) -> bool:
    """Whether the life ends while something is done, or by what follows the answer."""
    gone = asyncio.create_task(here.lives.gone.wait())
    await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
    before = -1
    while not gone.done() and before != (before := len(here.lives.reached())):
        await asyncio.wait({gone}, timeout=_SOON)
    gone.cancel()
    return here.lives.gone.is_set()
