"""What people write together: threads, sealed for those who take part."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table

from storage.database.schema.base import Bytes, Number, Small, Words, metadata

#: A goal, or what is to stand on the board, at one site. `wraps` are of its key, one for each of those who take part;
#: `writings` is how many there are. `mac` covers all of it with its `version`, which counts the changes; the register
#: holds how many writings a site has (`storage/desk/partnership/together/threads.py`).
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

#: A thank-you, for one reader: `period` is the month it was written in; who wrote it, with a signature, is inside the
#: seal. Or an answer of a term, which `period` is, for the site's leads: its `id` is a mark that only its author's keys
#: make. `wraps` are of its key, one for each reader. `mac` covers all of it; the register holds how many answers a site
#: has of a term.
letters = Table(
    "letters",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("site", Words, nullable=False),
    Column("period", Words, nullable=False),
    Column("wraps", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)
Index("ix_letters_kind", letters.c.kind, letters.c.site, letters.c.period)

#: How it is going, once a week and person: `week` is the ordinal of its Monday, `mark` what only her own keys make,
#: empty in the row that says that the site was told of that week. `mac` covers all of it.
checkins = Table(
    "checkins",
    metadata,
    Column("site", Words, nullable=False),
    Column("week", Number, nullable=False),
    Column("mark", Words, nullable=False),
    Column("answer", Words, nullable=False),
    Column("mac", Bytes, nullable=False),
    PrimaryKeyConstraint("site", "week", "mark"),
    sqlite_strict=True,
)

#: What stands on the board of a site, public by intention: `entries` as JSON. `mac` covers it with its `version`, whose
#: newest stands in the register.
boards = Table(
    "boards",
    metadata,
    Column("site", Words, primary_key=True),
    Column("version", Number, nullable=False),
    Column("entries", Words, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)
