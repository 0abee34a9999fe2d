"""What is kept of chats: all sealed under day keys, and gone after three days at most."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.database.schema.base import Bytes, Number, Small, Words, metadata, partial_index

#: Marks of the updates that were committed; HMACs under a day key, of door and update id.
seen = Table(
    "seen",
    metadata,
    Column("mark", Bytes, primary_key=True, autoincrement=False),
    Column("day", Words, nullable=False, index=True),
    sqlite_strict=True,
)

#: The texts of definitions that drafts were begun with, by SHA-256 in hexadecimal.
definitions = Table(
    "definitions",
    metadata,
    Column("hash", Words, primary_key=True),
    Column("text", Words, nullable=False),
    sqlite_strict=True,
)

#: One draft an address; `address` is an HMAC under a server subkey.
drafts = Table(
    "drafts",
    metadata,
    Column("address", Bytes, primary_key=True),
    Column("version", Small, nullable=False),
    Column("day", Words, nullable=False),
    Column("touched_hour", Number, nullable=False, index=True),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)

#: Messages that were spoken or heard, for tidying up; with `delete_at`, to be deleted then.
spoken = Table(
    "spoken",
    metadata,
    Column("id", Number, primary_key=True),
    Column("address", Bytes, nullable=False, index=True),
    Column("day", Words, nullable=False, index=True),
    Column("delete_at", Number, nullable=True),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)
partial_index("ix_spoken_due", spoken.c.delete_at, where=spoken.c.delete_at.is_not(None))

#: What a chat has sent on a day; `mark` is an HMAC under the day key, of door and chat id.
sources = Table(
    "sources",
    metadata,
    Column("mark", Bytes, primary_key=True),
    Column("day", Words, nullable=False),
    Column("version", Small, nullable=False),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)

#: Concerns that are kept while their receipt may not have been shown.
unspoken = Table(
    "unspoken",
    metadata,
    Column("id", Words, primary_key=True),
    Column("day", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)


quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Number, primary_key=True),
    Column("day", Words, nullable=False, index=True),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)
