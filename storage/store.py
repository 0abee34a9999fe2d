"""The store: opens the database, brings it to the newest schema, and puts the parts together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url, select
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.alerts import Alerts
from storage.backup.settling import Settling
from storage.binding_old import bind_old, copy_old
from storage.channels import Channels
from storage.counting import Counting
from storage.deployment import begin_deployment
from storage.desk.desk import Desk
from storage.drafts import Drafts
from storage.engines import reader_engine, writer_engine
from storage.ground import Ground
from storage.happened import Happened
from storage.leads import Leads
from storage.live import Live
from storage.measures import Measures
from storage.newest import is_newest, refuse_damaged
from storage.outbox import Outbox
from storage.pagers import Pagers
from storage.quarantine import Quarantine
from storage.recheck import Recheck
from storage.recovering import Recovering
from storage.refusals import Damaged
from storage.register import Register, register_beside
from storage.room import Room
from storage.rota import Rotas
from storage.schema.chats import seen
from storage.sealing.day_keys import DayKeys
from storage.sealing.lead_keys import LEAD_COST
from storage.sealing.server_key import ServerKey
from storage.sealing.stretching import Cost
from storage.spoken import Spoken
from storage.steady import Steady, last_written
from storage.talking.sending import Sending
from storage.talks import Talks
from storage.troubles import Troubles
from storage.turns import Logged
from storage.unspoken import UnspokenAnswers
from storage.values import Address, Arrival, Limits
from storage.watch import Watch
from storage.writer import Writer


class Store:
    """Everything that is kept. One for a process; made by `open`, ended by `close`."""

    def __init__(self, ground: Ground, lead_cost: Cost) -> None:
        """Put the parts together; `open` is what callers want."""
        self._ground = ground
        self.drafts = Drafts(ground)
        self.spoken = Spoken(ground)
        self.unspoken = UnspokenAnswers(ground)
        self.leads = Leads(ground, lead_cost)
        rosters = self.leads.rosters
        self.rota = Rotas(ground, self.leads.sessions)
        sending = Sending(ground, rosters, self.drafts, self.unspoken, self.rota)
        self.talks = Talks(ground, rosters, sending, self.rota, self.unspoken)
        self.desk = Desk(ground, rosters, self.leads.sessions)
        self.alerts = Alerts(ground, rosters)
        self.recheck = Recheck(ground, rosters, self.rota)
        self.live = Live(ground, self.leads.sessions, rosters)
        self.happened = Happened(ground)
        self.troubles = Troubles(ground, self.alerts, self.recheck)
        self.channels = Channels(ground, rosters)
        self.pagers = Pagers(ground, self.leads.sessions)
        self.quarantine = Quarantine(ground)
        self.outbox = Outbox(ground, rosters, self.leads.unlocks, self.alerts)
        self.watch = Watch(ground, self.drafts, self.talks, rosters)
        self.counting = Counting(ground)
        self.recovering = Recovering(ground, rosters, self.alerts)
        self.settling = Settling(ground, rosters)

    @classmethod
    async def open(
        cls,
        url: str | URL,
        *,
        server_key: ServerKey,
        day_keys: DayKeys,
        checkpoint: Path,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        lead_cost: Cost = LEAD_COST,
        measures: Measures | None = None,
        room: Room | None = None,
        gone: Callable[[], float] | None = None,
    ) -> Store:
        """Open a database, new or old, and migrate it.

        Args:
            url: An SQLAlchemy URL of an asynchronous driver.
            server_key: MACs what is clear, seals addresses.
            day_keys: Seal what lasts three days at most.
            checkpoint: A file beside the server key's, outside the database, that holds the roster's version.
            clock: Gives the time, aware.
            limits: How long things last.
            lead_cost: What a new passphrase costs to guess; tests take less.
            measures: Who is told how long things take; nobody, if it is left out.
            room: What is left on the disk of an SQLite database; without it, the system is asked.
            gone: Seconds that nobody can set, by which the clock is measured; without it, the clock is believed.

        Raises:
            Damaged: The database file is no whole database.
            Unavailable: The database or the checkpoint cannot be read or written.
            Tampered: The roster is not the one that was kept, or older.
        """
        steady = Steady(clock, gone, _written(url)) if gone else None
        readers, writing = reader_engine(url), writer_engine(url)
        try:
            await refuse_damaged(readers)
        except Damaged:
            await readers.dispose()
            raise
        if not await is_newest(readers):
            await readers.dispose()  # nobody looks on while the schema changes, and nothing is left if that fails
            await _migrate(url)
        told = measures or Measures()
        writer = Writer(writing, lambda mac, number, row: _link(server_key, mac, number, row), told.wrote)
        here = room or Room(_folder_of(readers))
        keys = (server_key, day_keys, checkpoint)
        register = Register(register_beside(checkpoint), server_key)
        ground = Ground(
            readers, writer, *keys, clock, limits or Limits(), here, writer.failures, steady, register, told
        )
        writer.kept = ground.known_cases.kept
        writer.start()
        store = cls(ground, lead_cost)
        try:
            await store._begin()
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Write what waits, lock everybody, and let the database go; harmless the second time."""
        await self._ground.writer.close()
        self.leads.sessions.lock_all()
        self._ground.derivations.close()
        await self._ground.reader.dispose()

    async def seen(self, arrival: Arrival) -> None:
        """Commit that an update was seen, and nothing else.

        Raises:
            AlreadySeen: It was committed before.
        """
        await self._ground.commit(*self._ground.arrived(arrival))

    async def is_seen(self, arrival: Arrival) -> bool:
        """Tell whether an update was committed before; for what is rather done twice than not at all."""
        found = select(seen.c.mark).where(seen.c.mark.in_(self._ground.marks(arrival))).limit(1)
        async with self._ground.read() as connection:
            return (await connection.execute(found)).first() is not None

    def source_of(self, address: Address) -> bytes:
        """Give the mark by which limits know a chat today; see `Ground.source`."""
        return self._ground.source(address)

    @property
    def tampered(self) -> int:
        """How often this process met something that is not genuine."""
        return self._ground.tampered

    async def _begin(self) -> None:
        await self.leads.rosters.begin()
        await bind_old(self._ground)
        await copy_old(self._ground)
        await self.live.begin()
        await begin_deployment(self._ground)


def _written(url: str | URL) -> datetime | None:
    found = make_url(url)
    sqlite = found.get_backend_name() == "sqlite"
    return last_written(Path(found.database)) if sqlite and found.database else None


def _folder_of(engine: AsyncEngine) -> Path | None:
    file = engine.url.database
    return Path(file).parent if engine.dialect.name == "sqlite" and file else None


def _link(key: ServerKey, before: bytes, number: int, row: Logged) -> bytes:
    return key.mac("audit/1", before, number, row.hour, row.lead, row.action, row.case)


async def _migrate(url: str | URL) -> None:
    from storage.migrate import migrate  # noqa: PLC0415 - a tenth of a second that only the first start has to wait

    await migrate(url)
