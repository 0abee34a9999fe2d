"""Updates that could not be read: sealed under a day key, as they came, for whoever looks into it."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.schema.base import Bytes, Number, Words, metadata

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Number, primary_key=True),
    Column("day", Words, nullable=False, index=True),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)
