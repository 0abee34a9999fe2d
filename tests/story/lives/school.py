"""A whole school in the test's process behind the real web chat, whose clock stands at the hour of a life."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

import aiohttp
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from playwright.async_api import BrowserContext

from bot.deployment.definition_files import read_definitions
from bot.drawing.parent import Drawer
from bot.updates.bot_session import JsonSession
from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from flows.loading.helplines import FILE, for_country, takedown_places
from flows.measures.terms import CALENDAR
from flows.values.deeds import Answered, SendConcern
from flows.values.draft import Chose, Wrote
from flows.values.ids import Register, Urgency
from flows.values.situation import Contact
from flows.values.text import Text
from handlers.deps import Deps
from storage.deeds.status import CloseCase
from storage.deeds.words import SendReply
from storage.reporters.session import TalkSession
from storage.values import Address, Arrival, Clocks
from tests.handlers.web import WebWorld
from tests.handlers.world import ELMFIELD, HOME, PASSPHRASE, START, World, totp_code
from tests.story.pictures import Tab

__all__ = ["PASSPHRASE", "School", "open_school", "staff_school", "unlocked"]

#: By role; the first is the safeguarding lead, whose day is lived through.
_READERS: Final = (
    ("Ms Okafor", "lead", "Designated safeguarding lead"),
    ("Mr Bell", "deputy", "Deputy safeguarding lead"),
    ("Dr Marsh", "head", "Headteacher"),
    ("Mrs Lund", "chair", "Chair of governors"),
)
#: How long after it was sent somebody is to have a concern.
_DUE: Final[dict[Urgency, timedelta]] = {
    "immediate": timedelta(minutes=15),
    "same_day": timedelta(hours=9),
    "soon": timedelta(days=1),
    "routine": timedelta(days=3),
}
_LINES: Final = read_definitions()[FILE]
_TODAY: Final = START.date()
_EMERGENCY, _HELPLINES = for_country(_LINES, "GB", _TODAY)
_SITE: Final = replace(
    ELMFIELD,
    emergency=_EMERGENCY,
    helplines=_HELPLINES,
    takedown=takedown_places(_LINES, "GB", _TODAY),
    contact=Contact("Ms Okafor", "Designated safeguarding lead", "Room 12", ""),
)


class _SchoolWorld(World):
    """The school with its country's helplines, as the wiring reads them."""

    def deps(self) -> Deps:
        return replace(super().deps(), sites={HOME: replace(_SITE, files=self.takes_files)}, draw=Drawer().draw)


@dataclass
class School(WebWorld):
    """The school while a life is lived."""

    world: World
    numbers: Iterator[int] = field(default_factory=lambda: count(1_000))

    def code(self, name: str) -> str:
        """What the authenticator of this lead shows now."""
        secret = self.world.where / f"{name.split(maxsplit=1)[0].lower()}.totp"
        return totp_code(secret.read_text(), self.world.clock())

    async def has_heard(self, words: str, *, register: Register, urgency: Urgency, category: str, language: str) -> str:
        """Keep a concern that came now, sealed for lead and deputy; give the words of its receipt."""
        told = Answered("C8", Text("Tell us what is worrying you.", "child"), Wrote((words,)))
        whom = Answered("C6", Text("Who are you worried about?", "child"), Chose(("me",)), (Text("Me", "child"),))
        cards = {card.name: card.id for card in await self.world.leads()}
        deed = SendConcern(
            site=HOME,
            register=register,
            language=language,
            door="web",
            answers=(told, whom),
            rungs=((cards["Ms Okafor"],), (cards["Mr Bell"],)),
            excluded=(),
            withheld=(),
            urgency=urgency,
            rules=(),
            categories=(category,),
        )
        number, now = next(self.numbers), self.world.clock()
        due = Clocks(now + _DUE[urgency], now + 2 * _DUE[urgency])
        sent = await self.world.store.talks.send(Arrival(Address("telegram", number), number), deed, None, due)
        return sent.words

    async def says_how_it_was(self, receipt: str) -> None:
        """Let a reporter read what was answered, and say that it was good."""
        store, numbers = self.world.store, (next(self.numbers), next(self.numbers))
        arrivals = [Arrival(Address("telegram", number), number) for number in numbers]
        talk = await store.talks.open(arrivals[0], receipt)
        assert isinstance(talk, TalkSession)
        await store.talks.view(talk)
        term = CALENDAR.term_of(self.world.clock().date()).begin
        assert await store.letterbox.offer(talk, "answered", term)
        assert await store.letterbox.put(
            replace(arrivals[1], address=talk.address), talk, (("C24", "yes"), ("C24a", "yes"))
        )

    async def answers(self, text: str) -> None:
        """Let the safeguarding lead read the first case of her queue, send an answer, and close it."""
        store, name = self.world.store, _READERS[0][0]
        arrivals = (Arrival(Address("telegram", 9_900_000), number) for number in self.numbers)
        session = await store.leads.unlock(next(arrivals), name, PASSPHRASE, self.code(name))
        row = (await store.desk.queues.page(session)).rows[0]
        view = await store.desk.open_case(session, next(arrivals), row.id)
        await store.desk.words_shown(session, view.row, whole=True)
        for deed in (SendReply(text=text, ready=None), CloseCase("support_in_house", "Her teacher looks after it.")):
            await store.desk.act(session, next(arrivals), row.id, None, deed)


async def unlocked(where: BrowserContext, school: School, name: str) -> Tab:
    """Give a tab at the desk of somebody who has just unlocked with both factors."""
    tab = Tab(await where.new_page())
    await tab.page.goto(school.chat.page_url)
    await tab.write(f"/unlock {name}")
    await tab.fill("current-password", PASSPHRASE)
    await tab.fill("one-time-code", school.code(name))
    await tab.submit()
    return tab


async def staff_school(where: Path, *partners: tuple[str, str]) -> None:
    """Make the files of a school whose four readers have joined, and have unlocked on the Friday before.

    So have `partners` from outside, each a name and a job.
    """
    world = _SchoolWorld(where)
    world.clock.at = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    await world.start()
    for name, role, title in _READERS:
        await world.joined(name, role, title)
    for name, job in partners:
        await world.joined(name, "partner", job)
    await world.store.close()


@asynccontextmanager
async def open_school(where: Path, at: datetime, *, takes_files: bool = False) -> AsyncIterator[School]:
    """Run the school on the files at `where`, with a clock that stands at `at`; everything is ended afterwards."""
    world = _SchoolWorld(where, takes_files=takes_files)
    world.clock.at = at
    numbers = ("", _EMERGENCY), *((line.name, line.number) for line in _HELPLINES if line.number)
    chat = WebChat(
        "Chat",
        "127.0.0.1",
        0,
        clock=lambda: world.clock().timestamp(),
        page_name=_SITE.name,
        numbers=numbers,
        uploads=False,
        bounds=Bounds(held_seconds=0, pace_burst=10_000),
    )
    await chat.start()
    session = JsonSession(api=TelegramAPIServer.from_base(chat.api_url))
    world.bots = {"web": Bot(chat.token, session=session)}
    await world.start()
    await world.handlers.set_commands()
    try:
        async with aiohttp.ClientSession() as http:
            school = School(world, chat, http)
            serving = asyncio.create_task(school.serve())
            try:
                yield school
            finally:
                serving.cancel()
                with suppress(asyncio.CancelledError):
                    await serving
    finally:
        await world.handlers.finish()
        await world.store.close()
        await session.close()
        await chat.close()
