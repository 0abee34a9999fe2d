"""Offers of a handover that wait to be accepted: one a case, under the server's MAC."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from storage.schema.base import Bytes, Words, metadata

#: Until `taker` accepts, `giver` stays the owner.
handovers = Table(
    "handovers",
    metadata,
    Column("case_id", Words, ForeignKey("cases.id"), primary_key=True),
    Column("giver", Words, nullable=False),
    Column("taker", Words, nullable=False, index=True),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)
