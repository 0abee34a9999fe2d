"""Cases: a clear row under a MAC, wrapped keys, a sealed header, signed entries, files, and offers of handovers."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, text

from storage.database.schema.base import NEVER, Bytes, Number, Small, Words, metadata, partial_index

#: The clear row (`storage/cases/rows/case_row.py`); `mac` covers every other column. `version` counts every change,
#: `desk_version` those by leads and rises of the urgency. `head` ends the chain over all entries, `access` is a digest
#: over wraps and receipt; `bands` tells how many its source sent that day, where it was more than one. `recipients`
#: tells on which rung each stands and how far each has read: see `storage/core/integrity.py`. `offered` is the lead
#: who is offered it. `keep_until` is the beginning of a month in which its time is over, and `retention` what is noted
#: besides: see `storage/cases/retention.py`. `actions` are those that are open, and `remind_at` is when somebody is
#: told of one next: see `storage/cases/planned.py`.
cases = Table(
    "cases",
    metadata,
    Column("id", Words, primary_key=True),
    Column("reference", Words, nullable=False, unique=True),
    Column("site", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("rank", Small, CheckConstraint("rank BETWEEN 0 AND 3", name="rank"), nullable=False),
    Column("opened_hour", Number, nullable=False),
    Column("touched_hour", Number, nullable=False),
    Column("due", Words, nullable=True),
    Column("due_at", Number, nullable=False, default=NEVER),
    Column("act_at", Number, nullable=False, default=NEVER),
    Column("owner", Words, nullable=True),
    Column("epoch", Small, nullable=False),
    Column("entries", Small, nullable=False),
    Column("own_entries", Small, nullable=False),
    Column("last_word", Small, nullable=False),
    Column("reporter_read", Small, nullable=False),
    Column("head", Bytes, nullable=False),
    Column("access", Bytes, nullable=False),
    Column("header_version", Small, nullable=False),
    Column("desk_version", Small, nullable=False),
    Column("version", Small, nullable=False),
    Column("mac", Bytes, nullable=False),
    Column("bands", Words, nullable=False, server_default=text("''")),
    Column("recipients", Words, nullable=False, server_default=text("''")),
    Column("offered", Words, nullable=True),
    Column("keep_until", Number, nullable=False, default=NEVER, server_default=text(str(NEVER))),
    Column("retention", Words, nullable=False, server_default=text("''")),
    Column("actions", Words, nullable=False, server_default=text("''")),
    Column("remind_at", Number, nullable=False, default=NEVER, server_default=text(str(NEVER))),
    sqlite_strict=True,
)
# For `storage/upkeep/destroying.py`, `storage/desk/many_cases/own_cases.py` and `storage/notices/reconcile.py`.
partial_index("ix_cases_keep_until", cases.c.keep_until, where=cases.c.keep_until < NEVER)
partial_index("ix_cases_retention", cases.c.id, where=cases.c.retention != "")
# For `storage/upkeep/reminders.py` and `storage/desk/many_cases/own_cases.py`.
partial_index("ix_cases_remind_at", cases.c.remind_at, where=cases.c.remind_at < NEVER)
partial_index("ix_cases_unacknowledged", cases.c.id, where=cases.c.due == "acknowledge")


def _of_case() -> Column[str]:
    return Column("case_id", Words, ForeignKey("cases.id"), nullable=False)


#: The commitments to the keys of each epoch.
epochs = Table(
    "epochs",
    metadata,
    _of_case(),
    Column("epoch", Small, nullable=False),
    Column("talk", Bytes, nullable=False),
    Column("desk", Bytes, nullable=False),
    PrimaryKeyConstraint("case_id", "epoch"),
    sqlite_strict=True,
)

#: Who opens an epoch: `holder` is a lead's id, or empty for the reporter and the recovery key.
wraps = Table(
    "wraps",
    metadata,
    _of_case(),
    Column("epoch", Small, nullable=False),
    Column("key_id", Bytes, nullable=False),
    Column("kind", Words, nullable=False),
    Column("holder", Words, nullable=False),
    Column("digest", Bytes, nullable=False),
    Column("blob", Bytes, nullable=False),
    PrimaryKeyConstraint("case_id", "epoch", "key_id"),
    sqlite_strict=True,
)

#: What a receipt leads to, and the public keys that belong to it; `verifying` ends with the key of the receipt before,
#: where what a lead took down was confirmed (decision 32).
receipts = Table(
    "receipts",
    metadata,
    Column("row_id", Bytes, primary_key=True),
    Column("case_id", Words, ForeignKey("cases.id"), nullable=False, unique=True),
    Column("wrapping", Bytes, nullable=False),
    Column("verifying", Bytes, nullable=False),
    sqlite_strict=True,
)

#: One header a case, under the desk key of its epoch.
headers = Table(
    "headers",
    metadata,
    Column("case_id", Words, ForeignKey("cases.id"), primary_key=True),
    Column("version", Small, nullable=False),
    Column("epoch", Small, nullable=False),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)

#: Append-only. `kind` is `talk` or `desk`; `author` is a lead's id, or empty for the reporter.
entries = Table(
    "entries",
    metadata,
    _of_case(),
    Column("number", Small, nullable=False),
    Column("epoch", Small, nullable=False),
    Column("kind", Words, CheckConstraint("kind IN ('talk', 'desk')", name="kind"), nullable=False),
    Column("author", Words, nullable=False),
    Column("hour", Number, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("signature", Bytes, nullable=False),
    PrimaryKeyConstraint("case_id", "number"),
    sqlite_strict=True,
)

#: Files that entries tell of, in parts; each file is sealed under a key of its own, which stands in its entry.
files = Table(
    "files",
    metadata,
    Column("id", Words, nullable=False),
    Column("number", Small, nullable=False),
    _of_case(),
    Column("sealed", Bytes, nullable=False),
    Column("mac", Bytes, nullable=False),
    PrimaryKeyConstraint("id", "number"),
    sqlite_strict=True,
)
Index("ix_files_case", files.c.case_id)

#: The queue of each recipient: what it is ordered and counted by, copied from the case. No row, no case. `mac` covers
#: all of it with the `version` of the case that it is a copy of: a row without it is counted for nobody.
readers = Table(
    "readers",
    metadata,
    Column("lead_id", Words, nullable=False),
    _of_case(),
    Column("open", Small, nullable=False),
    Column("rank", Small, nullable=False),
    Column("due_at", Number, nullable=False),
    Column("status", Words, nullable=False),
    Column("owner", Words, nullable=True),
    Column("rung", Small, nullable=False),
    Column("read_to", Small, nullable=False),
    Column("unread", Small, nullable=False),
    Column("band", Small, nullable=False, server_default=text("1")),
    Column("mac", Bytes, nullable=True),
    Column("version", Number, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("lead_id", "case_id"),
    sqlite_strict=True,
)
_ORDER = (readers.c.rank, readers.c.band, readers.c.due_at, readers.c.case_id)
Index("ix_readers_case", readers.c.case_id)
Index("ix_readers_queue", readers.c.lead_id, readers.c.open, *_ORDER)
Index("ix_readers_mine", readers.c.lead_id, readers.c.owner, readers.c.open, *_ORDER)
Index("ix_readers_due", readers.c.lead_id, readers.c.open, readers.c.due_at)
# For `storage/desk/queue/queue.py`.
partial_index("ix_readers_new", readers.c.lead_id, *_ORDER, where=readers.c.status == "new")
partial_index("ix_readers_unread", readers.c.lead_id, *_ORDER, where=readers.c.unread == 1)


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
