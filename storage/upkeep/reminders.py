"""Tells who is to do something in a case on its morning, and daily from then on; and the case's owner once it is late.

So is whoever has a case of which a partner has not answered in time, and a partner herself of what is hers to do. When
that is stands in the clear row of the case, and in that of the share, under their MACs: nothing is opened for it, and
nobody has to have unlocked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Select, func, literal_column, select

from flows.duty.escalation import owner_or_lowest
from flows.values.ids import LeadId
from storage.cases.planned import due_now, told
from storage.cases.rows.case_row import change_rows, read_clear
from storage.cases.rows.clear_row import ClearRow
from storage.cases.rows.share_row import ShareRow, changed_share_row, read_share, with_planned
from storage.core.core import StoreCore, all_rows, one_row
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases
from storage.database.schema.shares import shares
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.notices.enqueue import tell_one, tell_partner
from storage.values.errors import Conflict, Tampered

_AT_ONCE: Final = 50  # cases that are looked at in one go
#: The condition of the index; a number that is bound is none to SQLite.
_DATED: Final = cases.c.remind_at < literal_column(str(NEVER))
_DAY: Final = 24 * 3600
#: The condition of the index, likewise.
_DUE_OF_PARTNERS: Final = select(shares).where(shares.c.remind_at > literal_column("0")).order_by(shares.c.id)
_UNANSWERED: Final = (
    select(shares).where(shares.c.answer_by > 0, func.length(shares.c.wrapped) > 0).order_by(shares.c.id)
)


class Reminders:
    """Looks for actions that are due; safe to repeat, and to kill: a case is told of in one turn."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def tell(self) -> int:
        """Put the notices of all due actions into the outbox, one a person and case.

        Returns:
            Of how many cases somebody is told.

        Raises:
            Unavailable: The database cannot be read or written; what was told stays so.
            Tampered: The roster is not the one that was kept.
        """
        now, found, after = self._core.second(), 0, ""
        due = select(cases).where(_DATED, cases.c.remind_at <= now).order_by(cases.c.id).limit(_AT_ONCE)
        while True:
            async with self._core.read() as connection:
                rows = await all_rows(connection, due.where(cases.c.id > after))
            for row in rows:
                with suppress(Tampered, Conflict):  # not genuine, which is counted; or somebody does something just now
                    await self._tell(read_clear(self._core, row), now)
                    found += 1
            if len(rows) < _AT_ONCE:
                return found
            after = rows[-1]["id"]

    async def tell_unanswered(self) -> int:
        """Put the notices of shares into the outbox that no partner has answered in time, once a day.

        Of a closed case nobody is told. A row that is not genuine is counted, and told by the check of every day.

        Returns:
            How many shares are late.

        Raises:
            Unavailable: The database cannot be read or written; what was told stays so.
            Tampered: The roster is not the one that was kept.
        """
        now, found, after = self._core.second(), 0, ""
        due = _UNANSWERED.where(shares.c.answer_by + shares.c.told * _DAY <= now).limit(_AT_ONCE)
        while True:
            async with self._core.read() as connection:
                rows = await all_rows(connection, due.where(shares.c.id > after))
                of = [(read_row, await one_row(connection, _case_of(read_row["case_id"]))) for read_row in rows]
            for row, case in of:
                with suppress(Tampered, Conflict):  # not genuine, which is counted; or she answers just now
                    await self._tell_unanswered(read_share(self._core, row), case, now)
                    found += 1
            if len(rows) < _AT_ONCE:
                return found
            after = rows[-1]["id"]

    async def _tell_unanswered(self, share: ShareRow, case: dict[str, Any] | None, now: int) -> None:
        if case is None:
            raise self._core.forgeries.record(share.case_id)
        clear, roster = read_clear(self._core, case), await self._rosters.read()
        told = owner_or_lowest(roster.there(clear.rungs), clear.owner) if clear.is_open else ()
        rows = (tell_one(clear, lead, "share_late", now) for lead in sorted(told))
        days = (now - share.answer_by) // _DAY + 1
        await self._core.commit(changed_share_row(self._core.server_key, share, told=days), *rows)

    async def tell_partners(self) -> int:
        """Put the notices of what is a partner's to do into the outbox, one a share: to her, and of what is late too.

        Of what is late whoever has the case is told as well, while it is open. A share that has ended has nothing to be
        told of. A row that is not genuine is counted, and told by the check of every day.

        Returns:
            For how many shares somebody is told.

        Raises:
            Unavailable: The database cannot be read or written; what was told stays so.
            Tampered: The roster, or the ledger, is not the one that was kept.
        """
        now, found, after = self._core.second(), 0, ""
        due = _DUE_OF_PARTNERS.where(shares.c.remind_at <= now, shares.c.until > now).limit(_AT_ONCE)
        while True:
            async with self._core.read() as connection:
                rows = await all_rows(connection, due.where(shares.c.id > after))
                of = [(read_row, await one_row(connection, _case_of(read_row["case_id"]))) for read_row in rows]
            ended = {one.id for one in self._core.ledger.read() if one.kind == "share"} if rows else set()
            for row, case in of:
                if row["id"] in ended:
                    continue
                with suppress(Tampered, Conflict):  # not genuine, which is counted; or she does something just now
                    found += await self._tell_partner(read_share(self._core, row), case, now)
            if len(rows) < _AT_ONCE:
                return found
            after = rows[-1]["id"]

    async def _tell_partner(self, share: ShareRow, case: dict[str, Any] | None, now: int) -> bool:
        """Tell a partner, and write down when next; false where she is gone, and her share is about to end."""
        if case is None:
            raise self._core.forgeries.record(share.case_id)
        clear, roster = read_clear(self._core, case), await self._rosters.read()
        partner = roster.leads.get(LeadId(share.partner))
        if partner is None or partner.shut_out or (partner.agreed and partner.agreed.has_ended(self._core.now())):
            return False
        late = clear.is_open and any(one.late_at <= now for one in due_now(share.planned, now))
        answering = owner_or_lowest(roster.there(clear.rungs), clear.owner) if late else ()
        rows = (tell_one(clear, lead, "action_late", now) for lead in sorted(answering))
        after = changed_share_row(self._core.server_key, share, **with_planned(told(share.planned, now)))
        await self._core.commit(after, tell_partner(partner.id, "share_action", now), *rows)
        return True

    async def _tell(self, clear: ClearRow, now: int) -> None:
        roster = await self._rosters.read()
        kinds = dict.fromkeys(_told(clear, roster, now))
        rows = (tell_one(clear, lead, kind, now) for lead, kind in kinds)
        after = clear.with_planned(told(clear.planned, now))
        await self._core.commit(*change_rows(self._core, clear, after), *rows)


def _case_of(case: str) -> Select[Any]:
    return select(cases).where(cases.c.id == case)


def _told(clear: ClearRow, roster: Roster, now: int) -> Iterator[tuple[str, str]]:
    """Give whom to tell of what: an action of somebody who is gone is for the case's owner, or the lowest rung."""
    there = roster.there(clear.rungs)
    answering = owner_or_lowest(there, clear.owner)
    for one in due_now(clear.planned, now):
        if one.owner in there:
            yield one.owner, "action"
        if one.owner not in there or one.late_at <= now:
            yield from ((lead, "action_late") for lead in answering if lead != one.owner)
