"""Shares: what a partner was given of a case, under a key of its own, and what she answers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, text

from storage.database.schema.base import Bytes, Number, Small, Words, metadata, partial_index

#: `sealed` is a copy of parts of the case under a key of its own, which `wrapped` holds for the partner's key `key_id`;
#: both are emptied at the end. `state` is one of `storage/cases/rows/share_row.py`, `answers` how many she has given.
#: Until she answers, those who shared it are told from `answer_by` on (seconds since 1970, 0 for never), once a day; so
#: often they were `told`. `round_table` is a round table as its partner is given it, under a key of its own, wrapped
#: for her in the same bytes; it is emptied at the end too. `actions` are those that are hers and open, a number and
#: days alone (`storage/cases/planned.py`), and `remind_at` is when she is told next, 0 for never. `mac` covers every
#: other column, with the `version`, which counts the changes.
shares = Table(
    "shares",
    metadata,
    Column("id", Words, primary_key=True),
    Column("case_id", Words, ForeignKey("cases.id"), nullable=False),
    Column("partner", Words, nullable=False),
    Column("until", Number, nullable=False),
    Column("state", Words, nullable=False),
    Column("answers", Small, nullable=False),
    Column("key_id", Bytes, nullable=False),
    Column("wrapped", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("version", Small, nullable=False),
    Column("mac", Bytes, nullable=False),
    Column("answer_by", Number, nullable=False, server_default=text("0")),
    Column("told", Small, nullable=False, server_default=text("0")),
    Column("round_table", Bytes, nullable=True),
    Column("actions", Words, nullable=False, server_default=text("''")),
    Column("remind_at", Number, nullable=False, server_default=text("0")),
    sqlite_strict=True,
)
Index("ix_shares_case", shares.c.case_id)
Index("ix_shares_partner", shares.c.partner)
partial_index("ix_shares_remind_at", shares.c.remind_at, where=shares.c.remind_at > 0)

#: Until a recipient of the case opens it, and takes them into it as entries. `wraps` are of one key for each who was a
#: recipient when it was given; `signature` is the partner's.
share_answers = Table(
    "share_answers",
    metadata,
    Column("share_id", Words, nullable=False),
    Column("number", Small, nullable=False),
    Column("case_id", Words, ForeignKey("cases.id"), nullable=False),
    Column("wraps", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("signature", Bytes, nullable=False),
    Column("mac", Bytes, nullable=False),
    PrimaryKeyConstraint("share_id", "number"),
    sqlite_strict=True,
)
Index("ix_share_answers_case", share_answers.c.case_id)
