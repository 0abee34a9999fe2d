"""Who is told of what, and when: the ladder. Rows without content, for recipients only."""

from __future__ import annotations

from collections.abc import Mapping

from flows.known import LeadId
from storage.cases.clear import Clear
from storage.schema.base import NEVER
from storage.schema.notices import outbox
from storage.turns import Delete, Insert, Row

_PAGING = 5 * 60  # seconds between rungs while something immediate is unacknowledged
_CLIMBING = 60 * 60  # seconds between rungs of the rest, once it is overdue


def tell_ladder(clear: Clear, rungs: Mapping[LeadId, int], kind: str, now: int) -> tuple[Row, ...]:
    """Tell the first rung now, and each next one later unless somebody has acknowledged by then.

    Args:
        clear: The case.
        rungs: The recipients' rungs; 0 is told first.
        kind: `new` or `raised`.
        now: Seconds since 1970.
    """
    return tuple(_row(clear, lead, kind, rung, _when(clear, rung, now)) for lead, rung in rungs.items())


def tell_message(clear: Clear, rungs: Mapping[LeadId, int], now: int) -> tuple[Row, ...]:
    """Tell the owner of a new message, or the first rung where nobody owns the case."""
    first = min(rungs.values(), default=0)
    owner = {lead for lead in rungs if lead == clear.owner}
    told = owner or {lead for lead, rung in rungs.items() if rung == first}
    return tuple(_row(clear, lead, "message", 0, now) for lead in sorted(told))


def tell_one(clear: Clear, lead: str, kind: str, now: int) -> Row:
    """Tell one recipient now."""
    return _row(clear, lead, kind, 0, now)


def tell_reporter(clear: Clear, return_id: str, now: int) -> Row:
    """Tell the reporter that there is something to read."""
    return Insert(outbox, {**_columns(clear, "reply", 0, now), "lead_id": None, "return_id": return_id})


def stop_ladder(clear: Clear) -> tuple[Row, ...]:
    """Tell nobody else: somebody has acknowledged."""
    return tuple(Delete(outbox, {"case_id": clear.id, "kind": kind}) for kind in ("new", "raised"))


def _when(clear: Clear, rung: int, now: int) -> int:
    if clear.rank == 0 or rung == 0:
        return now + rung * _PAGING
    overdue = clear.due_at if clear.due_at != NEVER else now + _CLIMBING
    return overdue + (rung - 1) * _CLIMBING


def _row(clear: Clear, lead: str, kind: str, rung: int, at: int) -> Row:
    return Insert(outbox, {**_columns(clear, kind, rung, at), "lead_id": lead, "return_id": None})


def _columns(clear: Clear, kind: str, rung: int, at: int) -> dict[str, str | int | bytes | None]:
    return {"case_id": clear.id, "kind": kind, "rank": clear.rank, "rung": rung, "not_before": at}
