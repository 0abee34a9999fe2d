"""What people do while Hark is killed: how each act is prepared, done, and taken up again afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar, Protocol

from sqlalchemy import select

from storage.database.schema.cases import cases
from storage.database.schema.sites import audit
from tests.faults.lives import Lives
from tests.faults.people import NOT_SAVED, UNDECIDED, Lead, Reporter, says, says_until
from tests.faults.promises import Promises
from tests.person import Person
from tests.raw_database import fetch

_NUMBERS = count(1)
_SOON = 2.0  # seconds in which a life that does anything comes to a point
_PATIENCE = 60.0  # seconds that people wait, through a dozen lives


@dataclass
class Stage:
    """One school, what was promised there, and the lead who is at the desk."""

    lives: Lives
    tabs: AsyncExitStack
    promises: Promises = field(default_factory=Promises)

    async def tab(self, start: str | None = "") -> Person:
        return await self.tabs.enter_async_context(
            await Person.arrive(self.lives.chat.page_url, start=start, patience=_PATIENCE)
        )

    async def reporter(self, *, about_an_adult: bool = True) -> Reporter:
        words = f"They took my bag, number {next(_NUMBERS)}."
        self.promises.concerns.add(words)
        return Reporter(await self.tab(), words, about_an_adult=about_an_adult)

    async def told(self, *, about_an_adult: bool = True) -> Reporter:
        """Somebody who has her receipt."""
        reporter = await self.reporter(about_an_adult=about_an_adult)
        await self.keep(reporter)
        return reporter

    async def keep(self, reporter: Reporter) -> None:
        self.promises.receipts[reporter.words] = await reporter.tell()

    async def lead(self, which: int = 2) -> Lead:
        """The head, who reads what the first buttons lead to, or another one, on her way to the desk."""
        return Lead(await self.tab(start=None), self.lives.leads[which])

    async def at_desk(self, which: int = 2) -> Lead:
        """A lead who is unlocked; once a life, since a code counts once."""
        lead = await self.lead(which)
        await lead.unlocks(self.lives.now())
        return lead

    async def until(self, person: Person, seen: Callable[[], object], life: int) -> None:
        """Wait until somebody sees what an act leads to, or that it was not saved; or until the life in which it was
        begun has ended.
        """
        if self.lives.lived != life:
            return
        told = asyncio.create_task(person.wait_for(lambda: seen() or person.sees(NOT_SAVED) or person.sees(UNDECIDED)))
        gone = asyncio.create_task(self.lives.gone.wait())
        await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if told.done():
            await told
        told.cancel()

    async def quiet(self) -> None:
        """Wait until what was due when the life began is done, so that an act alone comes to points."""
        before = -1
        while before != (before := len(self.lives.reached())):
            await asyncio.wait({asyncio.create_task(self.lives.gone.wait())}, timeout=_SOON)

    async def anew(self) -> None:
        """End the life at once, and begin another a minute later."""
        await self.lives.kill()
        self.lives.ahead += 60  # a code counts once
        await self.lives.begin()

    async def newest(self) -> str:
        """The reference of the newest case."""
        sent = select(cases.c.reference).join(audit, audit.c.case_id == cases.c.id).where(audit.c.action == "sent")
        [(found,)] = await fetch(self.lives.url, sent.order_by(audit.c.number.desc()).limit(1))
        return str(found)


class Act(Protocol):
    """`ready` leads up to it, `do` does it and may be cut off anywhere, `after` goes on as a person would."""

    name: ClassVar[str]

    async def ready(self, stage: Stage) -> None: ...
    async def do(self, stage: Stage) -> None: ...
    async def after(self, stage: Stage) -> None: ...


class Send:
    """A reporter presses Send."""

    name = "sends a concern"
    reporter: Reporter

    async def ready(self, stage: Stage) -> None:
        self.reporter = await stage.reporter()
        await self.reporter.to_the_readers()

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await self.reporter.step()
        await stage.until(self.reporter.person, self.reporter.look, life)

    async def after(self, stage: Stage) -> None:
        await stage.keep(self.reporter)


class Brought(Send):
    """The same where the Bot API brings updates to a webhook, instead of being asked for them."""

    name = "sends a concern by webhook"

    async def ready(self, stage: Stage) -> None:
        await stage.lives.kill()
        stage.lives.bring()
        await stage.lives.begin()
        await super().ready(stage)


class Append:
    """A reporter says more to the open case."""

    name = "adds words to a case"
    reporter: Reporter
    more: str
    taken: bool

    async def ready(self, stage: Stage) -> None:
        self.reporter, self.more = await stage.told(), f"And another thing, number {next(_NUMBERS)}."

    async def do(self, stage: Stage) -> None:  # noqa: ARG002 - an act's shape
        self.taken = await self.reporter.adds(self.more)

    async def after(self, stage: Stage) -> None:
        if self.taken:
            stage.promises.taken.add(self.more)
        elif not self.reporter.person.sees(UNDECIDED):
            stage.promises.refused.add(self.more)
        await self.reporter.comes_back()


class Astray:
    """A reporter says more where a restart has closed her case."""

    name = "writes where nothing is open"
    reporter: Reporter
    more: str

    async def ready(self, stage: Stage) -> None:
        self.reporter, self.more = await stage.told(), f"One thing more, number {next(_NUMBERS)}."
        await stage.lives.kill()
        await stage.lives.begin()

    async def do(self, stage: Stage) -> None:
        taken = await self.reporter.adds(self.more)
        assert not taken, self.reporter.person.screen()
        stage.promises.refused.add(self.more)

    async def after(self, stage: Stage) -> None:  # noqa: ARG002 - an act's shape
        await self.reporter.comes_back()


class Claim:
    """A lead takes a case."""

    name = "takes a case"
    lead: Lead
    kept: str
    shown: bool

    async def ready(self, stage: Stage) -> None:
        self.kept, self.shown = f"claim of {(await stage.told()).words}", False
        self.lead = await stage.at_desk()
        await says(self.lead.person, f"/case_{await stage.newest()}")

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await says(self.lead.person, "/claim")
        await stage.until(self.lead.person, self._taken, life)
        self.shown = self._taken()

    def _taken(self) -> bool:
        return self.lead.person.sees("You have this case now")

    async def after(self, stage: Stage) -> None:
        if self.shown:
            stage.promises.taken.add(self.kept)


class Reply:
    """A lead sends an answer to a reporter."""

    name = "answers a reporter"
    lead: Lead
    reporter: Reporter
    text: str
    shown: bool

    async def ready(self, stage: Stage) -> None:
        self.reporter, self.text, self.shown = await stage.told(), f"Come to me at break, {next(_NUMBERS)}.", False
        self.lead = await stage.at_desk()
        await says(self.lead.person, f"/case_{await stage.newest()}")
        await says(self.lead.person, self.text)
        await self.lead.person.tap("Reply to reporter")
        await self.lead.person.wait_for(lambda: "Send" in self.lead.person.buttons)

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await self.lead.person.tap("Send")
        await stage.until(self.lead.person, self._sent, life)
        await self.lead.person.settled()
        self.shown = self._sent()

    def _sent(self) -> bool:
        return self.lead.person.sees("The reporter reads it when they come back")

    async def after(self, stage: Stage) -> None:
        if self.shown:
            stage.promises.taken.add(self.text)
            await self.reporter.comes_back()
            await self.reporter.person.wait_to_see(self.text)


class Unlock:
    """A lead gives both factors."""

    name = "unlocks the desk"
    lead: Lead

    async def ready(self, stage: Stage) -> None:
        self.lead = await stage.lead()
        await self.lead.asks_for_factors()

    async def do(self, stage: Stage) -> None:
        life, opened = stage.lives.lived, self.lead.newly_opened()
        # The code after the current one is taken too, and the one of the unlock before this is used up.
        await says(self.lead.person, self.lead.factors(stage.lives.now() + 30), secret=True)
        await stage.until(self.lead.person, opened, life)

    async def after(self, stage: Stage) -> None:
        await self.lead.unlocks(stage.lives.now())


class Tidy:
    """A reporter has the chat tidied."""

    name = "tidies the chat"
    reporter: Reporter

    async def ready(self, stage: Stage) -> None:
        self.reporter = await stage.told()
        await self._asks()

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await self.reporter.person.tap("Yes, I have my words")
        await stage.until(self.reporter.person, lambda: self.reporter.person.sees("The messages are deleted"), life)
        await self.reporter.person.settled()

    async def after(self, stage: Stage) -> None:  # noqa: ARG002 - an act's shape
        person = self.reporter.person
        if not person.sees("The messages are deleted"):
            await self._asks()
            await person.tap("Yes, I have my words")
            await person.wait_to_see("The messages are deleted")
        assert not person.sees(self.reporter.words), person.screen()
        assert not any(one.codes for one in person.heard), person.screen()

    async def _asks(self) -> None:
        await says_until(self.reporter.person, "/tidy", "Have you kept your words?")


class Notify:
    """A lead who has locked is told that something new waits; nothing older does, since a notice never says what."""

    name = "is told of something new"
    lead: Lead
    reporter: Reporter
    told_of: str = ""

    async def ready(self, stage: Stage) -> None:
        await stage.anew()  # whoever was told of much in one life is told of more some minutes later
        self.lead, self.reporter = await stage.at_desk(), await stage.reporter()
        if self.told_of:
            await says(self.lead.person, f"/case_{self.told_of}")
            await says(self.lead.person, "/claim")
        await says(self.lead.person, "/lock")
        await self.reporter.to_the_readers()

    async def do(self, stage: Stage) -> None:
        life = stage.lives.lived
        await self.reporter.step()
        await stage.until(self.reporter.person, self.reporter.look, life)
        if self.reporter.receipt:
            await self._told()

    async def after(self, stage: Stage) -> None:
        await stage.keep(self.reporter)
        await self._told()
        self.told_of = await stage.newest()

    async def _told(self) -> None:
        await self.lead.person.wait_for(lambda: "Open the desk" in self.lead.person.buttons)


ACTS: tuple[type[Act], ...] = (Send, Brought, Append, Astray, Reply, Claim, Unlock, Tidy, Notify)
