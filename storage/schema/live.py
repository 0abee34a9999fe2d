"""What the leads have decided of going live: one row, under the server's MAC."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Table

from storage.schema.base import Bytes, Small, Words, metadata

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
