"""The queues of one lead: by urgency, band, and when due; paged by key, never by offset; counted to a thousand."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, literal_column, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.values.ids import SiteId
from storage.cases.case_row import Copy
from storage.cases.retention import shown_retention
from storage.core.core import StoreCore
from storage.database.schema.base import NEVER
from storage.database.schema.cases import readers
from storage.deeds.loading import Loaded, load_all
from storage.desk.header_refresh import brought_up
from storage.desk.proved_rows import COLUMNS, count_copies, prove_copies, read_copies
from storage.leads.roster.roster import Roster, Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import URGENCIES, Brief, CaseId, CaseRow, Cursor, Due, Page, Status, Which


def case_row(loaded: Loaded, roster: Roster) -> CaseRow:
    """Give the row that handlers show.

    Its times are aware (UTC); its `version` is the one that a deed is asked against (see `Acting.act`).
    """
    clear = loaded.clear
    return CaseRow(
        id=clear.id,
        reference=clear.reference,
        version=clear.desk_version,
        site=SiteId(clear.site),
        status=cast("Status", clear.status),
        urgency=URGENCIES[clear.rank],
        due_at=None if clear.due_at == NEVER else at_second(clear.due_at),
        due=cast("Due | None", clear.due),
        owner=None if clear.owner is None else roster.card(clear.owner),
        unread=loaded.unread,
        entries=clear.entries,
        opened_hour=at_second(clear.opened_hour),
        glance=loaded.glance,
        retention=shown_retention(clear),
    )


def at_second(second: int) -> datetime:
    """Give a stored time: seconds since 1970, as an aware time in UTC."""
    return datetime.fromtimestamp(second, UTC)


_COUNTED = 1_000
_COUNTS: tuple[Which, ...] = ("new", "unread", "overdue", "open")
_MOST = 50  # rows of a page
_ORDER = (readers.c.rank, readers.c.band, readers.c.due_at, readers.c.case_id)


class Queue:
    """Reads queues; what a lead is no recipient of is not there, is not counted, and leaves no gap."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def page(
        self,
        session: LeadSession,
        which: Which = "open",
        after: Cursor | None = None,
        limit: int = 20,
        *,
        used: bool = True,
    ) -> Page:
        """Give a page of a queue, at most 50 rows: the most urgent first, then what is due first.

        Of the same urgency, what a source sent that has sent more that day comes later; see `source_counts.py`. Without
        `used`, an idle desk stays idle. Cases that are not genuine are left out, and counted in the page.

        Raises:
            SessionOver: The session has ended.
            NotOffered: The lead waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        wanted = min(max(limit, 1), _MOST)
        later = true() if after is None else tuple_(*_ORDER) > (after.rank, after.band, after.due_at, after.case)
        since, asked = self._core.known_cases.count, self._asked(session, which).where(later).order_by(*_ORDER)
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), "queue", used=used)
            keys = await read_copies(connection, asked.limit(wanted + 1))
            own = await prove_copies(self._core, connection, session, keys[:wanted], since)
            shown = [CaseId(row.case_id) for row in own]
            found, forged = await load_all(self._core, connection, session, shown)
            loaded = await brought_up(self._core, connection, session, roster, found)
            total = await self._count(connection, session, which, since)
        more = len(keys) > wanted
        last = keys[wanted - 1] if more else None
        cursor = Cursor(last.rank, last.band, last.due_at, CaseId(last.case_id)) if last else None
        return Page(tuple(case_row(one, roster) for one in loaded), cursor, total, forged)

    async def brief(self, session: LeadSession, day_end: datetime) -> Brief:
        """Give the desk in numbers; `day_end` is the end of today at the site.

        All rows of the lead are read where they are few, so that none that was taken out of a count is missed. Each
        number goes up to 1,000.

        Raises:
            SessionOver: The session has ended.
            NotOffered: The lead waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        now, end, since = self._core.second(), int(day_end.timestamp()), self._core.known_cases.count

        def is_today(row: Copy) -> bool:
            return bool(row.open) and now < row.due_at <= end

        mine = readers.c.lead_id == session.lead.id
        async with self._core.read() as connection:
            some = select(readers.c.case_id).where(mine).limit(_COUNTED + 1).subquery()
            if (await connection.execute(select(func.count()).select_from(some))).scalar_one() <= _COUNTED:
                every = await read_copies(connection, select(*COLUMNS).where(mine))
                own = await prove_copies(self._core, connection, session, every, since)
                counts = [sum(self._holds(session, which, row) for row in own) for which in _COUNTS]
                today = sum(map(is_today, own))
            else:
                counts = [await self._count(connection, session, which, since) for which in _COUNTS]
                soon = self._asked(session, "open").where(readers.c.due_at.between(now + 1, end)).limit(_COUNTED)
                today = await count_copies(self._core, connection, session, soon, is_today, since)
        first = (await self.page(session, "open", None, 1)).rows
        new, unread, overdue, total = counts
        return Brief(new, unread, overdue, today, total, first[0] if first else None)

    def _asked(self, session: LeadSession, which: Which) -> Select[Any]:
        mine = readers.c.lead_id == session.lead.id
        # Written as literals: SQLite uses a partial index only where it sees the index's own condition.
        special: dict[Which, ColumnElement[bool]] = {
            "open": readers.c.open == literal_column("1"),
            "closed": readers.c.open == literal_column("0"),
            "new": readers.c.status == literal_column("'new'"),
            "unread": readers.c.unread == literal_column("1"),
            "mine": (readers.c.owner == session.lead.id) & (readers.c.open == literal_column("1")),
            "overdue": (readers.c.open == literal_column("1")) & (readers.c.due_at <= self._core.second()),
        }
        return select(*COLUMNS).where(mine & special[which])

    def _holds(self, session: LeadSession, which: Which, row: Copy) -> bool:
        """Whether a row belongs into a queue: the same as `_asked` asks for."""
        match which:
            case "new":
                return row.status == "new"
            case "unread":
                return bool(row.unread)
            case "closed":
                return not row.open
            case "mine":
                return bool(row.open) and row.owner == session.lead.id
            case "overdue":
                return bool(row.open) and row.due_at <= self._core.second()
            case "open":
                return bool(row.open)

    async def _count(self, connection: AsyncConnection, session: LeadSession, which: Which, since: int) -> int:
        some = self._asked(session, which).limit(_COUNTED)
        # In order, SQLite takes the partial index of the page; without, it scans all that is open.
        asked = some.order_by(*_ORDER) if which in {"new", "unread"} else some
        holds = partial(self._holds, session, which)
        return await count_copies(self._core, connection, session, asked, holds, since)
