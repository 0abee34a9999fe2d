"""Notices that wait to be spoken, without content, and the return addresses that reporters asked for."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, text

from storage.schema.base import Bytes as Sealed
from storage.schema.base import Number, Small, Words, metadata

#: Either for a lead or for a return address, not before a time; `rung` 0 is told first. `told` counts how often a rung
#: of the ladder was told, `held` is 1 once its lead has held the ladder, `since` is when it was first tried in vain.
#: `mac` covers addressee, case and kind: see `binding.py`.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("lead_id", Words, nullable=True),
    Column("return_id", Words, nullable=True),
    Column("case_id", Words, nullable=True, index=True),
    Column("kind", Words, nullable=False),
    Column("rank", Small, nullable=False),
    Column("rung", Small, nullable=False),
    Column("not_before", Number, nullable=False, index=True),
    Column("told", Small, nullable=False, server_default=text("0")),
    Column("held", Small, nullable=False, server_default=text("0")),
    Column("since", Number, nullable=False, server_default=text("0")),
    Column("mac", Sealed, nullable=True),
    sqlite_strict=True,
)

#: Sealed under the server key; destroyed on close or on request. `refused` is 1 once a notice did not arrive.
return_addresses = Table(
    "return_addresses",
    metadata,
    Column("id", Words, primary_key=True),
    Column("case_id", Words, ForeignKey("cases.id"), nullable=False, unique=True),
    Column("language", Words, nullable=False),
    Column("sealed", Sealed, nullable=False),
    Column("refused", Small, nullable=False, server_default=text("0")),
    sqlite_strict=True,
)
