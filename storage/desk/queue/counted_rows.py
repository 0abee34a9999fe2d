"""Counts of a lead's queues: of rows that are genuine. What was counted before and is the same costs no proof."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.rows.case_row import Copy
from storage.core.core import StoreCore
from storage.database.schema.cases import readers
from storage.desk.queue.proved_rows import COLUMNS, is_older, prove_copies, read_copies
from storage.desk.queue.queue_statements import Counted, case_of, count_statement, state_of
from storage.leads.sign_in.session import CountedStates, LeadSession

_ROWS: Final = select(*COLUMNS).where(
    readers.c.lead_id == bindparam("lead"), readers.c.case_id.in_(bindparam("ids", expanding=True))
)


async def count_rows(
    core: StoreCore,
    connection: AsyncConnection,
    session: LeadSession,
    which: Counted,
    values: Mapping[str, object],
    holds: Callable[[Copy], bool],
    since: int,
) -> int:
    """Count the rows of a lead's queue, to 1,000 at most, as far as they are genuine; see `prove_copies`.

    Of what was counted before only case, version and due time are read: of one version there is one copy, it was
    proved, and it belonged into that queue. The due time is compared too, since the time goes on.

    Args:
        core: What was met that is not genuine is noted there.
        connection: One that sees the database as it was at `since` or later.
        session: Whose queue it is.
        which: Which queue.
        values: What `count_statement` takes.
        holds: Whether a row, as it was proved, belongs into the queue.
        since: What `core.known_cases.count` was before the reading began.
    """
    text = (await connection.execute(count_statement(which), values)).scalar()
    found = text.split(",") if text else []
    known = _still_known(core, session.counted.get(which))

    def is_sure(state: str) -> bool:
        copy = session.proved.get(case_of(state))
        return copy is not None and state_of(copy) == state and holds(copy) and not is_older(core, copy, since)

    new = [state for state in found if state not in known and not is_sure(state)]
    proved = await _proved(core, connection, session, [case_of(state) for state in new], since) if new else ()
    right = {state_of(row) for row in proved if holds(row) and session.proved.get(row.case_id) == row}
    session.counted[which] = CountedStates(frozenset(found).difference(new) | right.intersection(new), since)
    return len(found) - len(new) + sum(map(holds, proved))


def _still_known(core: StoreCore, counted: CountedStates | None) -> frozenset[str]:
    """Give the states that were counted, without those of cases of which something was learnt since."""
    if counted is None:
        return frozenset()
    newer = core.known_cases.learnt_after(counted.since)
    return frozenset(one for one in counted.states if case_of(one) not in newer) if newer else counted.states


async def _proved(
    core: StoreCore, connection: AsyncConnection, session: LeadSession, ids: Collection[str], since: int
) -> Sequence[Copy]:
    rows = await read_copies(connection, _ROWS, {"lead": session.lead.id, "ids": ids})
    return await prove_copies(core, connection, session, rows, since)
