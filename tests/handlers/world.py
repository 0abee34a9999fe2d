"""A whole Hark in one process for handler tests: real store, real conversations, a clock that stands until it is moved."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.known import Contact, Helpline, LeadId, Role, Site, SiteId
from handlers.deps import Deps
from handlers.dispatcher import Handlers, build
from storage.sealing.day_keys import DayKeys
from storage.sealing.server_key import create_server_key, load_server_key
from storage.store import Store
from storage.values import Address, Arrival, LeadCard
from tests.handlers.messenger import Messenger, Person, Update

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
    store: Store = field(init=False)
    handlers: Handlers = field(init=False)

    async def start(self) -> None:
        """Open the store and put the handlers together."""
        key = self.where / "server.key"
        server_key = load_server_key(key) if key.exists() else create_server_key(key)
        self.store = await Store.open(
            f"sqlite+aiosqlite:///{self.where / 'hark.db'}",
            server_key=server_key,
            day_keys=DayKeys(self.where / "days"),
            checkpoint=self.where / "checkpoint",
            clock=self.clock,
        )
        self.handlers = build(self.deps())

    async def restart(self) -> None:
        """End the process in an orderly way, and begin again: memory is gone, files stay, the messenger stays."""
        await self.handlers.finish()
        await self.store.close()
        await self.start()
        await self.handlers.speak_unspoken()

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

    async def leads(self) -> tuple[LeadCard, ...]:
        """The roster of the home site."""
        return await self.store.leads.roster(HOME)
