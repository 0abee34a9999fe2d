"""One deployment behind the real web chat, with a clock that stands until it is moved; and leads in front of it."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse
from zoneinfo import ZoneInfo

import aiohttp
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.drawing.parent import Drawer
from bot.updates.bot_session import JsonSession
from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from flows.drafts.rulebook import Flows, assemble
from flows.duty.hours import read_hours
from flows.together.partners import Agency
from flows.values.deeds import Addition, Answered, SendConcern
from flows.values.draft import Chose, Wrote
from flows.values.ids import READING, Door, LeadId, Role, SiteId, Urgency
from flows.values.situation import Contact, Helpline, Site
from flows.values.text import Text
from handlers.deps import Deps
from handlers.desk.chat import callback_data
from handlers.desk.router import Desk
from handlers.dispatcher import Handlers, build
from handlers.telegram import languages
from storage.desk.partnership.transfer.waiting_files import WaitingFiles
from storage.reporters.session import TalkSession
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import create_server_key, load_server_key
from storage.store import Store
from storage.values import Address, Arrival, Clocks, Notice
from tests.newest import Engine, lay_database
from tests.person import PATIENCE, Button, Person, Shown
from tests.team import CHEAP, agreed, let_in

HOME = SiteId("elmfield")
PASSPHRASE = "seven green kettles sing"
#: A Tuesday in term, half past nine in London.
START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

ELMFIELD = Site(
    id=HOME,
    name="Elmfield School",
    country="GB",
    emergency="999",
    helplines=(),
    contact=Contact("Ms Okafor", "designated safeguarding lead", "Room 12", ""),
    outside=(),
    languages=("en",),
    timezone="Europe/London",
    practice=False,
    controller="Elmfield School Trust",
    privacy_contact="privacy@elmfield.example",
)

TAKEDOWN = (Helpline("Report Remove", "", "https://www.iwf.org.uk/report-remove", "", verified=True),)

HOURS = read_hours({day: ["08:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}, [], "Europe/London")


@dataclass
class Clock:
    """The only clock of a test."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **how: float) -> None:
        """Let time go by, said as `timedelta` has it."""
        self.at += timedelta(**how)


@dataclass
class Lead:
    """Somebody who joins and unlocks: the factors, and the tab."""

    name: str
    tab: Person
    house: House
    secret: str = ""
    used: int = 0

    @property
    def words(self) -> str:
        """Everything that stands in the chat but files, without the marks that keep two directions apart."""
        return "\n".join(re.sub("[\u2066-\u2069]", "", one.text) for one in self.tab.messages if one.file is None)

    @property
    def listed(self) -> list[str]:
        """What stands beside the chat: its heading and its entries, without those marks."""
        said = [one for shown in self.tab.beside for one in (shown.text, *(key.text for key in shown.buttons))]
        return [re.sub("[\u2066-\u2069]", "", one) for one in said]

    @property
    def tag(self) -> str:
        """What binds this session's buttons to it."""
        pushed = callback_data.read(str(self.card.buttons[-1].data))
        assert pushed is not None
        return pushed.tag

    @property
    def card(self) -> Shown:
        """The latest message that has buttons."""
        return next(one for one in reversed(self.tab.heard) if one.buttons)

    async def says(self, text: str, *, secret: bool = False) -> None:
        """Type something and wait until it was dealt with."""
        await self.tab.type(text, secret=secret)
        await self.house.dealt_with(self.tab)

    async def taps(self, label: str) -> None:
        """Press the latest button whose label begins so, and wait."""
        await self.tab.tap(label)
        await self.house.dealt_with(self.tab)

    async def reads(self) -> None:
        """Page through the words of the case on the screen, and go back to its card."""
        await self.taps("Read the words")
        while "Next page" in self.tab.buttons:
            await self.taps("Next page")
        await self.taps("Back to the case")

    async def taps_first(self) -> None:
        """Press the first button of the latest message that has any."""
        await self.tab.tap(0)
        await self.house.dealt_with(self.tab)

    def code(self) -> str:
        """The code that the authenticator shows; the clock moves on if it was used already."""
        while int(self.house.clock.at.timestamp()) // 30 <= self.used:
            self.house.clock.pass_(seconds=30)
        self.used = int(self.house.clock.at.timestamp()) // 30
        totp = TOTP(base64.b32decode(self.secret), 6, SHA1(), 30)  # noqa: S303 - what every authenticator does (RFC 6238)
        return totp.generate(int(self.house.clock.at.timestamp())).decode()

    def tab_label(self, words: str) -> str:
        """The label of the latest button that holds these words, whatever their case."""
        return next(label for label in reversed(self.tab.buttons) if words in label.lower())

    async def joins(self, code: str) -> None:
        """Take up an invite, with both factors."""
        await self.says(f"/join {code}")
        await self.says(PASSPHRASE, secret=True)
        self.secret = await self.secret_shown()
        await self.says(self.code(), secret=True)

    async def secret_shown(self) -> str:
        """The second factor's secret in base32, out of the link that is shown on request while joining."""
        await self.taps("Show it as a link")
        uri = next(one.text for one in self.tab.heard if one.text.startswith("otpauth://"))
        return parse_qs(urlparse(uri).query)["secret"][0]

    async def unlocks(self) -> None:
        """Unlock with both factors, as the web page sends them."""
        await self.says(f"/unlock {self.name}")
        await self.says(f"{PASSPHRASE}\n{self.code()}", secret=True)


