"""What leads decided of going live, who is on duty at each site, and the audit chain."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table

from storage.database.schema.base import Bytes, Number, Small, Words, metadata

#: `standing` is canonical JSON: the sites that are live, what Telegram carries, and what was asked for and by whom.
live = Table(
    "live",
    metadata,
    Column("id", Small, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("version", Small, nullable=False),
    Column("standing", Words, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)


#: `plan` is canonical JSON: time zone, seven weekdays of lead ids, and dates that differ.
rota = Table(
    "rota",
    metadata,
    Column("site", Words, primary_key=True),
    Column("version", Small, nullable=False),
    Column("plan", Words, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)


#: `mac` links a row to the one before; `bound` is there for a row of an earlier server key, and is the MAC of the
#: present one over all of it, `mac` too: see `storage/core/audit/log_rows.py`.
audit = Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("hour", Number, nullable=False),
    Column("lead_id", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("case_id", Words, nullable=True),
    Column("mac", Bytes, nullable=False),
    Column("bound", Bytes, nullable=True),
    sqlite_strict=True,
)
Index("ix_audit_case", audit.c.case_id, audit.c.number)
