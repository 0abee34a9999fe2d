"""How leads are reached outside the page: what was tried lately, and addresses of other pagers."""

from __future__ import annotations

from sqlalchemy import Column, Table, text

from storage.schema.base import Bytes, Number, Words, metadata

#: By lead and channel (a door, or `email`): when a notice was last taken, and last refused for good. 0: never.
reached = Table(
    "reached",
    metadata,
    Column("lead_id", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("taken_at", Number, nullable=False),
    Column("refused_at", Number, nullable=False),
    sqlite_strict=True,
)

#: An address of another pager, sealed under the server key; it is used once `confirmed_at` is set. `mac` covers the
#: row; its newest version stands in the register, so a row that ends stays, emptied.
pagers = Table(
    "pagers",
    metadata,
    Column("lead_id", Words, primary_key=True),
    Column("sealed", Bytes, nullable=False),
    Column("asked_at", Number, nullable=False),
    Column("tries", Number, nullable=False),
    Column("confirmed_at", Number, nullable=False),
    Column("version", Number, nullable=False, server_default=text("0")),
    Column("mac", Bytes, nullable=True),
    sqlite_strict=True,
)
