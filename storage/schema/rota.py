"""Who is on duty at each site: one row a site, under the server's MAC."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.schema.base import Bytes, Small, Words, metadata

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
