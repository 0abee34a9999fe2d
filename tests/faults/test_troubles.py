"""What goes wrong around Hark while people write, and ends at any moment: shortened. All of it: `make faults`."""

from __future__ import annotations

import asyncio
import random
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.webchat.base.faults import Fault as Spoilt
from tests.faults import troubles
from tests.faults.crowd import Crowd, through
from tests.faults.lives import Lives, lives
from tests.faults.random_kills import killed_at_random
from tests.newest import Engine
from tests.thoroughness import every

pytestmark = pytest.mark.slow

_PAUSE = 2.0  # seconds between two concerns: nobody is waited for meanwhile, and the other tests have the processor
_PATIENCE = 30.0  # seconds until somebody causes a call


@pytest.mark.parametrize("on", ["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
async def test_nothing_is_lost_or_doubled_whatever_goes_wrong_around_hark(tmp_path: Path, on: Engine) -> None:
    injected: dict[str, int] = {}

    async def fault(here: Lives) -> int:
        for spoil, method in islice(
            zip(troubles.ANSWERS.values(), cycle(troubles.METHODS), strict=False), 0, None, every(3)
        ):
            await _met(spoil(here.chat.faults, method))
        injected["restarts"] = await troubles.restarted(here, times=1)
        injected["jumps"] = await troubles.clock_jumps(here, hours=(10, -2))
        injected["locks"] = await troubles.locked(here, waits=(0.5,))
        if on == "sqlite":  # a server's disk is filled in `test_server_troubles.py`
            injected["full"] = await troubles.disk_full(here, times=1)
        await here.kill()
        injected["kills"] = await killed_at_random(here, 4, random.Random(6))
        return min(injected.values())

    async with lives(tmp_path, on) as here:
        here.failpoints = False
        await here.begin()
        crowd = Crowd(here, pause=_PAUSE)
        least, found = await through(crowd, fault, people=4)
        assert least > 0, injected
        assert found.good, found
        assert found.cases == len(crowd.promises.concerns)


async def _met(spoilt: Spoilt) -> None:
    """Wait until an answer was spoilt, and let go who waits for it."""
    async with asyncio.timeout(_PATIENCE):
        await spoilt.reached.wait()
    if spoilt.release is not None:
        spoilt.release.set()


async def test_a_day_without_hark_takes_drafts_and_nothing_that_was_sent(tmp_path: Path) -> None:
    async with lives(tmp_path) as here:
        here.failpoints = False
        await here.begin()
        crowd = Crowd(here, patient=False)
        _, found = await through(crowd, lambda here: troubles.away_for_a_day(here, times=1), people=3)
        assert found.good, found
        assert set(crowd.promises.receipts) == crowd.promises.concerns
