"""What becomes of the rows of the outbox, written down: after a notice was told or was not, and when they are due.

What is decided stands in `flows/duty/retries.py` and `flows/duty/escalation.py`; here rows are read and written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias, TypeVar

from sqlalchemy import Select, bindparam, func, select

from flows.duty import escalation
from flows.duty.escalation import CLIMBING, POLICIES
from flows.duty.retries import LATEST, Ladder, PendingNotice, Settled, Waiting, alerted_for, settle
from flows.values.ids import LeadId
from storage.cases.return_address import UNHEARD
from storage.cases.rows.case_row import read_cases
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import changed_notice, is_bound
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases
from storage.database.schema.notices import outbox, return_addresses
from storage.database.turn import Cell, Cells, Delete, Logged, Row, Update, UpdateAll
from storage.leads.roster.rosters import Rosters
from storage.notices.enqueue import tell_one
from storage.values import URGENCIES, Arrival, Notice
from storage.values.errors import Conflict

Held: TypeAlias = Literal["held", "already", "nothing"]

_Result = TypeVar("_Result")

_AT_ONCE: Final = 500  # rows that are brought near in one go
_TRIES: Final = 8  # leads and reporters may change a ladder at the same moment
_OF_CASES = (
    select(outbox, *(cases.c[name].label(f"case_{name}") for name in ("rank", "due", "due_at")))
    .join(cases, cases.c.id == outbox.c.case_id)
    .where(outbox.c.case_id.in_(bindparam("cases", expanding=True)), outbox.c.kind.in_(CLIMBING))
)


class Outcomes:
    """Writes what became of notices that were told, or were not; safe to repeat."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def mark_delivered(self, notice: Notice) -> frozenset[LeadId]:
        """Note that a notice arrived: what climbs waits to be told again, the rest goes.

        Returns:
            The recipients of cases of which everybody was told, some of them again, and which nobody acknowledged.

        Raises:
            Unavailable: The database cannot be read or written; nothing changed.
            Conflict: Others changed the rows at the same moment, again and again; nothing changed.
        """

        async def settled_rows() -> tuple[frozenset[LeadId], tuple[Row, ...]]:
            rows, read = await self._rows(notice.ids)
            settled = settle(rows, await self._ladders(rows, read), "delivered", self._core.second())
            gone = (Delete(outbox, {"id": one}) for one in notice.ids if one not in settled.next)
            return settled.in_vain, (*self._changes(settled, read), *gone)

        return await self._kept(settled_rows)

    async def mark_undelivered(self, notice: Notice, *, blocked: bool) -> tuple[frozenset[LeadId] | None, ...]:
        """Note that a notice did not arrive: it waits for another try or is given up, and others are told now.

        Args:
            notice: What did not arrive.
            blocked: Whether the addressee refused it for good.

        Returns:
            Whom to alert, as `Alerts.note` takes it, for each alert: the recipients of cases of which a notice was
                given up, and None for everybody who answers for Hark.

        Raises:
            Tampered: The roster is not the one that was kept; nothing changed.
            Unavailable: The database cannot be read or written; nothing changed.
            Conflict: Others changed the rows at the same moment, again and again; nothing changed.
        """
        outcome: Literal["blocked", "failed"] = "blocked" if blocked else "failed"

        async def settled_rows() -> tuple[tuple[PendingNotice, ...], tuple[Row, ...]]:
            rows, read = await self._rows(notice.ids)
            settled = settle(rows, await self._ladders(rows, read), outcome, self._core.second())
            changed, given_up = tuple(self._changes(settled, read)), settled.given_up(rows)
            if notice.lead is None:
                return given_up, (*changed, *(await self._unheard(notice, given_up) if given_up else ()))
            return given_up, (*changed, *await self._to_others(notice.lead, settled.to_others))

        given_up = await self._kept(settled_rows)
        return () if notice.lead is None else await self._alerted(given_up)

    async def drop(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Delete the rows of an addressee who does not exist any more; a reporter's news is told to other readers.

        Rows that are not genuine go as well, or get back what they were, as far as that is remembered.

        Raises:
            Tampered: The roster is not the one that was kept; nothing changed.
            Unavailable: The database cannot be read or written; nothing changed.
        """
        lead = rows[0]["lead_id"]
        kinds = {kind for kind, policy in POLICIES.items() if policy.to_others}
        key = self._core.server_key
        news = (row["case_id"] for row in rows if row["kind"] in kinds and is_bound(key, outbox, row))
        others = await self._to_others(LeadId(lead), set(news)) if lead is not None else []
        await self._core.commit(*(self._put_right(row) for row in rows), *others)

    def _put_right(self, row: Mapping[str, Any]) -> Row:
        """Delete a row; one that somebody changed, and that is remembered as it was, gets that back."""
        known = self._core.known_notices.get(row["id"])
        if known is None or is_bound(self._core.server_key, outbox, row):
            return Delete(outbox, {"id": row["id"]})
        return UpdateAll(outbox, {"id": row["id"]}, {name: value for name, value in known.items() if name != "id"})

    async def _kept(self, settled_rows: Callable[[], Awaitable[tuple[_Result, tuple[Row, ...]]]]) -> _Result:
        """Commit what is decided; decided anew where a lead has held, raised or acknowledged a case meanwhile."""
        for _ in range(_TRIES):
            result, rows = await settled_rows()
            with suppress(Conflict):
                await self._core.commit(*rows)
                return result
        raise Conflict

    def _changes(self, settled: Settled, read: Mapping[int, Mapping[str, Any]]) -> Iterator[Row]:
        key = self._core.server_key
        for one, state in settled.next.items():
            if isinstance(state, Waiting):
                values = {"not_before": state.not_before, "told": state.told, "since": state.since}
                yield changed_notice(key, read[one], **values)
            else:
                yield Delete(outbox, {"id": one})
        yield from (Delete(outbox, {"id": one}) for one in sorted(settled.superseded))
        now = self._core.second()
        yield from (changed_notice(key, read[one], not_before=now) for one in sorted(settled.due_now))

    async def _unheard(self, notice: Notice, given_up: Iterable[PendingNotice]) -> list[Row]:
        """Note that a reporter does not hear of news, and tell the owner of the case, or its first rung.

        An address that was taken back meanwhile is not noted: the commit raises `Conflict` where that is just done.
        """
        kept = select(return_addresses.c.id).where(return_addresses.c.id == notice.addressee)
        async with self._core.read() as connection:
            if (await connection.execute(kept)).first() is None:
                return []
        own: Cells = {"id": notice.addressee}
        told: list[Row] = [Update(return_addresses, own, {"refused": 1}, own)]
        for clear in (await read_cases(self._core, {one.case for one in given_up if one.case})).values():
            told.append(Logged(self._core.hour(), "", UNHEARD, clear.id))
            leads = escalation.owner_or_lowest(clear.rungs, clear.owner)
            told += (tell_one(clear, lead, "unheard", self._core.second()) for lead in leads)
        return told

    async def _to_others(self, lead: LeadId, named: Collection[str]) -> list[Row]:
        """Tell others of the news of cases that did not reach one lead."""
        if not named:
            return []
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(outbox).where(outbox.c.case_id.in_(named)))
        told: defaultdict[str, set[LeadId]] = defaultdict(set)
        for row in genuine(self._core, rows):
            told[row["case_id"]].add(row["lead_id"])
        roster, now, rest = await self._rosters.read(), self._core.second(), list[Row]()
        for clear in (await read_cases(self._core, named)).values():
            others = escalation.others_to_tell(roster.there(clear.rungs), told[clear.id], lead)
            rest += (tell_one(clear, other, "message", now) for other in others)
        return rest

    async def _alerted(self, given_up: Sequence[PendingNotice]) -> tuple[frozenset[LeadId] | None, ...]:
        named, everybody = alerted_for(given_up)
        found = (await read_cases(self._core, named)).values() if named else ()
        recipients = (frozenset(lead for clear in found for lead in clear.rungs),) if named else ()
        return (*recipients, None) if everybody else recipients

    async def _rows(self, ids: Sequence[int]) -> tuple[list[PendingNotice], dict[int, dict[str, Any]]]:
        """Give notices, and by id their rows as they were read."""
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(outbox).where(outbox.c.id.in_(ids)))
        own = genuine(self._core, rows)
        return [_pending(row) for row in own], {row["id"]: row for row in own}

    async def _ladders(self, rows: Iterable[PendingNotice], read: dict[int, dict[str, Any]]) -> dict[str, Ladder]:
        """Give the ladders that these stand on; what was read of them besides is added to `read`."""
        named = {row.case for row in rows if row.kind in CLIMBING and row.case is not None}
        if not named:
            return {}
        by_case: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        async with self._core.read() as connection:
            found = await all_rows(connection, _OF_CASES, {"cases": sorted(named)})
        for row in genuine(self._core, found):
            by_case[row["case_id"]].append(row)
            read[row["id"]] = row
        return {case: _ladder(own) for case, own in by_case.items()}


class NoticeTimes:
    """Puts off rows of the outbox, and brings near what a clock that was set back left too far ahead."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def hold(self, arrival: Arrival, lead: LeadId) -> Held:
        """Hold the ladder of each case that a lead was told of, for ten minutes, once a lead and case; never the clock.

        The update is committed as seen, whatever comes of it.

        Raises:
            AlreadySeen: The update was committed before.
            Unavailable: The database cannot be read or written; nothing is held.
            Conflict: The rows were changed at the same moment, again and again; nothing is held.
        """
        for _ in range(_TRIES):
            found, rows = await self._holding(lead)
            with suppress(Conflict):  # one of them was told of just now
                await self._core.commit(*self._core.marks.seen_rows(arrival), *rows)
                return found
        raise Conflict

    async def _holding(self, lead: LeadId) -> tuple[Held, list[Row]]:
        mine = select(outbox).where(outbox.c.lead_id == lead, outbox.c.kind.in_(CLIMBING), outbox.c.told > 0)
        own = genuine(self._core, await self._asked(mine))
        fresh = {row["id"]: row for row in own if not row["held"]}
        until = self._core.second() + int(escalation.HOLD.total_seconds())
        named = {row["case_id"] for row in fresh.values()}
        sooner = select(outbox).where(
            outbox.c.case_id.in_(named), outbox.c.kind.in_(CLIMBING), outbox.c.not_before < until
        )
        marked: dict[int, dict[str, Cell]] = {one: {"held": 1} for one in fresh}
        read = dict(fresh)
        for row in genuine(self._core, await self._asked(sooner)):
            marked.setdefault(row["id"], {})["not_before"] = until
            read.setdefault(row["id"], row)
        rows = [changed_notice(self._core.server_key, read[one], **values) for one, values in marked.items()]
        return ("held" if fresh else "already") if own else "nothing", rows

    async def correct(self) -> int:
        """Make due now what a clock that was set back left too far ahead, as far as it can be told; how many.

        Raises:
            Unavailable: The database cannot be read or written; what was made due stays so.
        """
        found, now = 0, self._core.second()
        rungs = func.count().over(partition_by=outbox.c.case_id)
        immediate = select(outbox, rungs.label("rungs")).where(outbox.c.rank == 0, outbox.c.kind.in_(CLIMBING))
        for row in await self._asked(immediate.order_by(outbox.c.not_before.desc()).limit(_AT_ONCE)):
            if row["not_before"] > now + escalation.longest_wait("immediate", row["rungs"]).total_seconds():
                found += await self._bring_near([row], now)
        return found + await self._correct_others(now)

    async def _correct_others(self, now: int) -> int:
        """The same for what waits an hour at most, and for a first rung, which waits for a hold at most."""
        first = outbox.c.kind.in_(CLIMBING) & (outbox.c.rung == 0) & (outbox.c.told == 0) & (outbox.c.since == 0)
        held = first & (outbox.c.not_before > now + int(escalation.HOLD.total_seconds()))
        tried = outbox.c.kind.not_in(CLIMBING) & (outbox.c.not_before > now + int(LATEST.total_seconds()))
        return await self._bring_near(await self._asked(select(outbox).where(held | tried).limit(_AT_ONCE)), now)

    async def _bring_near(self, rows: Sequence[Mapping[str, Any]], now: int) -> int:
        """Make rows due now, as far as they are genuine and nobody changes them at this moment; how many."""
        near = [changed_notice(self._core.server_key, row, not_before=now) for row in genuine(self._core, rows)]
        if not near:
            return 0
        with suppress(Conflict):  # the next minute looks again
            await self._core.commit(*near)
            return len(near)
        return 0

    async def _asked(self, asked: Select[Any]) -> list[dict[str, Any]]:
        async with self._core.read() as connection:
            return await all_rows(connection, asked)


def genuine(core: StoreCore, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the outbox whose MAC holds; every other is counted, and no lead is told of it."""
    found = [dict(row) for row in rows if is_bound(core.server_key, outbox, row)]
    for _ in range(len(rows) - len(found)):
        core.forgeries.record()
    return found


def _pending(row: Mapping[str, Any]) -> PendingNotice:
    numbers = {name: row[name] for name in ("id", "rung", "told", "since", "not_before")}
    return PendingNotice(kind=row["kind"], lead=row["lead_id"], case=row["case_id"], **numbers)


def _ladder(rows: Sequence[Mapping[str, Any]]) -> Ladder:
    one = rows[0]
    due = None if one["case_due_at"] == NEVER else datetime.fromtimestamp(one["case_due_at"], UTC)
    acknowledged = one["case_due"] != "acknowledge"
    return Ladder(URGENCIES[one["case_rank"]], acknowledged, due, tuple(map(_pending, rows)))
