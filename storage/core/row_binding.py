"""Binds single rows under the server's MAC: who is to be told what, and how far each recipient of a case has read.

They are under the case's MAC. What the queues hold of it is copied from here, and whom to tell is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Table

from flows.values.ids import LeadId
from storage.database.schema.cases import readers
from storage.database.schema.notices import outbox
from storage.database.turn import Insert, Row, UpdateAll
from storage.sealing.keys.server_key import ServerKey

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


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """One of the leads who open the case; `read_to` is the last entry that was shown to that lead, 0 for none."""

    lead: LeadId
    rung: int
    read_to: int = 0


def write_recipients(recipients: Iterable[Recipient]) -> str:
    """Give the text that stands in the clear row, such as `LEAD=0/1 LEAD=1/0`: rung and last entry read."""
    return " ".join(f"{one.lead}={one.rung}/{one.read_to}" for one in sorted(recipients))


def read_recipients(text: str) -> dict[LeadId, Recipient]:
    """Read what `write_recipients` gave, once its MAC was verified."""
    found: dict[LeadId, Recipient] = {}
    for one in text.split():
        lead, _, numbers = one.partition("=")
        rung, _, read_to = numbers.partition("/")
        found[LeadId(lead)] = Recipient(LeadId(lead), int(rung), int(read_to))
    return found


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
