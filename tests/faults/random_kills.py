"""Hark is killed at any moment, again and again, while a crowd writes: its lives last half a second or so."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.ledger import Found, Ledger, audit
from tests.faults.lives import Lives, lives
from tests.faults.people import Reporter
from tests.faults.table import Row
from tests.person import Person

PEOPLE = 20
_LIFE = 2.0  # how many times as long as its start a life lasts on the average, from its first fetch
_PATIENCE = 180.0  # seconds that people wait, through many lives


async def rows(kills: int = 1_000) -> AsyncIterator[Row]:
    """Kill so many lives."""
    with TemporaryDirectory(prefix="hark-faults-") as folder:
        async with lives(Path(folder)) as here:
            began = time.monotonic()
            found = await killed_at_random(here, kills, random.Random(kills))
            print(f"  {kills:,} kills took {time.monotonic() - began:.0f} s; {found.cases:,} cases", flush=True)
            for name, texts in (("lost", found.lost), ("doubled", found.doubled)):
                if texts:
                    print(f"  {name}: {texts}", flush=True)
    yield Row(f"killed at random, {PEOPLE} chats", kills, found.accepted, len(found.lost), len(found.doubled))


async def killed_at_random(here: Lives, kills: int, dice: random.Random, people: int = PEOPLE) -> Found:
    """Let a crowd write through so many kills, and through one life more; then count."""
    crowd = Crowd(here)
    async with asyncio.TaskGroup() as writing:
        for _ in range(people):
            writing.create_task(crowd.write())
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
        crowd.over = True
        await here.begin()
    return await audit(here, crowd.ledger)


class Crowd:
    """People who tell one concern after the other, each in a new tab, and say one thing more."""

    def __init__(self, here: Lives) -> None:
        self.ledger = Ledger()
        self.over = False
        self._here = here
        self._numbers = count(1)

    async def write(self) -> None:
        """Be one of them, until it is over."""
        while not self.over:
            async with AsyncExitStack() as tabs:
                person = await Person.arrive(self._here.chat.page_url, patience=_PATIENCE)
                await self._tell(await tabs.enter_async_context(person))

    async def _tell(self, person: Person) -> None:
        number = next(self._numbers)
        reporter = Reporter(person, f"Somebody hurts me, number {number}.")
        self.ledger.concerns.add(reporter.words)
        self.ledger.receipts[reporter.words] = await reporter.tell()
        more = f"It happened again, number {number}."
        if await reporter.adds(more):
            self.ledger.taken.add(more)
