"""A running Hark, and how long people in front of its page wait: while it is quiet, and beside tabs that guess."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.sample_school import SampleLead
from bot.deployment.settings import load
from storage.sealing.keys.lead_keys import LEAD_COST
from tests.newest import lay_database
from tests.person import Person
from tests.programs.run import program
from tests.sample import join_school

_WAY = ("I am 12 to 17", "No", "OK", "Yes")
_DANGER = "he is hurting me now"
#: More seconds than a flood that is waited for lasts.
_PATIENCE = 60.0


@dataclass
class Besieged:
    """A running program with leads who joined; `waits` are the seconds of each kind of act, in the order they were.

    `worked` are the seconds of the processor that the program's event loop took meanwhile, for whomever: unlike the
    waits, they are the same on a machine that is busy with other programs, such as those who flood.
    """

    pid: int
    url: str
    key_file: Path
    leads: tuple[SampleLead, ...]
    tabs: AsyncExitStack
    waits: dict[str, list[float]] = field(default_factory=dict)
    worked: dict[str, list[float]] = field(default_factory=dict)

    async def prepare(self, times: int) -> tuple[list[Person], list[Person]]:
        """Give children who have only to tap Send, and children who are asked for their words: so many of each."""
        return await self._told("Done", "No", times=times), await self._told(times=times)

    async def measure(self, people: tuple[list[Person], list[Person]], step: int) -> dict[str, list[float]]:
        """Let each lead unlock from a new tab, and prepared people send, write words of danger and ask for help.

        `step` says which one-time codes serve: 0 for the present ones, 1 for those after them.
        """
        self.waits, self.worked = {}, {}
        sending, telling = people
        for lead in self.leads:
            await self._unlocked(lead, step)
        for child in sending:
            await self._timed("send", child, lambda one: one.tap("Send it"), lambda one: bool(one.last.codes))
        for child in telling:
            await self._timed("danger", child, lambda one: one.type(_DANGER), lambda one: "999" in one.last.text)
            await self._timed("help", child, lambda one: one.type("/help"), lambda _: True)
        return self.waits

    async def tab(self) -> Person:
        """A new tab, with the proof of work that the page finds by itself."""
        person = await self.tabs.enter_async_context(await Person.arrive(self.url, start=None, patience=_PATIENCE))
        person.prove()
        return person

    async def _told(self, *after: str, times: int) -> list[Person]:
        """Children who have come to the question for their words, and further on `after` they wrote some."""

        async def one() -> Person:
            person = await self.tab()
            await person.type("/start")
            for label in _WAY:
                await _answers(person, label)
            await person.wait_for(lambda: person.sees("Tell us what is worrying you"))
            if after:
                await person.type("They took my bag.")
            for label in after:
                await _answers(person, label)
            await person.wait_for(lambda: not after or any(one.startswith("Send it") for one in person.buttons))
            return person

        return list(await asyncio.gather(*(one() for _ in range(times))))

    async def _unlocked(self, lead: SampleLead, step: int) -> None:
        person = await self.tab()
        await person.type(f"/unlock {lead.name}")
        await person.wait_for(lambda: bool(person.heard) and person.last.field is not None)
        factors = f"{lead.passphrase}\n{lead.code(time.time() + 30 * step)}"
        await self._timed(
            "unlock",
            person,
            lambda one: one.type(factors, secret=True),
            lambda one: one.sees("Your desk is open"),
        )

    async def _timed(
        self,
        what: str,
        person: Person,
        act: Callable[[Person], Awaitable[object]],
        seen: Callable[[Person], bool],
    ) -> None:
        before, worked, began = person.heard[-1:], self._loop_seconds(), time.perf_counter()
        await act(person)
        await person.wait_for(lambda: person.heard[-1:] not in ([], before) and seen(person))
        self.waits.setdefault(what, []).append(time.perf_counter() - began)
        self.worked.setdefault(what, []).append(self._loop_seconds() - worked)

    def _loop_seconds(self) -> float:
        """The processor time of the program's main thread so far, of which Linux tells (proc(5), schedstat)."""
        return int(Path(f"/proc/{self.pid}/task/{self.pid}/schedstat").read_text().split()[0]) / 1e9


async def _answers(person: Person, label: str) -> None:
    """Tap an answer, and wait for what comes then: older questions with the same answers stay on the screen."""
    await person.wait_for(
        lambda: any(button.text.startswith(label) for one in person.heard[-1:] for button in one.buttons)
    )
    before = person.heard[-1:]
    await person.tap(label, on=person.last)
    await person.wait_for(lambda: person.heard[-1:] != before)


@asynccontextmanager
async def besieged(folder: Path) -> AsyncIterator[Besieged]:
    """Run the program on a new school whose leads have joined, with passphrases that cost what they cost anywhere."""
    leads = await join_school(folder, await lay_database(folder), LEAD_COST)
    key_file = load({"HARK_DATA_DIR": str(folder)}).key_file
    async with program("run", folder, {"HARK_WEB_PORT": "0"}) as running, AsyncExitStack() as tabs:
        yield Besieged(running.process.pid, running.told("chat"), key_file, leads, tabs)


@asynccontextmanager
async def guessing(where: Besieged, tabs: int, seconds: float) -> AsyncIterator[None]:
    """Run the driver; the block begins once its guesses are under way, and is over before they end."""
    names = [*(lead.name for lead in where.leads), "Nobody Here"]
    arguments = (where.url, str(where.key_file), str(tabs), str(seconds), *names)
    driver = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.guessing",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert driver.stdout is not None
    try:
        assert await driver.stdout.readline() == b"flooding\n"
        yield
    finally:
        if driver.returncode is None:
            driver.terminate()
        await driver.wait()