@dataclass
class House:
    """The process, its files and its doors."""

    where: Path
    # Whether it has hours, and a backup that was tried.
    equipped: bool = False
    # Whether leads type all that joining asks for, and so stand at a desk that has just been opened.
    types_joining: bool = False
    takes_files: bool = False
    clock: Clock = field(default_factory=Clock)
    engine: Engine = "sqlite"
    patience: float = PATIENCE  # seconds that a person in a tab waits for what is to come
    url: str = field(init=False)
    chat: WebChat = field(init=False)
    store: Store = field(init=False)
    handlers: Handlers = field(init=False)
    desk: Desk = field(init=False)
    tabs: AsyncExitStack = field(default_factory=AsyncExitStack)
    faults: list[BaseException] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def start(self) -> None:
        """Open the web chat and the store, and let the updates in."""
        bounds = Bounds(held_seconds=0, pace_burst=5000)
        # As the program has it, where it takes files at all; else as a person does whose page is no page of ours.
        uploads = not self.takes_files
        self.chat = WebChat("Bot", "127.0.0.1", 0, bounds=bounds, uploads=uploads, secret=b"s" * 32)
        await self.chat.start()
        await self._open()

    async def restart(self) -> None:
        """End the bot's process and begin again on the same files; the web chat goes on."""
        await self._shut()
        await self._open()

    async def close(self) -> None:
        """End everything; a fault that a handler hid from nobody is raised here."""
        await self.tabs.aclose()
        await self._shut()
        await self.chat.close()

    async def _open(self) -> None:
        self.url = await lay_database(self.where, self.engine)
        self.store = await open_store(self.url, self.where, self.clock)
        server = TelegramAPIServer.from_base(self.chat.api_url)
        self._session = JsonSession(api=server)
        bot = Bot(self.chat.token, session=self._session)
        self.handlers = build(self._deps({"web": bot}))
        self.desk = self.handlers.desk
        self._http = aiohttp.ClientSession()
        await self.handlers.take_up()
        self._fetching = asyncio.create_task(self._fetch())

    def _deps(self, bots: dict[Door, Bot]) -> Deps:
        made = replace(deps(self.store, bots, self.clock), waiting_files=WaitingFiles(self.where / "incoming"))
        if self.takes_files:
            made = replace(made, sites={HOME: replace(ELMFIELD, files=True, takedown=TAKEDOWN)})
        return replace(made, hours={HOME: HOURS}, rehearsed=lambda: True) if self.equipped else made

    async def _shut(self) -> None:
        self._fetching.cancel()
        await asyncio.gather(self._fetching, return_exceptions=True)
        await self.handlers.finish()
        await self._http.close()
        # aiogram's own `close` waits a quarter of a second for TLS, which is not used here.
        await (await self._session.create_session()).close()
        await self.store.close()

    async def _fetch(self) -> None:
        offset = 0
        while True:
            url = f"{self.chat.api_url}/bot{self.chat.token}/getUpdates"
            async with self._http.post(url, json={"offset": offset, "timeout": 20}) as answer:
                updates: list[dict[str, Any]] = (await answer.json())["result"]
            for update in updates:
                await self.handlers.handle("web", update)
                offset = update["update_id"] + 1

    async def dealt_with(self, tab: Person) -> None:
        """Wait until everything that this tab did was taken, and answered."""
        await tab.settled()

    async def lead(
        self, name: str = "Ms Khan", role: Role = "lead", language: str = "en", agency: Agency = "health"
    ) -> Lead:
        """Somebody who has joined and reads, and whose desk is open.

        What joining asks for is typed where the house says so: it is a third of a test, and has tests of its own.
        """
        bears = agreed(role, self.clock.at, agency)
        invited = await self.store.leads.invites.draw(name, role, HOME, agreement=bears)
        if self.types_joining or role not in READING:
            lead = await self.seated(name, invited.code, language)
            who = (await self.store.leads.rosters.read()).leads[await self.id_of(name)]
            await let_in(self.store, who.id)
            if who.card.waiting:
                await lead.says("/brief")
            return lead
        lead = Lead(name, await self.tab(language), self)
        address = self.address_of(self.chat._door.signer.chat_of(lead.tab.token) or 0)
        joining = await self.store.leads.joining.begin(Arrival(address, -next(self._numbers)), invited.code, PASSPHRASE)
        lead.secret = joining.secret
        joined = await self.store.leads.confirm_join(Arrival(address, -next(self._numbers)), lead.code())
        await let_in(self.store, joined.lead.id)
        await lead.says("/brief")
        return lead

    async def seated(self, name: str, code: str, language: str = "en") -> Lead:
        """Somebody who takes up this invite in a new tab."""
        lead = Lead(name, await self.tab(language), self)
        await lead.joins(code)
        return lead

    async def pressed(self, tab: Person, data: str) -> None:
        """Press a button with this data under the latest message, whether or not it has one, and wait."""
        forged = replace(tab.last, rows=((Button("x", data),),))
        await tab.tap("x", on=forged)
        await self.dealt_with(tab)

    def address_of(self, chat: int) -> Address:
        """A chat of the web door."""
        return Address("web", chat)

    async def tab(self, language: str = "en") -> Person:
        """A new tab that has said nothing."""
        arriving = Person.arrive(self.chat.page_url, start=None, language=language, patience=self.patience)
        return await self.tabs.enter_async_context(await arriving)

    async def id_of(self, name: str) -> LeadId:
        """A lead's id."""
        return next(card.id for card in await self.store.leads.roster() if card.name == name)

    async def concern(
        self,
        words: str,
        *names: str,
        urgency: Urgency = "same_day",
        answers: tuple[Answered, ...] = (),
        excluded: tuple[LeadId, ...] = (),
        withheld: tuple[LeadId, ...] = (),
        language: str = "en",
        rules: tuple[str, ...] = ("R16",),
        later: tuple[str, ...] = (),
        categories: tuple[str, ...] = ("bullying.online",),
    ) -> str:
        """Send a concern, sealed for the leads of these names, those of `later` on the next rung; give its receipt."""
        told = Answered("C8", Text("Tell us what is worrying you.", "child"), Wrote((words,)))
        deed = SendConcern(
            site=HOME,
            register="12_17",
            language=language,
            door="web",
            answers=(told, *answers),
            rungs=tuple([tuple([await self.id_of(name) for name in rung]) for rung in (names, later) if rung]),
            excluded=excluded,
            withheld=withheld,
            urgency=urgency,
            rules=rules,
            categories=categories,
        )
        number = next(self._numbers)
        arrival = Arrival(Address("telegram", number), number)
        clocks = Clocks(self.clock.at + timedelta(hours=1), self.clock.at + timedelta(hours=6))
        return (await self.store.talks.send(arrival, deed, None, clocks)).words

    async def adds(self, receipt: str, *deeds: Addition) -> None:
        """Append answers to a concern that was sent."""
        number = next(self._numbers)
        address = Address("telegram", 20_000 + number)
        talk = await self.store.talks.open(Arrival(address, number), receipt)
        assert isinstance(talk, TalkSession)
        clocks = Clocks(self.clock.at + timedelta(hours=1), self.clock.at + timedelta(hours=6))
        await self.store.talks.add(Arrival(address, next(self._numbers)), talk, deeds, clocks)

    async def notices(self) -> list[Notice]:
        """Everything that waits to be told, told."""
        told = []
        while (notice := await self.store.outbox.next()) is not None:
            await self.handlers.notify(notice)
            await self.store.outbox.done(notice)
            told.append(notice)
        return told

    async def replies(self, receipt: str) -> list[tuple[str, str | None]]:
        """What the reporter reads with the receipt: text, or the id of a ready reply."""
        number = next(self._numbers)
        talk = await self.store.talks.open(Arrival(Address("telegram", 10_000 + number), number), receipt)
        assert isinstance(talk, TalkSession)
        return [(reply.text, reply.ready) for reply in (await self.store.talks.view(talk)).replies]


