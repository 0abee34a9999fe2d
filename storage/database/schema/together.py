"""What people write together: threads, sealed for those who take part."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table

from storage.database.schema.base import Bytes, Number, Small, Words, metadata

#: A goal, or what is to stand on the board, at one site. `wraps` are of its key, one for each of those who take part;
#: `writings` is how many there are. `mac` covers all of it with its `version`, which counts the changes; the register
#: holds how many writings a site has (`storage/desk/together/threads.py`).
threads = Table(
    "threads",
    metadata,
    Column("id", Words, primary_key=True),
    Column("site", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("writings", Small, nullable=False),
    Column("wraps", Bytes, nullable=False),
    Column("version", Number, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)
Index("ix_threads_site", threads.c.site)

#: Numbered from 1; `signature` is the author's.
thread_writings = Table(
    "thread_writings",
    metadata,
    Column("thread_id", Words, ForeignKey("threads.id"), nullable=False),
    Column("number", Small, nullable=False),
    Column("author", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("signature", Bytes, nullable=False),
    Column("mac", Bytes, nullable=False),
    PrimaryKeyConstraint("thread_id", "number"),
    sqlite_strict=True,
)
