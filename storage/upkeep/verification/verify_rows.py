"""Checks single rows that are bound by themselves: notices, shares, leads' own rows, boxes, threads, what is live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.rows.box_row import box_name
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.copying.key_order import rows_after as rows_of
from storage.database.schema.cases import files
from storage.database.schema.leads import deployment, grants, name_segments, passkeys
from storage.database.schema.measures import box_letters, boxes
from storage.database.schema.notices import outbox, pagers, reached
from storage.database.schema.shares import share_answers, shares
from storage.database.schema.sites import live, rota
from storage.database.schema.together import boards, checkins, letters, thread_writings, threads
from storage.desk.many_cases.grants import grant_name
from storage.desk.oversight.golive import LIVE, is_live_row
from storage.desk.partnership.together.board import board_name
from storage.desk.partnership.together.evaluations import count_evaluations
from storage.desk.partnership.together.thread_rows import count_writings
from storage.leads.pager_rows import is_pager_row, is_reached_row, pager_name, reached_name
from storage.leads.rota import is_rota_row, rota_name
from storage.leads.sign_in.passkeys.passkey_rows import is_passkey_row, passkeys_name
from storage.leads.sign_in.unlock_records import STATE, is_state_row, state_name
from storage.reporters.receipts import DEPLOYMENT, is_deployment

_AT_ONCE = 200  # rows that are read and checked in one go
#: Tables of which each row is bound by itself, and which may be long.
_LONG: Final = (
    *(outbox, files, name_segments, shares, share_answers, threads, thread_writings, letters, checkins),
    box_letters,
)


async def verify_rows(core: StoreCore) -> bool:
    """Check notices, the leads' own rows, pagers, rotas and what is live; nothing is changed, what fails is counted.

    Versions that are newer than noted are noted.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The database, or the register, cannot be read or written.
    """
    floors = core.register.read().floors  # before the rows: what is committed meanwhile is newer than these
    async with core.read() as connection:
        versions = dict(await _versions(core, connection))
        miscounted = await _miscounted(connection)
    made_up = miscounted + sum([await _made_up(core, table) for table in _LONG])
    wrong = [name for name, floor in floors.items() if versions.get(name, 0) < floor]
    wrong += (name for name, version in versions.items() if version < 0 and name not in floors)
    for _ in range(made_up + len(wrong)):
        core.forgeries.record()
    for name, version in versions.items():
        core.register.note_floor(name, version)
    return not wrong and not made_up


async def _versions(core: StoreCore, connection: AsyncConnection) -> Iterator[tuple[str, int]]:
    """Give the version of each row, -1 where the row is not genuine."""
    key = core.server_key
    states = await all_rows(connection, select(*STATE))
    own = await _rows(connection, pagers)
    plans, lives = await _rows(connection, rota), await _rows(connection, live)
    found = [(state_name(row["id"]), row["totp_step"], is_state_row(key, row)) for row in states]
    found += [(pager_name(row["lead_id"]), row["version"], is_pager_row(key, row)) for row in own]
    for row in await _rows(connection, reached):
        genuine = is_reached_row(key, row) or not row["version"]  # of before: it stands for nothing tried
        found.append((reached_name(row["lead_id"], row["channel"]), row["version"], genuine))
    found += [(rota_name(row["site"]), row["version"], is_rota_row(key, row)) for row in plans]
    keys = await _rows(connection, passkeys)
    found += [(passkeys_name(row["lead_id"]), row["version"], is_passkey_row(key, row)) for row in keys]
    found += [(DEPLOYMENT, 1, is_deployment(key, row)) for row in await _rows(connection, deployment)]
    found += [
        (grant_name(row["lead_id"]), row["version"], is_bound(key, grants, row))
        for row in await _rows(connection, grants)
    ]
    found += [(LIVE, row["version"], is_live_row(key, row)) for row in lives]
    found += [
        (board_name(row["site"]), row["version"], is_bound(key, boards, row)) for row in await _rows(connection, boards)
    ]
    found += [(name, count, True) for name, count in (await count_evaluations(key, connection)).items()]
    found += [(name, count, True) for name, count in (await count_writings(key, connection)).items()]
    found += [
        (box_name(row["site"], row["term"]), row["version"], is_bound(key, boxes, row))
        for row in await _rows(connection, boxes)
    ]
    return ((name, version if genuine else -1) for name, version, genuine in found)


async def _made_up(core: StoreCore, table: Table) -> int:
    """How many rows of a table that may be long are not genuine."""
    found, last = 0, None
    while True:
        async with core.read() as connection:
            rows = await all_rows(connection, rows_of(table, last).limit(_AT_ONCE))
        if not rows:
            return found
        found += sum(not is_bound(core.server_key, table, row) for row in rows)
        last = [rows[-1][column.name] for column in table.primary_key]


async def _miscounted(connection: AsyncConnection) -> int:
    """Count the boxes that do not hold as many letters as they tell."""
    there = select(box_letters.c.site, box_letters.c.term, func.count()).group_by(
        box_letters.c.site, box_letters.c.term
    )
    counted = {(site, term): count for site, term, count in await connection.execute(there)}
    told = {(row["site"], row["term"]): row["letters"] for row in await _rows(connection, boxes)}
    return sum(counted.get(box, 0) != told.get(box, 0) for box in counted.keys() | told.keys())


async def _rows(connection: AsyncConnection, table: Table) -> list[dict[str, Any]]:
    return await all_rows(connection, select(table))
