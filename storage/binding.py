"""Rows that are bound one by one under the server's MAC: what puts a case into a queue, and what is to be told to whom.

Of a queue's row the MAC covers everything, with the version of the case that it is a copy of; of a notice what never
changes. So nobody who writes the database puts a case into another lead's queue, or out of sight in it, or has somebody
told; what does change of a notice is checked against the case, or decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Table

from storage.schema.cases import readers
from storage.schema.notices import outbox
from storage.sealing.server_key import ServerKey
from storage.turns import Insert, Row, UpdateAll

#: The label of a table's MAC, and the columns that it covers.
BOUND: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    readers.name: (
        "reader/2",
        (
            *("lead_id", "case_id", "version", "open", "rank", "band", "due_at", "status", "owner", "rung"),
            *("read_to", "unread"),
        ),
    ),
    outbox.name: ("notice/1", ("lead_id", "return_id", "case_id", "kind")),
}


def bind(key: ServerKey, row: Row) -> Row:
    """Give a row as it is written: with its MAC if all that this covers is written, else as it was."""
    if not isinstance(row, Insert | UpdateAll) or row.table.name not in BOUND:
        return row
    if isinstance(row, Insert):
        return replace(row, values={**row.values, "mac": mac_of(key, row.table, row.values)})
    written = {**row.key, **row.values}
    whole = all(name in written for name in BOUND[row.table.name][1])
    return replace(row, values={**row.values, "mac": mac_of(key, row.table, written)}) if whole else row


def mac_of(key: ServerKey, table: Table, row: Mapping[str, Any]) -> bytes:
    """Give the MAC of a row of a bound table. About 8 µs."""
    label, names = BOUND[table.name]
    return key.mac(label, *(row.get(name) for name in names))


def is_bound(key: ServerKey, table: Table, row: Mapping[str, Any]) -> bool:
    """Tell whether a row of a bound table, as it was read, is one that Hark wrote."""
    label, names = BOUND[table.name]
    return key.made(row["mac"], label, *(row[name] for name in names))
