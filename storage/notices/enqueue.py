"""The rows by which a deed tells leads and reporters: without content, for recipients only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.duty.escalation import CLIMBING, first_rung, owner_or_lowest
from flows.values.ids import LeadId, Urgency
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import all_rows
from storage.core.integrity import changed_notice, is_bound
from storage.database.schema.base import NEVER
from storage.database.schema.notices import outbox
from storage.database.turn import Delete, Insert, Row
from storage.sealing.keys.server_key import ServerKey
from storage.values import URGENCIES


def tell_ladder(
    clear: ClearRow, rungs: Mapping[LeadId, int], kind: str, now: int, *, page: bool = False
) -> tuple[Row, ...]:
    """Return the rows that tell the first rung now and each next one later, unless a lead acknowledges before.

    Args:
        clear: The case.
        rungs: The recipients' rungs, with who is on duty first; 0 is told first.
        kind: `new` or `raised`.
        now: Seconds since 1970.
        page: Whether the first round goes as fast as for something immediate.
    """
    urgency: Urgency = "immediate" if page else URGENCIES[clear.rank]
    return tuple(_row(clear, lead, kind, rung, _when(clear, urgency, rung, now)) for lead, rung in rungs.items())


def tell_message(clear: ClearRow, rungs: Mapping[LeadId, int], now: int) -> tuple[Row, ...]:
    """Return the rows that tell the owner of a new message, or the first rung if the case has no owner."""
    told = sorted(owner_or_lowest(rungs, clear.owner))
    return tuple(_row(clear, lead, "message", 0, now) for lead in told)


def tell_one(clear: ClearRow, lead: str, kind: str, now: int) -> Row:
    """Return the row that tells one recipient now; `now` is in seconds since 1970."""
    return _row(clear, lead, kind, 0, now)


def tell_partner(partner: str, kind: str, now: int) -> Row:
    """Return the row that tells a partner now; of which case is nothing of hers. `now` is in seconds since 1970."""
    columns = {"case_id": None, "kind": kind, "rank": len(URGENCIES) - 1, "rung": 0, "not_before": now}
    return Insert(outbox, {**columns, "lead_id": partner, "return_id": None})


def tell_reporter(clear: ClearRow, return_id: str, now: int) -> Row:
    """Return the row that tells the reporter that there is something to read; `now` is in seconds since 1970."""
    return Insert(outbox, {**_columns(clear, "reply", 0, now), "lead_id": None, "return_id": return_id})


def time_anew(
    key: ServerKey, clear: ClearRow, ladder: Sequence[Mapping[str, Any]], now: int, *, risen: bool
) -> tuple[Row, ...]:
    """Return the rows that adapt the ladder of a case to the urgency that a lead set; a rise is told at once.

    Args:
        key: For the MACs.
        clear: The case as it is to be, with the due time of its urgency.
        ladder: The rows of the ladder as they were read; what is not genuine among them is left as it is.
        now: Seconds since 1970.
        risen: Whether the case is more urgent than it was; if not, no lead is told sooner for it.
    """
    rows: list[Row] = []
    for row in ladder:
        rung = row["rung"]
        told = {"not_before": _when(clear, URGENCIES[clear.rank], rung, now)} if risen or rung else {}
        if is_bound(key, outbox, row):
            rows.append(changed_notice(key, row, rank=clear.rank, **told))
    return tuple(rows)


async def read_ladder(connection: AsyncConnection, case: str) -> list[dict[str, Any]]:
    """Read the rows of a case that climb; nothing of them is proved yet."""
    return await all_rows(connection, select(outbox).where(outbox.c.case_id == case, outbox.c.kind.in_(CLIMBING)))


def stop_ladder(clear: ClearRow) -> tuple[Row, ...]:
    """Return the rows that end the ladder: a lead has acknowledged."""
    return tuple(Delete(outbox, {"case_id": clear.id, "kind": kind}) for kind in CLIMBING)


def _when(clear: ClearRow, urgency: Urgency, rung: int, now: int) -> int:
    due = None if clear.due_at == NEVER else datetime.fromtimestamp(clear.due_at, UTC)
    return int(first_rung(urgency, rung, datetime.fromtimestamp(now, UTC), due).timestamp())


def _row(clear: ClearRow, lead: str, kind: str, rung: int, at: int) -> Row:
    return Insert(outbox, {**_columns(clear, kind, rung, at), "lead_id": lead, "return_id": None})


def _columns(clear: ClearRow, kind: str, rung: int, at: int) -> dict[str, str | int | bytes | None]:
    return {"case_id": clear.id, "kind": kind, "rank": clear.rank, "rung": rung, "not_before": at}
