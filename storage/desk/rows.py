"""A loaded case as a row of the queue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flows.ids import SiteId
from storage.desk.loading import Loaded
from storage.people.roster import Roster
from storage.schema.base import NEVER
from storage.values import URGENCIES, CaseRow, Due, Status


def case_row(loaded: Loaded, roster: Roster) -> CaseRow:
    """Give the row that handlers show."""
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
    )


def at_second(second: int) -> datetime:
    """Give a stored time."""
    return datetime.fromtimestamp(second, UTC)
