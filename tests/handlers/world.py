"""A whole Hark in one process, for tests: real store, real conversations, a clock that stands until it is moved."""

from __future__ import annotations

import base64
import hmac
import itertools
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from aiogram import Bot

from bot.drawing.parent import Drawer
from flows.drafts.rulebook import Flows, assemble
from flows.duty.hours import read_hours
from flows.values.bounds import Rate
from flows.values.ids import Door, Role, SiteId
from flows.values.situation import Contact, Helpline, Site
from handlers.deps import Deps
from handlers.dispatcher import Handlers, build
from handlers.telegram.languages import Translator, load
from handlers.telegram.rate_limits import Rates
from locales.compile import compile_stale
from storage.deeds.ownership import Acknowledge
from storage.deeds.words import SendReply
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import create_server_key, load_server_key
from storage.sealing.primitives.argon2 import Cost
from storage.store import Store
from storage.values import Address, Arrival, CaseRow, CaseView, LeadCard
from tests.handlers.messenger import Messenger, Person, Update
from tests.live import take_live
from tests.newest import Engine, lay_database
from tests.team import CHEAP, agreed, let_in

ROOT = Path(__file__).parents[2]
HOME = SiteId("elmfield")
OTHER = SiteId("oakwood")
PRACTICE = SiteId("practice")
EMPTY = SiteId("empty")
#: A Tuesday in term, half past nine in London.
START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PASSPHRASE = "seven green kettles sing"

ELMFIELD = Site(
    id=HOME,
    name="Elmfield School",
    country="GB",
    emergency="999",
    helplines=(Helpline("Childline", "0800 1111", "https://www.childline.org.uk", "day and night", verified=True),),
    contact=Contact("Ms Okafor", "designated safeguarding lead", "Room 12", ""),
    outside=(Contact("Elm County children's services", phone="01632 960 001"),),
    languages=("en", "es", "ar"),
    timezone="Europe/London",
    practice=False,
    controller="Elmfield School Trust",
    privacy_contact="privacy@elmfield.example",
    retention="as long as the law asks for",
)


