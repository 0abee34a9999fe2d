"""Rows of a lead's queue, each proved before anything is shown or counted by it.

A row is a copy of a version of its case. Where one is not genuine, or of another version than its case, that is noted,
and what the clear row of the case says is taken in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.rows.case_row import Copy, queue_rows, read_clear
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.cases import cases, readers
from storage.leads.sign_in.session import LeadSession
from storage.values.errors import Tampered

#: What has to be asked for to prove a row.
COLUMNS: Final = tuple(readers.c[name] for name in Copy._fields)
_OF = cases.c.id.in_(bindparam("ids", expanding=True))
_VERSIONS = select(cases.c.id, cases.c.version).where(_OF)
_CLEAR = select(cases).where(_OF)


async def read_copies(
    connection: AsyncConnection, asked: Select[Any], values: Mapping[str, object] | None = None
) -> list[Copy]:
    """Give the rows that `asked` finds of `COLUMNS`, in order, as they were found.

    Nothing of them is proved yet: `prove_copies` has to see them before anything is shown or counted.
    """
    return [Copy._make(row) for row in (await connection.execute(asked, values)).all()]


async def prove_copies(
    core: StoreCore,
    connection: AsyncConnection,
    session: LeadSession,
    rows: Sequence[Copy],
    since: int,
    versions: Mapping[str, int] | None = None,
) -> list[Copy]:
    """Give rows of a lead's queue in order, each genuine or made again from its case.

    Left out is what was never in this lead's queue. What a session has seen proved once, and is still the newest that
    this process knows, needs no proof again: 1,000 cases cost some 20 ms the first time only.

    Args:
        core: What was met that is not genuine is noted there.
        connection: The one by which `rows` were read.
        session: Whose queue it is.
        rows: As `read_copies` gave them.
        since: What `core.known_cases.count` was before the reading began.
        versions: That of each case that is there; they are read where nobody has read them yet.
    """
    new = [row for row in rows if session.proved.get(row.case_id) != row or is_older(core, row, since)]
    if not new:
        return list(rows)
    newest = await _versions(connection, new) if versions is None else versions
    right = await _proved(core, connection, session, new, since, newest)
    return [known for row in rows if (known := right.get(row.case_id, row)) is not None]


async def _versions(connection: AsyncConnection, rows: Sequence[Copy]) -> dict[str, int]:
    asked = {"ids": [row.case_id for row in rows]}
    return {row["id"]: row["version"] for row in await all_rows(connection, _VERSIONS, asked)}


async def _proved(
    core: StoreCore,
    connection: AsyncConnection,
    session: LeadSession,
    new: Sequence[Copy],
    since: int,
    versions: Mapping[str, int],
) -> dict[str, Copy | None]:
    """Give what is to be taken in the place of each row that is not genuine, or None for nothing."""
    wrong = []
    for row in new:
        newest = versions.get(row.case_id) == row.version and not is_older(core, row, since)
        if newest and _is_bound(core, session, row):
            session.proved.put(row.case_id, row)
        else:
            core.forgeries.record(row.case_id)
            wrong.append(row)
    return await _made_again(core, connection, session, wrong)


async def _made_again(
    core: StoreCore, connection: AsyncConnection, session: LeadSession, wrong: Sequence[Copy]
) -> dict[str, Copy | None]:
    if not wrong:
        return {}
    # Where the case itself is not genuine, a copy that is one is the better witness: nobody's case goes uncounted.
    right: dict[str, Copy | None] = {row.case_id: row if _is_bound(core, session, row) else None for row in wrong}
    for row in await all_rows(connection, _CLEAR, {"ids": list(right)}):
        with suppress(Tampered):
            cells: Any = queue_rows(read_clear(core, row)).get(session.lead.id)
            right[row["id"]] = None if cells is None else Copy(case_id=row["id"], mac=None, **cells)
    return right


def is_older(core: StoreCore, row: Copy, since: int) -> bool:
    """Whether a newer version of a row's case is known; `since` as for `prove_copies`."""
    return core.known_cases.is_older(row.case_id, row.version, since)


def _is_bound(core: StoreCore, session: LeadSession, row: Copy) -> bool:
    return is_bound(core.server_key, readers, {"lead_id": session.lead.id, **row._asdict()})
