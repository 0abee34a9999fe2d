"""What is wrong with Hark itself, as far as somebody has to look: kinds and counts, nothing of a case or a person."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.schema.base import Number, Small, Words, metadata

#: `lead_id` is empty where everybody who answers for Hark may know of it, else the one lead it is for.
alerts = Table(
    "alerts",
    metadata,
    Column("kind", Words, primary_key=True),
    Column("lead_id", Words, primary_key=True),
    Column("times", Small, nullable=False),
    Column("first_at", Number, nullable=False),
    Column("last_at", Number, nullable=False),
    Column("told_at", Number, nullable=False),
    sqlite_strict=True,
)
