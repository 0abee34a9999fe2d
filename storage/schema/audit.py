"""Who did what, without content: each row's MAC covers the one before, so none can be changed or left out."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from storage.schema.base import Bytes, Number, Words, metadata

audit = Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("hour", Number, nullable=False),
    Column("lead_id", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("case_id", Words, nullable=True),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)
Index("ix_audit_case", audit.c.case_id, audit.c.number)
