"""Counts for whoever runs Hark, over all sites and people together; how they may be shown is decided by the caller."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, func, select

from flows.values.ids import Urgency
from storage.core.core import StoreCore
from storage.database.schema.cases import cases
from storage.database.schema.leads import deployment
from storage.database.schema.notices import outbox
from storage.values import URGENCIES
from storage.values.errors import Unavailable

#: Rows that are counted in one go: a few milliseconds, so that nobody's turn waits behind the counting.
_SLICE: Final = 2_000
_CLOSED: Final = frozenset({"closed", "merged", "transferred"})


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """Open cases by urgency, and those of them whose first clock still runs."""

    open: Mapping[Urgency, int]
    unacknowledged: Mapping[Urgency, int]


@dataclass(frozen=True, slots=True)
class Overdue:
    """Notices that should have been delivered by now: how many, and for how many seconds the oldest."""

    count: int
    seconds: int


class Counting:
    """Reads totals. Every method but `answers` raises `Unavailable` where the database cannot be read."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def answers(self) -> bool:
        """Return whether the database answers a query; that it does not is counted as a failure."""
        try:
            async with self._core.read() as connection:
                return (await connection.execute(select(deployment.c.id))).first() is not None
        except Unavailable:
            return False

    async def queue(self) -> QueueDepth:
        """Count the open cases in slices; a million take some seconds, during which others can read and write.

        Each slice is 2,000 cases and a state of its own: a case that changes meanwhile may be counted either way.
        """
        is_open, unread, after = Counter[Urgency](), Counter[Urgency](), ""
        columns = select(cases.c.id, cases.c.rank, cases.c.status, cases.c.due).order_by(cases.c.id).limit(_SLICE)
        while True:
            async with self._core.read() as connection:
                rows = (await connection.execute(columns.where(cases.c.id > after))).all()
            for row in rows:
                if row.status not in _CLOSED:
                    is_open[URGENCIES[row.rank]] += 1
                    unread[URGENCIES[row.rank]] += row.due == "acknowledge"
            if len(rows) < _SLICE:
                return QueueDepth(is_open, unread)
            after = rows[-1].id
            await asyncio.sleep(0)

    async def overdue(self) -> Overdue:
        """Count the notices that are due and still there; what waits for a later rung does not count.

        `seconds` is how long the oldest of them has been due, 0 where there is none.
        """
        now = self._core.second()
        since = func.min(case((outbox.c.since > 0, outbox.c.since), else_=outbox.c.not_before))
        asked = select(func.count(), since).where((outbox.c.not_before <= now) | (outbox.c.since > 0))
        async with self._core.read() as connection:
            count, oldest = (await connection.execute(asked)).one()
        return Overdue(count, now - oldest if count else 0)
