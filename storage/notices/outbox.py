"""The outbox: neutral notices, coalesced and rate-limited for each addressee, the most urgent first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import and_, case, func, select

from flows.duty.escalation import CLIMBING, PAGING, POLICIES, REST, pages
from flows.values.bounds import Rate, RateLimiter
from flows.values.ids import LeadId, SiteId, Urgency
from storage.cases.return_address import open_return_address
from storage.cases.rows.case_row import read_cases
from storage.core.core import StoreCore
from storage.database.schema.notices import outbox, return_addresses
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.lead_chats import LeadChats
from storage.notices.alerts import Alerts
from storage.notices.outcomes import Outcomes, genuine
from storage.values import URGENCIES, Address, Notice
from storage.values.errors import Tampered

#: Rows of one notice; what is beyond is told with the next.
_MOST: Final = 5_000
_LEADS: Final = 10_000  # whose notices are counted
#: The same as `escalation.pages`, for the database.
_PAGES = and_(outbox.c.rank == 0, outbox.c.kind.in_(CLIMBING))


class Outbox:
    """Chooses whom to tell next. One loop reads it; what was given and not done is given again.

    A lead who was told just now is told of all that came meanwhile in one notice, a little later; none is dropped.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, chats: LeadChats, alerts: Alerts) -> None:
        self._core = core
        self._rosters = rosters
        self._chats = chats
        self._alerts = alerts
        self._limiters = {paging: _limiter(PAGING if paging else REST) for paging in (True, False)}
        self._outcomes = Outcomes(core, rosters)
        self.mark_undelivered = self._outcomes.mark_undelivered

    async def next(self, busy: Collection[str] = (), *, leads_only: bool = False) -> Notice | None:
        """Return the most urgent notice that is due, with everything else that is due for the same addressee.

        Addressees in `busy`, who are being told at this moment, are passed over. An addressee whose address is not
        genuine cannot be told in a chat.

        Raises:
            Tampered: The roster, or the ledger, is not the one that was kept.
            Unavailable: The database, the register or the ledger cannot be read.
        """
        while rows := await self._due(busy, leads_only=leads_only):
            known = [row for row in genuine(self._core, rows) if row["kind"] in POLICIES]
            known = await self._of_recipients(known)
            # A sign-in is told where the lead was told before it, and so apart from everything else.
            known = [row for row in known if row["kind"] == "sign_in"] or known
            notice = await self._notice(known) if known else None
            if notice is not None:
                return notice
            # Nobody is there any more to be told, there is nothing to tell, or somebody made the rows up.
            await self._outcomes.drop(rows)
        return None

    async def done(self, notice: Notice) -> frozenset[LeadId]:
        """Note that a notice was told: what climbs waits to be told again, the rest goes. Safe to repeat.

        Returns:
            The recipients of cases of which everybody was told, some of them again, and which nobody acknowledged.

        Raises:
            Conflict: The rows were changed at the same moment, again and again; the notice comes again.
            Unavailable: The database cannot be read or written; the notice comes again.
        """
        in_vain = await self._outcomes.mark_delivered(notice)
        if notice.lead is not None:
            if "alert" in notice.kinds:
                self._alerts.was_told(notice.lead)
            self._limiters[notice.pages].take(notice.lead, self._core.second())
        return in_vain

    async def _due(self, busy: Collection[str], *, leads_only: bool) -> Sequence[Any]:
        now = self._core.second()
        due = outbox.c.not_before <= now
        if leads_only:
            due &= outbox.c.lead_id.is_not(None)
        to = (outbox.c.lead_id, outbox.c.return_id)
        pages, rank = func.max(case((_PAGES, 1), else_=0)), func.min(outbox.c.rank)
        first = (pages.desc(), rank, func.min(outbox.c.not_before), func.min(outbox.c.id))
        async with self._core.read() as connection:
            asked = select(*to, pages.label("pages")).where(due).group_by(*to).order_by(*first)
            for one in (await connection.execute(asked)).all():
                if (one.lead_id or one.return_id) in busy:
                    continue
                if one.lead_id is None or self._limiters[bool(one.pages)].wait(one.lead_id, now) == 0:
                    same = (column.is_not_distinct_from(value) for column, value in zip(to, one[:2], strict=True))
                    rows = select(outbox).where(due, *same).order_by(outbox.c.rank, outbox.c.id).limit(_MOST)
                    return (await connection.execute(rows)).mappings().all()
        return ()

    async def _of_recipients(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Leave out what tells a lead of a case that is not sealed for that lead any more: nobody is told of that."""
        named = {row["case_id"] for row in rows if row["case_id"] and row["lead_id"]}
        found = await read_cases(self._core, named) if named else {}
        shut = {case for case, clear in found.items() if rows[0]["lead_id"] not in clear.named}
        return [row for row in rows if row["case_id"] not in shut]

    async def _notice(self, rows: Sequence[Any]) -> Notice | None:
        lead, own = rows[0]["lead_id"], rows[0]["return_id"]
        elsewhere = rows[0]["kind"] == "sign_in"
        found = await (self._lead(lead, elsewhere=elsewhere) if lead is not None else self._reporter(own))
        if found is None:
            return None
        address, language, site = found
        cases = [row for row in rows if row["case_id"] is not None]
        return Notice(
            ids=tuple(row["id"] for row in rows),
            addressee=lead or own,
            address=address,
            lead=None if lead is None else LeadId(lead),
            kinds=frozenset(row["kind"] for row in rows),
            urgency=_urgency(min(cases, key=itemgetter("rank"))) if cases and lead is not None else None,
            count=len({row["case_id"] for row in cases}),
            language=language,
            pages=any(pages(row["kind"], _urgency(row)) for row in rows),
            site=site,
            signed_in=tuple(sorted(_first_due(row) for row in rows if row["kind"] == "sign_in")),
        )

    async def _lead(self, lead: str, *, elsewhere: bool) -> tuple[Address | None, str, SiteId] | None:
        """Where a lead is told; `elsewhere`: in the chat of before, unless that was a page, which may be shut."""
        card = (await self._rosters.read()).card(lead)
        if card is None or card.disabled:
            return None
        chat = await self._chats.of(card.id, before=elsewhere)
        if elsewhere and chat is not None and chat.door != "telegram":
            return None, card.language, card.site
        return chat, card.language, card.site

    async def _reporter(self, own: str) -> tuple[Address | None, str, None] | None:
        async with self._core.read() as connection:
            asked = select(return_addresses).where(return_addresses.c.id == own)
            row = (await connection.execute(asked)).first()
        if row is None or any(one.kind == "address" and one.id == own for one in self._core.ledger.read()):
            return None
        try:
            return open_return_address(self._core, row.id, row.case_id, row.sealed), row.language, None
        except Tampered:
            return None, row.language, None


def _first_due(row: Mapping[str, Any]) -> datetime:
    """When a row was due first: what was tried in vain has it in `since`. A sign-in is due the second it is made."""
    return datetime.fromtimestamp(row["since"] or row["not_before"], UTC)


def _limiter(rate: Rate) -> RateLimiter[str]:
    return RateLimiter(rate, _LEADS, most=2 * rate.burst)


def _urgency(row: Any) -> Urgency:
    """The urgency of a rank, the nearest that there is: a row that somebody made up must not keep others untold."""
    rank: int = row["rank"]
    return URGENCIES[min(max(rank, 0), len(URGENCIES) - 1)]
