"""The queues of one lead: by urgency, band, and when due; paged by key, never by offset; counted to a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.binding import is_bound
from storage.desk.learning import brought_up
from storage.desk.loading import load_all
from storage.desk.rows import case_row
from storage.ground import Ground, all_rows
from storage.people.roster import Rosters
from storage.people.session import LeadSession
from storage.people.sessions import Sessions
from storage.schema.cases import readers
from storage.values import Brief, CaseId, Cursor, Page, Which

_COUNTED = 1_000
_COUNTS: tuple[Which, ...] = ("new", "unread", "overdue", "open")
_MOST = 50  # rows of a page
_ORDER = (readers.c.rank, readers.c.band, readers.c.due_at, readers.c.case_id)


class Queue:
    """Reads queues; what a lead is no recipient of is not there, is not counted, and leaves no gap."""

    def __init__(self, ground: Ground, rosters: Rosters, sessions: Sessions) -> None:
        self._ground = ground
        self._rosters = rosters
        self._sessions = sessions

    async def page(
        self, session: LeadSession, which: Which, after: Cursor | None, limit: int, *, used: bool = True
    ) -> Page:
        """Give the next rows of a queue; see `Desk.queue`. Without `used`, an idle desk stays idle."""
        wanted = min(max(limit, 1), _MOST)
        where = self._where(session, which)
        async with self._ground.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), used=used)
            later = true() if after is None else tuple_(*_ORDER) > (after.rank, after.band, after.due_at, after.case)
            asked = select(*_ORDER).where(where, later).order_by(*_ORDER).limit(wanted + 1)
            keys = (await connection.execute(asked)).all()
            named = [CaseId(row.case_id) for row in keys[:wanted]]
            own = await self._own(connection, session, named)
            shown = [case for case in named if case in own]
            found, forged = await load_all(self._ground, connection, session, shown)
            loaded = await brought_up(self._ground, connection, session, roster, found)
            total = await self._count(connection, session, which)
        more = len(keys) > wanted
        last = keys[wanted - 1] if more else None
        cursor = Cursor(last.rank, last.band, last.due_at, CaseId(last.case_id)) if last else None
        return Page(tuple(case_row(one, roster) for one in loaded), cursor, total, forged)

    async def brief(self, session: LeadSession, day_end: datetime) -> Brief:
        """Give the desk in numbers; see `Desk.brief`."""
        now, end = self._ground.second(), int(day_end.timestamp())
        async with self._ground.read() as connection:
            new, unread, overdue, total = [await self._count(connection, session, which) for which in _COUNTS]
            soon = self._where(session, "open") & readers.c.due_at.between(now + 1, end)
            today = await self._counted(connection, session, _some().where(soon))
        first = (await self.page(session, "open", None, 1)).rows
        return Brief(new, unread, overdue, today, total, first[0] if first else None)

    def _where(self, session: LeadSession, which: Which) -> ColumnElement[bool]:
        mine = readers.c.lead_id == session.lead.id
        # Written as literals: SQLite uses a partial index only where it sees the index's own condition.
        special: dict[Which, ColumnElement[bool]] = {
            "open": readers.c.open == literal_column("1"),
            "closed": readers.c.open == literal_column("0"),
            "new": readers.c.status == literal_column("'new'"),
            "unread": readers.c.unread == literal_column("1"),
            "mine": (readers.c.owner == session.lead.id) & (readers.c.open == literal_column("1")),
            "overdue": (readers.c.open == literal_column("1")) & (readers.c.due_at <= self._ground.second()),
        }
        return mine & special[which]

    async def _count(self, connection: AsyncConnection, session: LeadSession, which: Which) -> int:
        some = _some().where(self._where(session, which))
        # In order, SQLite takes the partial index of the page; without, it scans all that is open.
        return await self._counted(connection, session, some.order_by(*_ORDER) if which in {"new", "unread"} else some)

    async def _counted(self, connection: AsyncConnection, session: LeadSession, some: Select[Any]) -> int:
        found = (await connection.execute(some.limit(_COUNTED))).scalars().all()
        return len(await self._own(connection, session, found))

    async def _own(self, connection: AsyncConnection, session: LeadSession, named: Sequence[str]) -> set[str]:
        """Give those of the cases that Hark put into this lead's queue; a row that somebody made up is not counted.

        What a session has seen proved once needs no proof again: 1,000 cases cost 5 ms the first time only.
        """
        ids = set(named)
        if new := ids - session.proved:
            asked = {"lead": session.lead.id, "ids": list(new)}
            for row in await all_rows(connection, _PROOFS, asked):
                if is_bound(self._ground.server_key, readers, row):
                    session.proved.add(row["case_id"])
                else:
                    self._ground.forged(row["case_id"])
        return ids & session.proved


#: What binds the rows of some cases in the queue of a lead.
_PROOFS = select(readers.c.lead_id, readers.c.case_id, readers.c.mac).where(
    readers.c.lead_id == bindparam("lead"), readers.c.case_id.in_(bindparam("ids", expanding=True))
)


def _some() -> Select[Any]:
    return select(readers.c.case_id)
