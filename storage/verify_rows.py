"""Checks the rows of no case that are bound one by one: each is the newest that was kept, and none is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.binding import is_bound
from storage.deployment import DEPLOYMENT, is_deployment
from storage.ground import Ground, all_rows
from storage.live import LIVE, is_live_row
from storage.pagers import is_pager_row, pager_name
from storage.people.states import STATE, is_state_row, state_name
from storage.rota import is_rota_row, rota_name
from storage.schema.channels import pagers
from storage.schema.live import live
from storage.schema.notices import outbox
from storage.schema.people import deployment
from storage.schema.rota import rota


async def verify_rows(ground: Ground) -> bool:
    """Check notices, the leads' own rows, pagers, rotas and what is live; nothing is changed, what fails is counted.

    Versions that are newer than noted are noted.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The database, or the register, cannot be read or written.
    """
    async with ground.read() as connection:
        versions = dict(await _versions(ground, connection))
        made_up = await _made_up(ground, connection)
    floors = ground.noted().floors
    wrong = [name for name, floor in floors.items() if versions.get(name, 0) < floor]
    wrong += (name for name, version in versions.items() if version < 0 and name not in floors)
    for _ in range(made_up + len(wrong)):
        ground.forged()
    for name, version in versions.items():
        ground.note_floor(name, version)
    return not wrong and not made_up


async def _versions(ground: Ground, connection: AsyncConnection) -> Iterator[tuple[str, int]]:
    """Give the version of each row, -1 where the row is not genuine."""
    key = ground.server_key
    states = await all_rows(connection, select(*STATE))
    own = await _rows(connection, pagers)
    plans, lives = await _rows(connection, rota), await _rows(connection, live)
    found = [(state_name(row["id"]), row["totp_step"], is_state_row(key, row)) for row in states]
    found += [(pager_name(row["lead_id"]), row["version"], is_pager_row(key, row)) for row in own]
    found += [(rota_name(row["site"]), row["version"], is_rota_row(key, row)) for row in plans]
    found += [(DEPLOYMENT, 1, is_deployment(key, row)) for row in await _rows(connection, deployment)]
    found += [(LIVE, row["version"], is_live_row(key, row)) for row in lives]
    return ((name, version if genuine else -1) for name, version, genuine in found)


async def _made_up(ground: Ground, connection: AsyncConnection) -> int:
    return sum(not is_bound(ground.server_key, outbox, row) for row in await _rows(connection, outbox))


async def _rows(connection: AsyncConnection, table: Table) -> list[dict[str, Any]]:
    return await all_rows(connection, select(table))
