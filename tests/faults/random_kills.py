"""Hark is killed at any moment, again and again, while a crowd writes: its lives last half a second or so."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.crowd import Crowd, row, through
from tests.faults.lives import Lives, lives
from tests.faults.table import Row
from tests.newest import Engine

PEOPLE = 20
_LIFE = 2.0  # how many times as long as its start a life lasts on the average, from its first fetch


async def rows(engine: Engine, kills: int = 1_000) -> AsyncIterator[Row]:
    """Kill so many lives."""
    dice = random.Random(kills)

    async def fault(here: Lives) -> int:
        return await killed_at_random(here, kills, dice)

    with TemporaryDirectory(prefix="hark-faults-") as folder:
        async with lives(Path(folder), engine) as here:
            times, found = await through(Crowd(here), fault, PEOPLE)
    yield row(f"killed at random, {PEOPLE} chats", times, found)


async def killed_at_random(here: Lives, kills: int, dice: random.Random) -> int:
    """Kill so many lives, each at a moment that `dice` choose, and leave one that lives on."""
    start = 0.15  # seconds from birth to the first fetch, as it was the last time
    for number in range(kills):
        if number % 10 == 9:  # every tenth life does not come to its first fetch, or hardly
            await here.born()
            await asyncio.sleep(dice.uniform(0, start))
        else:
            began = time.monotonic()
            await here.begin()
            start = time.monotonic() - began
            await asyncio.sleep(dice.expovariate(1 / (_LIFE * start)))
        await here.kill()
        here.chat.faults.clear()
    await here.begin()
    return kills
