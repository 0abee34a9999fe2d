"""When something that is done now and then was last done, to the hour; nothing of a case or a person."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.schema.base import Number, Words, metadata

happened = Table(
    "happened",
    metadata,
    Column("what", Words, primary_key=True),
    Column("hour", Number, nullable=False),
    sqlite_strict=True,
)
