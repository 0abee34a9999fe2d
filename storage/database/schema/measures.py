"""The box of each site and term, and its letters: nothing in them leads to a case (decision 38)."""

from __future__ import annotations

from sqlalchemy import Column, PrimaryKeyConstraint, Table

from storage.database.schema.base import Bytes, Small, Words, metadata

#: `term` is the first day of a term (ISO 8601). `wraps` holds the seed behind `public` for each holder; `asked` and
#: `letters` count. `mac` covers every other column, with the `version`, which counts the changes.
boxes = Table(
    "boxes",
    metadata,
    Column("site", Words, nullable=False),
    Column("term", Words, nullable=False),
    Column("public", Bytes, nullable=False),
    Column("wraps", Bytes, nullable=False),
    Column("asked", Small, nullable=False),
    Column("letters", Small, nullable=False),
    Column("version", Small, nullable=False),
    Column("mac", Bytes, nullable=False),
    PrimaryKeyConstraint("site", "term"),
    sqlite_strict=True,
)

#: `id` is random, and drawn when a letter is put in, with others and in no order.
box_letters = Table(
    "box_letters",
    metadata,
    Column("id", Words, primary_key=True),
    Column("site", Words, nullable=False),
    Column("term", Words, nullable=False, index=True),
    Column("sealed", Bytes, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)

#: That somebody was asked, or has answered: known again by the receipt alone.
box_marks = Table(
    "box_marks",
    metadata,
    Column("mark", Bytes, primary_key=True, autoincrement=False),
    Column("term", Words, nullable=False, index=True),
    sqlite_strict=True,
)

#: What waits to be put in, sealed under the key of the day on which it was said; for a day or two.
pending_letters = Table(
    "pending_letters",
    metadata,
    Column("id", Words, primary_key=True),
    Column("day", Words, nullable=False, index=True),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)
