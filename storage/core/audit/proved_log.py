"""Reads the latest rows of the audit log, each proved by its link to the one before: what a lead is shown of it."""

from __future__ import annotations

import asyncio
from typing import Final

from sqlalchemy import select

from storage.core.audit.log_rows import NAMES, AuditRow, is_linked
from storage.core.core import StoreCore, all_rows
from storage.database.schema.sites import audit

_AT_ONCE: Final = 500
_ROWS: Final = select(*(audit.c[name] for name in NAMES)).order_by(audit.c.number.desc())


async def rows_since(core: StoreCore, hour: int, most: int | None = None) -> list[AuditRow]:
    """Give the rows from an hour on, the newest first; at most `most`. What is not linked is counted and left out.

    Args:
        core: For the database, and the key of the chain.
        hour: In seconds since 1970.
        most: How many rows at most; all without it.

    Raises:
        Unavailable: The database cannot be read.
    """
    found: list[AuditRow] = []
    asked, after = _ROWS.limit(_AT_ONCE + 1), None
    while True:
        async with core.read() as connection:
            rows = await all_rows(connection, asked)
        for row, before in zip(rows, [*rows[1:], None], strict=True):
            if before is None and len(rows) > _AT_ONCE:
                after = row["number"]  # it is the first of the next go
                break
            if row["hour"] < hour or (most is not None and len(found) >= most):
                return found
            if is_linked(core.server_key, b"" if before is None else before["mac"], row):
                found.append(row)
            else:
                core.forgeries.record()
        if len(rows) <= _AT_ONCE:
            return found
        asked = _ROWS.where(audit.c.number <= after).limit(_AT_ONCE + 1)
        await asyncio.sleep(0)
