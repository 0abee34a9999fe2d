"""The ladder as rows of the outbox: a rung that was told waits to be told again, until somebody acknowledges.

`storage/notices/enqueue.py` writes the rows with the case and removes them with the acknowledgement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Select, bindparam, func, select

from flows.cases import escalation
from flows.values.ids import LeadId
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases
from storage.database.schema.notices import outbox
from storage.database.turn import Delete, Row, UpdateAll
from storage.values import URGENCIES, Arrival

#: The kinds of notice that climb.
CLIMBING: Final = ("new", "raised")
#: Seconds that anything else waits at most until it is tried again.
LATEST: Final = 3600
Held: TypeAlias = Literal["held", "already", "nothing"]

_OF_CASES = (
    select(
        *(outbox.c[name] for name in ("id", "case_id", "lead_id", "return_id", "kind", "mac", "told", "since")),
        *(cases.c[name] for name in ("rank", "due", "due_at")),
    )
    .join(cases, cases.c.id == outbox.c.case_id)
    .where(outbox.c.case_id.in_(bindparam("cases", expanding=True)), outbox.c.kind.in_(CLIMBING))
)


@dataclass(frozen=True, slots=True)
class Climbed:
    """The outcome of telling rows: the rows to write, and the recipients of cases where all were told, in vain."""

    rows: tuple[Row, ...]
    in_vain: frozenset[LeadId]


class Ladder:
    """Puts off, holds and sets right the rows that climb."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def told(self, ids: Sequence[int], *, arrived: bool = True) -> Climbed:
        """Give what becomes of rows that were told or tried: those of unacknowledged cases wait again, others go."""
        waiting = await self._rows(await self._cases(ids))
        by_case = _by_case(waiting)
        kept = {row["id"]: row for row in waiting if row["due"] == "acknowledge"}
        mine, now = set(ids), self._core.now()
        stale = {old for one in ids if one in kept for old in _before(kept[one], by_case)}
        rows: list[Row] = [Delete(outbox, {"id": old}) for old in sorted(stale - mine)]
        for one in ids:
            row = kept.get(one)
            if row is None or one in stale:
                rows.append(Delete(outbox, {"id": one}))
                continue
            leads = {other["lead_id"] for other in by_case[row["case_id"]]}
            at = escalation.told_again(URGENCIES[row["rank"]], len(leads), now, _due(row))
            values = {"not_before": int(at.timestamp()), "told": row["told"] + arrived}
            values["since"] = 0 if arrived else row["since"] or int(now.timestamp())
            rows.append(UpdateAll(outbox, {"id": one}, values))  # gone meanwhile is no matter
        vain = {row["case_id"] for row in kept.values() if row["id"] in mine and row["told"]}
        tried = (case for case in vain if all(row["told"] or row["since"] for row in by_case[case]))
        ended = (one for case in tried for one in by_case[case])
        return Climbed(tuple(rows), frozenset(LeadId(one["lead_id"]) for one in ended))

    async def hold(self, arrival: Arrival, lead: LeadId) -> Held:
        """Hold the ladder of each case that a lead was told of, for ten minutes, once a lead and case; never the clock.

        The update is committed as seen, whatever comes of it.
        """
        mine = select(outbox).where(outbox.c.lead_id == lead, outbox.c.kind.in_(CLIMBING), outbox.c.told > 0)
        own = genuine(self._core, await self._asked(mine))
        fresh = [row for row in own if not row["held"]]
        until = self._core.second() + int(escalation.HOLD.total_seconds())
        named = {row["case_id"] for row in fresh}
        sooner = select(outbox.c.id).where(
            outbox.c.case_id.in_(named), outbox.c.kind.in_(CLIMBING), outbox.c.not_before < until
        )
        marked = {row["id"]: {"held": 1} for row in fresh}
        for row in await self._asked(sooner):
            marked.setdefault(row["id"], {})["not_before"] = until
        rows = (UpdateAll(outbox, {"id": one}, values) for one, values in marked.items())
        await self._core.commit(*self._core.marks.seen_rows(arrival), *rows)
        if not own:
            return "nothing"
        return "held" if fresh else "already"

    async def set_right(self) -> int:
        """Bring near again what a clock that was set back left too far ahead, as far as it can be told; how many."""
        found, now = 0, self._core.second()
        rungs = func.count().over(partition_by=outbox.c.case_id)
        immediate = select(outbox.c.id, outbox.c.not_before, rungs.label("rungs")).where(
            outbox.c.rank == 0, outbox.c.kind.in_(CLIMBING)
        )
        for row in await self._asked(immediate.order_by(outbox.c.not_before.desc()).limit(500)):
            if row["not_before"] > now + escalation.longest_wait("immediate", row["rungs"]).total_seconds():
                await self._core.commit(UpdateAll(outbox, {"id": row["id"]}, {"not_before": now}))
                found += 1
        return found + await self._at_once(now)

    async def _at_once(self, now: int) -> int:
        """The same for what waits an hour at most, and for a first rung, which waits for a hold at most."""
        first = outbox.c.kind.in_(CLIMBING) & (outbox.c.rung == 0) & (outbox.c.told == 0) & (outbox.c.since == 0)
        held = first & (outbox.c.not_before > now + int(escalation.HOLD.total_seconds()))
        tried = outbox.c.kind.not_in(CLIMBING) & (outbox.c.not_before > now + LATEST)
        rows = await self._asked(select(outbox.c.id).where(held | tried).limit(500))
        if rows:
            await self._core.commit(*(UpdateAll(outbox, {"id": row["id"]}, {"not_before": now}) for row in rows))
        return len(rows)

    async def _cases(self, ids: Sequence[int]) -> Collection[str]:
        asked = select(outbox.c.case_id).where(outbox.c.id.in_(ids), outbox.c.kind.in_(CLIMBING))
        return {row["case_id"] for row in await self._asked(asked)}

    async def _rows(self, named: Collection[str]) -> list[dict[str, Any]]:
        async with self._core.read() as connection:
            rows = await all_rows(connection, _OF_CASES, {"cases": sorted(named)}) if named else []
        return genuine(self._core, rows)

    async def _asked(self, asked: Select[Any]) -> list[dict[str, Any]]:
        async with self._core.read() as connection:
            return await all_rows(connection, asked)


def genuine(core: StoreCore, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the outbox whose MAC holds; every other is counted, and no lead is told of it."""
    found = [dict(row) for row in rows if is_bound(core.server_key, outbox, row)]
    for _ in range(len(rows) - len(found)):
        core.forgeries.record()
    return found


def _by_case(rows: Sequence[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["case_id"]].append(row)
    return found


def _before(row: Mapping[str, Any], by_case: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[int]:
    """What the same lead was to be told of the same case before it rose: told of the rise, a lead knows."""
    for other in by_case[row["case_id"]]:
        if other["lead_id"] == row["lead_id"] and other["id"] < row["id"]:
            yield other["id"]


def _due(row: Mapping[str, Any]) -> datetime | None:
    return None if row["due_at"] == NEVER else datetime.fromtimestamp(row["due_at"], UTC)
