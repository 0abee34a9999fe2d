"""Notices that wait to be sent, return addresses, and how leads are reached outside the page."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, text

from storage.database.schema.base import Bytes, Number, Small, Words, metadata
from storage.database.schema.base import Bytes as Sealed

#: Either for a lead or for a return address, not before a time; `rung` 0 is told first. `told` counts how often a rung
#: of the ladder was told, `held` is 1 once its lead has held the ladder. `since` is when it was first tried in vain; of
#: a sign-in that was, when she signed in. `mac` covers all of it with its `version`, which counts the changes; the
#: process remembers the newest of what nothing else tells of: see `storage/core/known_notices.py`.
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
    Column("version", Number, nullable=False, server_default=text("0")),
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


#: By lead and channel (a door, or `email`): when a notice was last taken, and last refused for good. 0: never. `mac`
#: covers the row; `version` counts how often that turned, and its newest stands in the register.
reached = Table(
    "reached",
    metadata,
    Column("lead_id", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("taken_at", Number, nullable=False),
    Column("refused_at", Number, nullable=False),
    Column("version", Number, nullable=False, server_default=text("0")),
    Column("mac", Bytes, nullable=True),
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
