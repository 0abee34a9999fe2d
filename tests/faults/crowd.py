"""People who tell one concern after the other while something goes wrong; then it is counted what they were told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

from tests.faults.lives import Lives
from tests.faults.people import NOT_SAVED, Reporter
from tests.faults.promises import Found, Promises, audit
from tests.faults.table import Row
from tests.person import Person

#: Something that goes wrong for a while; it gives how often. Afterwards a life is there and all is well.
Fault: TypeAlias = Callable[[Lives], Awaitable[int]]

_PATIENCE = 180.0  # seconds that people wait, through many lives


@dataclass
class Crowd:
    """Each tells in a new tab, says one thing more, and comes again until it is over. See `Reporter` for the rest.

    `pause` are the seconds that each takes before she tells the next concern. `refused` are the screens that told
    somebody that what she did was not saved.
    """

    here: Lives
    taps: int = 1
    patient: bool = True
    pause: float = 0.0
    over: bool = False
    promises: Promises = field(default_factory=Promises)
    refused: list[str] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))

    async def write(self) -> None:
        """Be one of them."""
        while not self.over:
            async with await Person.arrive(self.here.chat.page_url, patience=_PATIENCE) as person:
                await self._tell(person)
            await asyncio.sleep(self.pause)

    async def _tell(self, person: Person) -> None:
        number = next(self.numbers)
        reporter = Reporter(person, f"Somebody hurts me, number {number}.", self.taps, tells_again=not self.patient)
        self.promises.concerns.add(reporter.words)
        self.promises.receipts[reporter.words] = await reporter.tell()
        more, before = f"It happened again, number {number}.", {one.id for one in person.heard}
        if await reporter.adds(more):
            self.promises.taken.add(more)
        elif any(NOT_SAVED in one.text for one in person.heard if one.id not in before):
            self.promises.refused.add(more)
        self.refused += [one.text for one in person.heard if NOT_SAVED in one.text]


async def through(crowd: Crowd, fault: Fault, people: int = 8) -> tuple[int, Found]:
    """Let a crowd write while a fault lasts and until all have their receipts; gives how often, and what is kept."""
    async with asyncio.TaskGroup() as writing:
        for _ in range(people):
            writing.create_task(crowd.write())
        times = await fault(crowd.here)
        crowd.over = True
    return times, await audit(crowd.here, crowd.promises)


def row(name: str, times: int, found: Found) -> Row:
    """One line of the table; which texts are lost or doubled is said above it."""
    for what, texts in (("lost", found.lost), ("doubled", found.doubled)):
        if texts:
            print(f"  {what}: {texts}", flush=True)
    return Row(name, times, found.accepted, len(found.lost), len(found.doubled))
