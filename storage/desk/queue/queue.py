"""The queues of one lead: by urgency, band, and when due; paged by key, never by offset; counted to a thousand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final, cast

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.values.ids import SiteId
from storage.cases.loaded import Loaded
from storage.cases.planned import Planned
from storage.cases.retention import shown_retention
from storage.cases.rows.case_row import Copy
from storage.core.core import StoreCore, all_rows
from storage.database.schema.base import NEVER
from storage.database.schema.cases import readers
from storage.deeds.loading import copy_of, load_all
from storage.desk.queue.counted_rows import count_rows
from storage.desk.queue.header_refresh import brought_up
from storage.desk.queue.proved_rows import COLUMNS, prove_copies, read_copies
from storage.desk.queue.queue_statements import COUNTED, Counted, page_statement
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import URGENCIES, Brief, CaseId, CaseRow, Cursor, Due, Glance, OpenAction, Page, Status, Which


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
        actions=tuple(_open_action(one, loaded.glance, roster) for one in clear.planned),
    )


def _open_action(one: Planned, glance: Glance, roster: Roster) -> OpenAction:
    owner = roster.card(one.owner) if one.owner else None
    return OpenAction(one.number, glance.actions.get(one.number, ""), owner, date.fromordinal(one.due))


def at_second(second: int) -> datetime:
    """Give a stored time: seconds since 1970, as an aware time in UTC."""
    return datetime.fromtimestamp(second, UTC)


_COUNTS: tuple[Which, ...] = ("new", "unread", "overdue", "open")
_MOST = 50  # rows of a page
_MINE = readers.c.lead_id == bindparam("lead")
_EVERY: Final = select(*COLUMNS).where(_MINE)
_MANY: Final = select(func.count()).select_from(select(readers.c.case_id).where(_MINE).limit(COUNTED + 1).subquery())


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
        counted: bool = True,
    ) -> Page:
        """Give a page of a queue, at most 50 rows: the most urgent first, then what is due first.

        Of the same urgency, what a source sent that has sent more that day comes later; see `source_counts.py`. Without
        `used`, an idle desk stays idle; only a `counted` page has a total. Cases that are not genuine are left out, and
        counted in the page.

        Raises:
            SessionOver: The session has ended.
            NotOffered: The lead waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        since = self._core.known_cases.count
        async with self._core.read() as connection:
            roster = await self._roster(connection, session, used=used)
            page = await self._page(connection, session, roster, which, after, limit, since)
            if not counted:
                return page
            return replace(page, total=await self._count(connection, session, which, self._values(session), since))

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
        values, since = self._values(session, day_end), self._core.known_cases.count
        async with self._core.read() as connection:
            roster = await self._roster(connection, session)
            if (await connection.execute(_MANY, values)).scalar_one() <= COUNTED:
                every = await read_copies(connection, _EVERY, values)
                own = await prove_copies(self._core, connection, session, every, since)
                new, unread, overdue, total = (sum(_holds(which, values, row) for row in own) for which in _COUNTS)
                today = sum(_holds("today", values, row) for row in own)
            else:
                count = partial(self._count, connection, session, values=values, since=since)
                new, unread, overdue, total = [await count(which) for which in _COUNTS]
                today = await count("today")
            first = (await self._page(connection, session, roster, "open", None, 1, since)).rows
        return Brief(new, unread, overdue, today, total, first[0] if first else None)

    async def _roster(self, connection: AsyncConnection, session: LeadSession, *, used: bool = True) -> Roster:
        roster = await self._rosters.read(connection)
        self._sessions.require_lead(session, roster.card(session.lead.id), "queue", used=used)
        return roster

    async def _page(
        self,
        connection: AsyncConnection,
        session: LeadSession,
        roster: Roster,
        which: Which,
        after: Cursor | None,
        limit: int,
        since: int,
    ) -> Page:
        wanted = min(max(limit, 1), _MOST)
        start = {} if after is None else {**asdict(after), "case_id": after.case}
        values = {**self._values(session), **start, "most": wanted + 1}
        rows = await all_rows(connection, page_statement(which, begun=after is not None), values)
        versions = {row["id"]: row["version"] for row in rows if row["id"] is not None}
        copies = [copy_of(row) for row in rows]
        own = await prove_copies(self._core, connection, session, copies[:wanted], since, versions)
        by_case = {row["queue_case_id_"]: row for row in rows}
        found, forged = await load_all(self._core, connection, session, [by_case[one.case_id] for one in own])
        loaded = await brought_up(self._core, connection, session, roster, found)
        last = copies[wanted - 1] if len(rows) > wanted else None
        cursor = Cursor(last.rank, last.band, last.due_at, CaseId(last.case_id)) if last else None
        return Page(tuple(case_row(one, roster) for one in loaded), cursor, None, forged)

    async def _count(
        self,
        connection: AsyncConnection,
        session: LeadSession,
        which: Counted,
        values: Mapping[str, Any],
        since: int,
    ) -> int:
        return await count_rows(self._core, connection, session, which, values, partial(_holds, which, values), since)

    def _values(self, session: LeadSession, day_end: datetime | None = None) -> dict[str, Any]:
        """Give what the statements of `queue_statements` take."""
        end = 0 if day_end is None else int(day_end.timestamp())
        return {"lead": session.lead.id, "now": self._core.second(), "end": end}


def _holds(which: Counted, values: Mapping[str, Any], row: Copy) -> bool:
    """Whether a row belongs into a queue: the same as `queue_statements` asks for."""
    match which:
        case "new":
            return row.status == "new"
        case "unread":
            return bool(row.unread)
        case "closed":
            return not row.open
        case "mine":
            return bool(row.open) and row.owner == values["lead"]
        case "overdue":
            return bool(row.open) and row.due_at <= values["now"]
        case "today":
            return bool(row.open) and values["now"] < row.due_at <= values["end"]
        case "open":
            return bool(row.open)
