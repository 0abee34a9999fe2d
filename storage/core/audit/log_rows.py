"""Rows of the audit log as leaves of its Merkle tree, and the chain that links each to the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from cryptography.hazmat.primitives.constant_time import bytes_eq
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.schema.sites import audit
from storage.database.turn import Logged
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.derive import Field, canonical

AuditRow: TypeAlias = Mapping[str, Any]

#: What a leaf of the tree is of.
_LEAF: Final = ("number", "hour", "lead_id", "action", "case_id", "mac")
NAMES: Final = (*_LEAF, "bound")
_COLUMNS: Final = tuple(audit.c[name] for name in NAMES)
_AFTER: Final = select(*_COLUMNS).where(audit.c.number > bindparam("after")).order_by(audit.c.number)


def leaf_of(row: AuditRow) -> bytes:
    """Give the bytes of a row of which the tree holds the hash, its link of the chain included; the form is frozen."""
    return canonical("hark/audit-leaf/1", *(row[name] for name in _LEAF))


def link(key: ServerKey, before: bytes, number: int, row: Logged) -> bytes:
    """Give the MAC that links a row to the one before, whose MAC is `before`: empty for the first."""
    return key.mac("audit/1", before, number, row.hour, row.lead, row.action, row.case)


def is_linked(key: ServerKey, before: bytes, row: AuditRow) -> bool:
    """Tell whether a row is the one that Hark wrote after the row with the MAC `before`."""
    if row["bound"] is not None:
        return bytes_eq(bind_former(key, before, row), row["bound"])
    return key.made(row["mac"], "audit/1", *_linked(before, row))


def bind_former(key: ServerKey, before: bytes, row: AuditRow) -> bytes:
    """Give the MAC of a row that an earlier server key has linked, under the present one (decision 31).

    The link itself stays as it is: it is a part of the leaf that earlier checkpoints tell of.
    """
    return key.mac("audit-former/1", *_linked(before, row), row["mac"])


def _linked(before: bytes, row: AuditRow) -> tuple[Field, ...]:
    return (before, row["number"], row["hour"], row["lead_id"], row["action"], row["case_id"])


async def rows_after(connection: AsyncConnection, number: int, limit: int) -> list[AuditRow]:
    """Give the rows that follow a number, at most `limit`, in order."""
    found = await connection.execute(_AFTER.limit(limit), {"after": number})
    return [dict(row) for row in found.mappings()]
