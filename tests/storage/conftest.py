"""A small school on a real database: its leads, a clock that the test turns, and people who write."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.values.deeds import AddMessage, Answered, SendConcern
from flows.values.draft import Chose, Wrote
from flows.values.ids import LeadId, SiteId
from flows.values.text import Text
from storage.database.instrumentation import Measures
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.store import Store
from storage.values import Address, Arrival, Clocks, Limits
from tests.newest import Engine, lay_database
from tests.team import CHEAP, agreed, let_in

PASSPHRASE = "seven otters paddle upstream"
CANARY = "zebrafish-canary"
SITE = SiteId("oakfield")


class Reasoned(set[str]):
    """As if a reason had been given for every case: what most tests are about begins after that."""

    def __contains__(self, _: object) -> bool:
        return True


@dataclass
class School:
    """A store, and the people around it."""

    folder: Path
    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    store: Any = None
    secrets: dict[str, bytes] = field(default_factory=dict)
    updates: int = 1000
    gone: Callable[[], float] | None = None
    #: Whether leads are asked why they open what is for others first.
    asks: bool = False
    #: What its database is kept on; the URL is there once it was opened.
    engine: Engine = "sqlite"
    url: str = ""
    key: ServerKey = field(default=ServerKey(b"k" * 32))

    async def open(self, measures: Measures | None = None) -> Store:
        self.url = await lay_database(self.folder, self.engine)
        self.store = await Store.open(
            self.url,
            server_key=self.key,
            day_keys=DayKeys(self.folder / "days"),
            checkpoint=self.folder / "roster.version",
            clock=lambda: self.now,
            limits=Limits(),
            lead_cost=CHEAP,
            receipt_cost=CHEAP,
            measures=measures,
            monotonic=self.gone,
        )
        store: Store = self.store
        return store

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def arrival(self, chat: int = 1, message_id: int | None = None) -> Arrival:
        self.updates += 1
        return Arrival(Address("web", chat), self.updates, message_id)

    async def join(
        self, name: str, role: Any = "lead", chat: int = 500, site: SiteId = SITE, agency: Any = "health"
    ) -> LeadSession:
        bears = agreed(role, self.now, agency)
        code = (await self.store.leads.invites.draw(name, role, site, agreement=bears)).code
        joining = await self.store.leads.joining.begin(self.arrival(chat), code, PASSPHRASE)
        self.secrets[name] = base64.b32decode(joining.secret)
        session: LeadSession = await self.store.leads.confirm_join(self.arrival(chat), self.code(name))
        session.lead = await let_in(self.store, session.lead.id)
        return self._reasoned(session)

    async def unlock(self, name: str, chat: int = 500) -> LeadSession:
        self.later(seconds=60)
        session: LeadSession = await self.store.leads.unlock(self.arrival(chat), name, PASSPHRASE, self.code(name))
        return self._reasoned(session)

    def _reasoned(self, session: LeadSession) -> LeadSession:
        if not self.asks:
            session.reasoned = Reasoned()
        return session

    async def confirm(self, session: LeadSession) -> None:
        """Give a fresh code at an open desk, for one deed that takes one."""
        self.later(seconds=30)
        chat = session.address.chat_id
        await self.store.leads.fresh_code(session, self.arrival(chat), self.code(session.lead.name))

    def code(self, name: str) -> str:
        from cryptography.hazmat.primitives.hashes import SHA1
        from cryptography.hazmat.primitives.twofactor.totp import TOTP

        return TOTP(self.secrets[name], 6, SHA1(), 30).generate(int(self.now.timestamp())).decode()  # noqa: S303 - RFC 6238

    def concern(self, *rungs: tuple[LeadSession, ...], **changes: Any) -> SendConcern:
        question = Text("Tell us what is worrying you.", "child", {"site": "Oakfield"})
        deed = SendConcern(
            site=SITE,
            register="12_17",
            language="en",
            door="web",
            answers=(
                Answered("tell", question, Wrote((f"{CANARY} words",))),
                Answered("safe", Text("Are you safe right now?"), Chose(("yes",)), (Text("Yes"),)),
            ),
            rungs=tuple(tuple(LeadId(one.lead.id) for one in rung) for rung in rungs),
            excluded=(),
            withheld=(),
            urgency="soon",
            rules=("R16",),
            categories=("other",),
        )
        return replace(deed, **changes)

    @property
    def clocks(self) -> Clocks:
        return Clocks(self.now + timedelta(hours=1), self.now + timedelta(hours=6))

    async def send(self, *rungs: tuple[LeadSession, ...], chat: int = 1, **changes: Any) -> Any:
        deed = self.concern(*rungs, **changes)
        return await self.store.talks.send(self.arrival(chat), deed, None, self.clocks)

    async def reads(self, session: LeadSession, case: Any) -> Any:
        """Open a case, and be shown all of its words."""
        chat = session.address.chat_id
        view = await self.store.desk.open_case(session, self.arrival(chat), case)
        await self.store.desk.words_shown(session, view.row, whole=True)
        return view

    async def say(self, talk: Any, text: str, urgency: Any = None, chat: int = 1) -> Any:
        deed = AddMessage(text, urgency, ("R17",) if urgency else ())
        return await self.store.talks.add(self.arrival(chat), talk, [deed], self.clocks)


@pytest.fixture
async def school(tmp_path: Path, engine: Engine, database_url: str) -> AsyncIterator[School]:
    school = School(tmp_path, engine=engine, url=database_url)
    await school.open()
    yield school
    await school.store.close()


@pytest.fixture
def another_school(engine: Engine) -> Callable[..., School]:
    """For a test that compares two schools."""
    return partial(School, engine=engine)
