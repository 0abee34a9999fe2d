"""Brings every row under another server key, in one transaction: before its commit nothing has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Table, delete, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.audit.log_rows import NAMES, bind_former, is_linked, link
from storage.core.core import all_rows
from storage.core.integrity import bind
from storage.database import instrumentation
from storage.database.apply import apply
from storage.database.copying.copy_tables import Tell
from storage.database.engines.engine import KEY, NEW, Change, DatabaseEngine
from storage.database.schema.leads import deployment, invites
from storage.database.schema.sites import audit
from storage.database.turn import Cell, Logged, Turn
from storage.reporters.receipts import is_deployment
from storage.sealing.keys.server_key import ServerKey
from storage.upkeep.rotation.anew import ANEW
from storage.upkeep.rotation.cores import Cores
from storage.upkeep.rotation.roster_rows import roster_anew
from storage.values.errors import AlreadySeen, Conflict, Unavailable

#: What the audit log calls it.
SERVER_KEY: Final = "server_key"
#: A row as it was read, and its columns that change.
_Changed: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Cell]]
_AT_ONCE: Final = 500  # rows that are read and written in one go


async def is_under(connection: AsyncConnection, key: ServerKey) -> bool:
    """Tell whether a database is under a key, by the one row that every database has; false where there is none."""
    rows = await all_rows(connection, select(deployment))
    return bool(rows) and is_deployment(key, rows[0])


async def bind_rows(cores: Cores, connection: AsyncConnection, kind: DatabaseEngine, tell: Tell) -> tuple[str, ...]:
    """Bring all rows under the new key, end every invite, and write into the audit log that it was done.

    Args:
        cores: Of both keys.
        connection: In a transaction that the caller commits, or rolls back on any error.
        kind: The database's.
        tell: Called after each batch.

    Returns:
        The names whose invites were good still, and have ended.

    Raises:
        Tampered: The roster is not what was kept.
        Unfit: Something begun and not sent was kept by an older Hark.
        Unavailable: A file beside the key cannot be read, or somebody else writes to the database.
    """
    counts = {table: await _count(connection, table) for table in (*ANEW, audit)}
    done, total = 0, sum(counts.values())
    rows = await roster_anew(cores, connection)  # read before any of it changes
    for table, anew in ANEW.items():
        async for some in _pages(connection, table):
            changed = [(row, anew(cores, row)) for row in some]
            await _write(connection, kind, table, [(row, cells) for row, cells in changed if cells is not None])
            done = min(done + len(some), total)  # a row whose key changes may be met twice
            tell(table.name, done, total)
    async for links in _audit_pages(cores, connection):
        await _write(connection, kind, audit, links)
        done += len(links)
        tell(audit.name, done, total)
    uninvited = await _end_invites(cores, connection)
    key, said = cores.new.server_key, Logged(cores.new.hour(), "", SERVER_KEY)
    turn = Turn(tuple(bind(key, row) for row in (*rows, said)))
    try:
        await connection.run_sync(apply, [turn], partial(link, key), kind)
    except (AlreadySeen, Conflict):
        raise Unavailable from None
    return uninvited


async def _audit_pages(cores: Cores, connection: AsyncConnection) -> AsyncIterator[list[_Changed]]:
    """Links keep the MAC that the tree holds, and get one of the new key over it; what is not linked gets none."""
    before, old, new = b"", cores.old.server_key, cores.new.server_key
    async for rows in _pages(connection, audit):
        some: list[_Changed] = []
        for row in rows:
            own = {name: row[name] for name in NAMES}
            some.append((row, {"bound": bind_former(new, before, own) if is_linked(old, before, own) else None}))
            before = row["mac"]
        yield some


async def _end_invites(cores: Cores, connection: AsyncConnection) -> tuple[str, ...]:
    """Take away all invites, whose codes are kept as MACs only; give the names of those that were good still."""
    alive = select(invites.c.name).where(invites.c.expires_at > cores.old.second()).order_by(invites.c.name)
    names = (await connection.execute(alive)).scalars().all()
    await connection.execute(delete(invites))
    return tuple(dict.fromkeys(names))


async def _write(
    connection: AsyncConnection,
    kind: DatabaseEngine,
    table: Table,
    changed: Sequence[_Changed],
) -> None:
    keys = tuple(column.name for column in table.primary_key)
    shapes: defaultdict[tuple[str, ...], list[dict[str, Cell]]] = defaultdict(list)
    for row, cells in changed:
        shapes[tuple(cells)].append(
            {f"{KEY}{name}": row[name] for name in keys} | {f"{NEW}{name}": cell for name, cell in cells.items()}
        )
    for columns, rows in shapes.items():
        await connection.run_sync(kind.change_rows, Change(table, keys, columns, ()), rows)
        instrumentation.reach("commit.midway")


async def _pages(connection: AsyncConnection, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
    """Give all rows by key; one whose key changes meanwhile may be given again, and is then what it became."""
    key = tuple(table.primary_key)
    asked = select(table).order_by(*key).limit(_AT_ONCE)
    after = asked
    while rows := await all_rows(connection, after):
        yield rows
        after = asked.where(_behind(key, rows[-1]))


def _behind(key: Sequence[Any], row: Mapping[str, Any]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = tuple_(*key) > tuple_(*(literal(row[one.name], one.type) for one in key))
    return found


async def _count(connection: AsyncConnection, table: Table) -> int:
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
