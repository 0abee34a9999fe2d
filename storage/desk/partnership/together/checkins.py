"""Check-ins: once a week and person, by a mark that only her own keys make, and counted in lots of five."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import select

from flows.cases.roles import is_for
from flows.together.checkin import CHECK_INS, CheckIn, in_lots
from flows.values.ids import READING, LeadId, NoticeKind, SiteId
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound, mac_of
from storage.database.schema.notices import outbox
from storage.database.schema.together import checkins, threads
from storage.database.turn import Cell, Delete, Insert, Row, Update
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.lead_keys import name_tag
from storage.values import Arrival
from storage.values.errors import Conflict, NotOffered

_RULE: Final = "checkin"
#: Weeks that are kept: the one that is shown, and the one before.
_KEPT: Final = 14  # days
#: The row that says that a site was told of a week.
_TOLD: Final = "told"


class CheckIns:
    """Tells sites of a week, and keeps and counts how it is going.

    Every method raises `Tampered` where the roster is not the one that was kept, and `Unavailable` where the database
    cannot be read or written; those that take a session raise `SessionOver` once it has ended, and `NotOffered` where
    it is not for the lead's role.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def tell(self, site: SiteId, week: date) -> bool:
        """Tell everybody who works together at a site that the check-in is there; once a week, also across a kill.

        Check-ins begin with the first goal of a site. What was kept of earlier weeks goes.

        Args:
            site: Which.
            week: By its Monday, which the caller says is due (`flows/together/checkin.py`).

        Returns:
            Whether they were told now.
        """
        roster, number = await self._rosters.read(), week.toordinal()
        async with self._core.read() as connection:
            begun = (await connection.execute(select(threads.c.id).where(threads.c.site == site).limit(1))).first()
            kept = await all_rows(connection, select(checkins).where(checkins.c.site == site))
        if begun is None or any(row["week"] == number and not row["mark"] for row in kept):
            return False
        there = _together(roster, site)
        told = (self._notice(lead, "checkin") for lead in there)
        old = {row["week"] for row in kept if row["week"] < number - _KEPT}
        gone = (Delete(checkins, {"site": site, "week": one}) for one in sorted(old))
        with suppress(Conflict):  # another process tells them just now
            await self._core.commit(self._row(site, number, "", _TOLD), *told, *gone)
            return True
        return False

    async def own(self, session: LeadSession, week: date) -> CheckIn | None:
        """Give what she said in a week; None where she has not yet.

        Raises:
            SessionOver: The session has ended.
        """
        await self._require(session)
        mark = _mark(session, week)
        found = next((row["answer"] for row in await self._of(session.lead.site, week) if row["mark"] == mark), None)
        return cast("CheckIn | None", found)

    async def waits(self, session: LeadSession, week: date) -> bool:
        """Whether her site was told of a week and she has not said yet how it is going.

        Raises:
            SessionOver: The session has ended.
        """
        await self._require(session)
        marks = {row["mark"] for row in await self._of(session.lead.site, week)}
        return "" in marks and _mark(session, week) not in marks

    async def say(self, session: LeadSession, arrival: Arrival, week: date, how: CheckIn) -> None:
        """Keep how it is going, in the place of what she said before in that week.

        Who needs help has the other leads of the site told that somebody does, once a week; not who.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: It is not for the role, or no such answer.
            AlreadySeen: The update was committed before.
            Conflict: She said something at another desk at the same moment; nothing was kept.
        """
        roster = await self._require(session)
        if how not in CHECK_INS:
            raise NotOffered
        site, mark = session.lead.site, _mark(session, week)
        before = next((row for row in await self._of(site, week) if row["mark"] == mark), None)
        row: Row = self._row(site, week.toordinal(), mark, how)
        if before is not None:
            cells: dict[str, Cell] = {name: before[name] for name in ("site", "week", "mark")}
            mac = mac_of(self._core.server_key, checkins, {**cells, "answer": how})
            row = Update(checkins, cells, {"answer": how, "mac": mac}, {"mac": before["mac"]})
        helped = how == "help" and (before is None or before["answer"] != "help")
        others = (lead for lead in _leads(roster, site) if lead != session.lead.id) if helped else ()
        told = (self._notice(lead, "help_wanted") for lead in others)
        await self._core.commit(*self._core.marks.seen_rows(arrival), row, *told)

    async def totals(self, session: LeadSession, week: date) -> Mapping[CheckIn, int] | None:
        """Give how often each was said in a week that is over, in lots of five; None to a partner.

        What is not genuine is counted as such, and not as an answer.
        """
        await self._require(session)
        if not is_for(session.lead.role, "begin_goal"):
            return None
        said = Counter(row["answer"] for row in await self._of(session.lead.site, week) if row["mark"])
        return {how: in_lots(said[how]) for how in CHECK_INS}

    async def _require(self, session: LeadSession) -> Roster:
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
        return roster

    async def _of(self, site: SiteId, week: date) -> list[dict[str, Any]]:
        asked = select(checkins).where(checkins.c.site == site, checkins.c.week == week.toordinal())
        async with self._core.read(once=True) as connection:
            rows = await all_rows(connection, asked)
        genuine = [row for row in rows if is_bound(self._core.server_key, checkins, row)]
        for _ in rows[len(genuine) :]:
            self._core.forgeries.record()
        return genuine

    def _row(self, site: SiteId, week: int, mark: str, answer: str) -> Row:
        return Insert(checkins, {"site": site, "week": week, "mark": mark, "answer": answer})

    def _notice(self, lead: LeadId, kind: NoticeKind) -> Row:
        rest: dict[str, Cell] = {"return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0}
        return Insert(outbox, {"lead_id": lead, **rest, "not_before": self._core.second()})


def _leads(roster: Roster, site: SiteId) -> list[LeadId]:
    here = (one for one in roster.leads.values() if one.site == site and not one.disabled)
    return sorted(one.id for one in here if one.role in READING)


def _together(roster: Roster, site: SiteId) -> list[LeadId]:
    here = (one for one in roster.leads.values() if one.site == site and not one.disabled)
    return sorted(one.id for one in here if is_for(one.card.role, _RULE))


def _mark(session: LeadSession, week: date) -> str:
    """Give what tells her own answer of a week from others; no other key makes it (`lead_keys.name_tag`)."""
    return name_tag(session.open_keys(), "checkin", f"{session.lead.site} {week.isoformat()}").hex()