TAKEDOWN = (Helpline("Report Remove", "", "https://www.iwf.org.uk/report-remove", "", verified=True),)
SITES = {
    HOME: ELMFIELD,
    OTHER: replace(ELMFIELD, id=OTHER, name="Oakwood School"),
    PRACTICE: replace(ELMFIELD, id=PRACTICE, name="Practice School", practice=True),
    EMPTY: replace(ELMFIELD, id=EMPTY, name="Empty School"),
}
HOURS = read_hours({day: ["08:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}, [], "Europe/London")
_LEAD_CHATS = itertools.count(1)
_ARRIVALS = itertools.count(10_000_000)


@dataclass
class Clock:
    """The only clock of a test."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, minutes: float) -> None:
        """Let minutes go by."""
        self.at += timedelta(minutes=minutes)


@dataclass
class World:
    """One deployment: it can be stopped and started again on the same files."""

    where: Path
    messenger: Messenger = field(default_factory=Messenger)
    clock: Clock = field(default_factory=Clock)
    bots: Mapping[Door, Bot] = field(default_factory=dict)
    # The clock stands between lines, so that no pace would ever be made good.
    rate: Rate = field(default_factory=lambda: Rate(burst=10_000))
    rates: Mapping[Door, Rates] = field(default_factory=dict)
    engine: Engine = "sqlite"
    receipt_cost: Cost = CHEAP
    takes_files: bool = False
    url: str = field(init=False)
    store: Store = field(init=False)
    handlers: Handlers = field(init=False)

    async def start(self) -> None:
        """Open the store and put the handlers together."""
        key = self.where / "server.key"
        server_key = load_server_key(key) if key.exists() else create_server_key(key)
        self.url = await lay_database(self.where, self.engine)
        self.store = await Store.open(
            self.url,
            server_key=server_key,
            day_keys=DayKeys(self.where / "days"),
            checkpoint=self.where / "checkpoint",
            clock=self.clock,
            lead_cost=CHEAP,
            receipt_cost=self.receipt_cost,
        )
        if HOME not in self.store.live.standing.sites:
            await take_live(self.store, SITES)
        self.handlers = build(self.deps())

    async def restart(self) -> None:
        """End the process in an orderly way, and begin again: memory is gone, files stay, the messenger stays."""
        await self.handlers.finish(0)
        await self.store.close()
        await self.start()
        await self.handlers.take_up()

    async def crash(self) -> None:
        """Begin again without finishing anything that was put off."""
        await self.store.close()
        await self.start()

    def person(self, chat: int = 7_000_001, language: str | None = "en") -> Person:
        """Somebody at the messenger."""
        return Person(self.messenger, self.take, chat, language)

    async def take(self, update: Update) -> None:
        """Give one update to Hark."""
        await self.handlers.handle("telegram", update)

    def deps(self) -> Deps:
        """What the wiring would hand in."""
        return Deps(
            store=self.store,
            bots=self.bots or {"telegram": self.messenger.bot},
            translators=translators(),
            sites={
                site: replace(one, files=True, takedown=TAKEDOWN) if self.takes_files else one
                for site, one in SITES.items()
            },
            hours=dict.fromkeys(SITES, HOURS),
            home=HOME,
            flows=flows(),
            texts=texts(),
            now=self.clock,
            rate=self.rate,
            rates=self.rates,
            random=os.urandom,
            draw=Drawer().draw,
        )

    async def joined(self, name: str, role: Role, title: str, site: SiteId = HOME) -> LeadSession:
        """A lead who has just joined, at a chat of their own, and is unlocked."""
        bears = agreed(role, self.clock())
        invite = await self.store.leads.invites.draw(name, role, site, title, agreement=bears)
        chat = Address("telegram", 9_000_000 + next(_LEAD_CHATS))
        joining = await self.store.leads.joining.begin(Arrival(chat, next(_LEAD_CHATS)), invite.code, PASSPHRASE)
        assert joining is not None
        code = totp_code(joining.secret, self.clock())
        (self.where / f"{name.split(maxsplit=1)[0].lower()}.totp").write_text(joining.secret)
        session = await self.store.leads.confirm_join(Arrival(chat, next(_LEAD_CHATS)), code)
        session.lead = await let_in(self.store, session.lead.id)
        return session

    async def lead(self) -> LeadSession:
        """The first lead, unlocked anew."""
        self.clock.pass_(1)  # a code counts once
        address = Address("telegram", 9_500_000)
        code = totp_code((self.where / "grace.totp").read_text(), self.clock())
        arrival = Arrival(address, next(_ARRIVALS))
        return await self.store.leads.unlock(arrival, "Grace Okafor", PASSPHRASE, code)

    async def lead_reads(self) -> None:
        """The first lead acknowledges the only case."""
        session, row = await self._case()
        await self.store.desk.act(session, self._arrival(session), row.id, row.version, Acknowledge())

    async def lead_replies(self, *, text: str = "", ready: str | None = None) -> None:
        """The first lead answers the only case."""
        session, row = await self._case()
        await self.store.desk.act(
            session, self._arrival(session), row.id, row.version, SendReply(text=text, ready=ready)
        )

    async def opened_by_lead(self) -> CaseView:
        """The only case, as the first lead reads it."""
        session, row = await self._case()
        return await self.store.desk.open_case(session, self._arrival(session), row.id)

    async def deliver_notices(self) -> None:
        """What the watch loop does with the outbox."""
        while (notice := await self.store.outbox.next()) is not None:
            delivery = await self.handlers.notify(notice)
            if delivery == "delivered":
                await self.store.outbox.done(notice)
            else:
                await self.store.outbox.mark_undelivered(notice, blocked=delivery == "blocked")

    async def _case(self) -> tuple[LeadSession, CaseRow]:
        session = await self.lead()
        [row] = (await self.store.desk.queues.page(session)).rows
        return session, row

    def _arrival(self, session: LeadSession) -> Arrival:
        return Arrival(session.address, next(_ARRIVALS))

    async def leads(self) -> tuple[LeadCard, ...]:
        """The roster of the home site."""
        return await self.store.leads.roster(HOME)


@cache
def translators() -> Mapping[str, Translator]:
    """Every language that has a catalogue, as a deployment in London offers it."""
    compile_stale(ROOT / "locales")
    return load(ROOT / "locales", ZoneInfo("Europe/London"), "GB")


def texts() -> dict[str, str]:
    """The definition files, by their path below `flows/definitions/`."""
    top = ROOT / "flows" / "definitions"
    return {path.relative_to(top).as_posix(): path.read_text("utf-8") for path in top.rglob("*.toml")}


@cache
def flows() -> Flows:
    """The conversations, read once for all tests."""
    return assemble(texts())


def totp_code(secret: str, at: datetime) -> str:
    """The six digits that an authenticator shows (RFC 6238, SHA-1, 30 seconds)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(at.timestamp()) // 30), "sha1")
    number = struct.unpack(">I", mac[mac[-1] & 15 :][:4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
