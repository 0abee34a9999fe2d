"""The store: opens the database, brings it to the newest schema, and puts the parts together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import URL, select

from storage.core.audit.audit_log import AuditLog
from storage.core.audit.log_rows import link
from storage.core.core import StoreCore
from storage.database.clock_guard import ClockGuard
from storage.database.copying.unfinished_copy import refuse_unfinished
from storage.database.disk_space import DiskSpace
from storage.database.engines.engine import Warned, engine_for
from storage.database.engines.kept_connections import KeptConnections
from storage.database.instrumentation import Measures
from storage.database.migrate import is_newest, migrate
from storage.database.schema.chats import seen
from storage.database.writer import Writer
from storage.desk.desk import Desk
from storage.desk.many_cases.key_renewal import KeyRenewals, OfDesk
from storage.desk.oversight.golive import GoLiveState
from storage.desk.oversight.read_reviews import ReadReviews
from storage.desk.oversight.recovery.recovery_reader import Recovering
from storage.desk.partnership.sharing.ending import EndingShares
from storage.desk.partnership.sharing.partner_desk import PartnerDesk
from storage.desk.partnership.together.together import Together
from storage.desk.queue.latest_rows import LatestRows
from storage.leads.leads import Leads
from storage.leads.rota import Rotas
from storage.notices.alerts import Alerts, FaultAlerts
from storage.notices.channels import Channels, Pagers
from storage.notices.kept_notices import KeptNotices
from storage.notices.outbox import Outbox
from storage.notices.outcomes import NoticeTimes
from storage.notices.reconcile import Reconciler
from storage.reporters.drafts import Drafts
from storage.reporters.first_return import FirstReturn
from storage.reporters.letterbox import Letterbox
from storage.reporters.messages.pending_answers import PendingAnswers
from storage.reporters.messages.sent_messages import SentMessages
from storage.reporters.quarantine import Quarantine
from storage.reporters.receipts import begin_deployment
from storage.reporters.recordings import Recordings
from storage.reporters.sending import Sending
from storage.reporters.talks import Talks
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.lead_keys import LEAD_COST
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.receipts.receipt import RECEIPT_COST
from storage.upkeep.bind_old_rows import bind_notices, bind_old, copy_old
from storage.upkeep.counts import Counting
from storage.upkeep.destroying import Destruction
from storage.upkeep.ending_counts import count_endings
from storage.upkeep.postman import Postman
from storage.upkeep.reminders import Reminders
from storage.upkeep.replay_ledger import LedgerReplay
from storage.upkeep.sweeper import LastRuns, Sweeper
from storage.upkeep.wrap_removal import WrapRemoval
from storage.values import Arrival, Limits
from storage.values.errors import Unavailable


class Store:
    """Everything that is kept. One for a process; made by `open`, ended by `close`."""

    def __init__(self, core: StoreCore, lead_cost: Cost) -> None:
        """Put the parts together; `open` is what callers want."""
        self._core = core
        #: What is given back once the store is closed.
        self.using = ExitStack()
        self.source_of = core.marks.of_source
        self.drafts = Drafts(core)
        self.sent_messages = SentMessages(core)
        self.pending_answers = PendingAnswers(core)
        self.leads = Leads(core, lead_cost)
        rosters = self.leads.rosters
        self.rota = Rotas(core, rosters, self.leads.sessions)
        sending = Sending(core, rosters, self.drafts, self.pending_answers, self.rota)
        self.talks = Talks(core, rosters, sending, self.rota, self.pending_answers)
        self.first_return = FirstReturn(core, self.talks, self.pending_answers)
        self.letterbox = Letterbox(core, rosters, self.talks)
        self.postman = Postman(core, rosters, self.letterbox)
        self.recordings = Recordings(core, rosters, self.leads.sessions, sending, self.pending_answers)
        self.desk = Desk(core, rosters, self.leads.sessions, self.rota)
        of_desk = OfDesk(self.desk.act, self.desk.shares.take_in, self.desk.boxes.bring_over)
        self.renewals = KeyRenewals(core, rosters, self.leads.own_factors, of_desk)
        self.latest_rows = LatestRows(core, rosters, self.leads.sessions)
        self.read_reviews = ReadReviews(core, rosters, self.leads.sessions)
        self.alerts = Alerts(core, rosters)
        self.recheck = Reconciler(core, rosters, self.rota)
        self.kept_notices = KeptNotices(core)
        self.live = GoLiveState(core, self.leads.sessions, rosters)
        self.last_runs = LastRuns(core)
        self.fault_alerts = FaultAlerts(core, self.alerts, self.recheck)
        self.channels = Channels(core, rosters)
        self.pagers = Pagers(core, self.leads.sessions)
        self.quarantine = Quarantine(core)
        self.outbox = Outbox(core, rosters, self.leads.last_chats, self.alerts)
        self.notice_times = NoticeTimes(core)
        self.destruction = Destruction(core, rosters, self.desk.acting, self.talks)
        self.reminders = Reminders(core, rosters)
        self.audit = AuditLog(core)
        self.shares = PartnerDesk(core, rosters, self.leads.sessions)
        self.together = Together(core, rosters, self.leads.sessions, self.desk.names)
        ends = EndingShares(core, rosters)
        self.watch = Sweeper(
            core,
            self.drafts,
            self.recordings,
            self.talks,
            rosters,
            self.destruction,
            self.audit,
            ends,
            self.leads.partners,
        )
        self.wrap_removal = WrapRemoval(core, rosters)
        self.counting = Counting(core)
        self.endings = partial(count_endings, core)
        self.recovering = Recovering(core, rosters, self.alerts)
        self.settling = LedgerReplay(core, rosters)

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
        receipt_cost: Cost = RECEIPT_COST,
        measures: Measures | None = None,
        room: DiskSpace | None = None,
        monotonic: Callable[[], float] | None = None,
        unfinished: bool = False,
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
            receipt_cost: What a receipt costs to guess, the same for as long as the database is kept: with another one
                no receipt opens its case. Tests take less.
            measures: Who is told how long things take; nobody, if it is left out.
            room: What is left on the disk of an SQLite database; without it, the system is asked.
            monotonic: Seconds that nobody can set, by which the clock is measured; without it, the clock is believed.
            unfinished: Whether a database is opened too whose copying has not come to its end: to check it.

        Raises:
            Damaged: The database file is no whole database.
            UnfitDatabase: The database server cannot keep what Hark promises, the schema is newer, or the database is
                being copied to.
            Unavailable: The database or the checkpoint cannot be read or written.
            Tampered: The roster is not the one that was kept, or older.
        """
        engine = engine_for(url)
        readers = engine.open_readers()
        try:
            clock_guard = ClockGuard(clock, monotonic, await engine.last_written(readers)) if monotonic else None
            await engine.refuse_unfit(readers)
            if not unfinished:
                await refuse_unfinished(engine, readers)
        except Unavailable:
            await readers.dispose()
            raise
        if not await is_newest(readers):
            await readers.dispose()  # nobody looks on while the schema changes, and nothing is left if that fails
            await migrate(url)
        told = measures or Measures()
        writer = Writer(engine.open_writer(), partial(link, server_key), told.wrote)
        here = room or DiskSpace(engine.folder)
        keys = (server_key, day_keys, checkpoint)
        reading = KeptConnections(engine, readers)
        core = StoreCore(reading, writer, *keys, clock, limits or Limits(), here, clock_guard, told)
        core.receipt_cost = receipt_cost
        writer.kept = core.kept
        writer.start()
        store = cls(core, lead_cost)
        try:
            await store._begin()
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Write what waits, lock everybody, and let the database go; harmless the second time.

        Derivations that run are finished. Whatever is to be committed later raises `Unavailable`.
        """
        await self._core.writer.close()
        with suppress(Unavailable):  # then the next start is not sure, and tells rather twice
            self.kept_notices.note(ended=True)
        self.leads.sessions.lock_all()
        self._core.derivations.close()
        await self._core.reader.close()
        self.using.close()

    async def seen(self, arrival: Arrival) -> None:
        """Commit that an update was seen, and nothing else.

        Raises:
            AlreadySeen: It was committed before.
            Unavailable: The database cannot be written, or there is no day key.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival))

    def note_refused(self) -> None:
        """Count a button or a link that was refused; storage counts invites, receipts and references itself."""
        self._core.measures.refused()

    async def is_seen(self, arrival: Arrival) -> bool:
        """Tell whether an update was committed before; for what is rather done twice than not at all.

        Raises:
            Unavailable: The database cannot be read, or there is no day key.
        """
        found = select(seen.c.mark).where(seen.c.mark.in_(self._core.marks.of(arrival))).limit(1)
        async with self._core.read() as connection:
            return (await connection.execute(found)).first() is not None

    async def server_warnings(self) -> tuple[Warned, ...]:
        """Give what an operator should know of the database's server; nothing for a file.

        Raises:
            Unavailable: The server does not answer.
        """
        async with self._core.read(once=True) as connection:
            return await engine_for(self._core.reader.engine.url).warnings(connection)

    @property
    def tampered(self) -> int:
        """How often this process met something that is not genuine."""
        return self._core.forgeries.count

    async def _begin(self) -> None:
        await self.leads.rosters.begin()
        await bind_old(self._core)
        await copy_old(self._core)
        await bind_notices(self._core)
        self.kept_notices.begin()
        await self.live.begin()
        await self.together.board.begin()
        await begin_deployment(self._core)