@asynccontextmanager
async def takes_nothing(house: House) -> AsyncIterator[None]:
    """The database refuses every write, as on a disk that the system has made read-only."""
    refused, taken = {
        "sqlite": ("PRAGMA query_only=1", "PRAGMA query_only=0"),
        "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    }[house.engine]
    async with house.store._core.writer._connections.begin() as connection:  # it has no other
        driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute(refused)
    yield
    await driver.execute(taken)


def chosen(step: str, option: str, label: str) -> Answered:
    """An answer by a button."""
    return Answered(step, Text(f"Question {step}?", "child"), Chose((option,)), (Text(label, "child"),))


async def open_store(url: str, where: Path, clock: Clock) -> Store:
    """The store on this database and these files."""
    key = where / "server.key"
    return await Store.open(
        url,
        server_key=load_server_key(key) if key.exists() else create_server_key(key),
        day_keys=DayKeys(where / "days"),
        checkpoint=where / "checkpoint",
        clock=clock,
        lead_cost=CHEAP,
        receipt_cost=CHEAP,
    )


@cache
def our_translators() -> Mapping[str, languages.Translator]:
    """Every language that has a catalogue."""
    return languages.load(Path("locales"), ZoneInfo("Europe/London"))


def deps(store: Store, bots: dict[Door, Bot], clock: Clock) -> Deps:
    """What handlers are given."""
    return Deps(
        store=store,
        bots=bots,
        translators=our_translators(),
        sites={HOME: ELMFIELD},
        hours={},
        home=HOME,
        flows=our_flows(),
        texts=our_texts(),
        now=clock,
        random=os.urandom,
        draw=Drawer().draw,
    )


@cache
def our_flows() -> Flows:
    """The conversations as they are shipped, read once for all tests."""
    return assemble(our_texts())


@cache
def our_texts() -> dict[str, str]:
    """The definition files, by their path below `flows/definitions/`."""
    folder = Path("flows/definitions")
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.toml")}
