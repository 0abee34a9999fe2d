"""What is genuine: MACs of single rows, the newest of each case that this process knows, and counts of what is not.

Somebody who writes the database can write neither a MAC nor this memory. So a case that is put back, or taken away
while nobody has acknowledged it, is noticed by the next look at it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table

from flows.values.bounds import Bounded
from flows.values.ids import LeadId
from storage.database.schema.cases import cases, files, readers
from storage.database.schema.leads import grants, name_segments
from storage.database.schema.measures import box_letters, boxes
from storage.database.schema.notices import outbox
from storage.database.schema.shares import share_answers, shares
from storage.database.schema.together import boards, checkins, letters, thread_writings, threads
from storage.database.turn import Cell, Insert, Row, Turn, Update, UpdateAll
from storage.sealing.keys.server_key import ServerKey
from storage.values import CaseId
from storage.values.errors import Tampered

#: All columns of a notice but its MAC.
NOTICE: Final = (
    *("id", "lead_id", "return_id", "case_id", "kind", "rank", "rung", "not_before", "told", "held", "since"),
    "version",
)
#: The label of a table's MAC, and the columns that it covers.
BOUND: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    readers.name: (
        "reader/2",
        (
            *("lead_id", "case_id", "version", "open", "rank", "band", "due_at", "status", "owner", "rung"),
            *("read_to", "unread"),
        ),
    ),
    files.name: ("file/1", ("id", "number", "case_id", "sealed")),
    grants.name: (
        "grant/1",
        ("lead_id", "taker", "scope", "since", "after", "granted", "sealed", "version"),
    ),
    name_segments.name: ("names/1", ("lead_id", "segment", "sealed")),
    outbox.name: ("notice/2", NOTICE),
    shares.name: (
        "share/1",
        ("id", "case_id", "partner", "until", "state", "answers", "key_id", "wrapped", "sealed", "version"),
    ),
    boxes.name: ("box/1", ("site", "term", "public", "wraps", "asked", "letters", "version")),
    box_letters.name: ("box-letter/1", ("id", "site", "term", "sealed")),
    share_answers.name: ("share-answer/1", ("share_id", "number", "case_id", "wraps", "sealed", "signature")),
    threads.name: ("thread/1", ("id", "site", "kind", "writings", "wraps", "version")),
    boards.name: ("board/1", ("site", "version", "entries")),
    checkins.name: ("checkin/1", ("site", "week", "mark", "answer")),
    letters.name: ("letter/1", ("id", "kind", "site", "period", "wraps", "sealed")),
    thread_writings.name: ("thread-writing/1", ("thread_id", "number", "author", "sealed", "signature")),
}
#: Columns that came later, one step after the other, with the label of a MAC that covers them as well, and those of the
#: steps before, where one of them is neither 0 nor empty. What was there before is bound as it was.
LATER: Final[Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    shares.name: (
        ("share/2", ("answer_by", "told")),
        ("share/3", ("round_table",)),
        ("share/4", ("actions", "remind_at")),
    )
}
_NEW_NOTICE: Final[Mapping[str, Cell]] = {"told": 0, "held": 0, "since": 0, "version": 1}
_SUSPECTS: Final = 1_000  # cases of which it is remembered that something was not genuine, until that is told
#: Cases that are remembered, the latest that nobody has acknowledged and the latest others; some 8 MB each.
_MOST: Final = 20_000


def _drawn() -> Iterator[int]:
    """Give ids of notices that grow with time, and that two processes do not draw at once: milliseconds and chance."""
    newest = 0
    while True:
        newest = max(newest + 1, (time.time_ns() // 1_000_000 << _CHANCE) + secrets.randbelow(1 << _CHANCE))
        yield newest


_CHANCE: Final = 20  # bits
_NOTICE_IDS: Final = _drawn()


class Forgeries:
    """Counts what is not genuine; one for a store. `suspects` are the cases in which it was found, 1,000 at most."""

    def __init__(self) -> None:
        """Begin at none."""
        self.count = 0
        self.suspects: set[CaseId] = set()

    def record(self, case: str | None = None) -> Tampered:
        """Count one, found in `case` or in none, and give the refusal for the caller to raise."""
        self.count += 1
        if case is not None and len(self.suspects) < _SUSPECTS:
            self.suspects.add(CaseId(case))
        return Tampered()


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """One of the leads who open a case; `read_to` is the last entry that was shown to that lead, 0 for none."""

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
        values = {**_NEW_NOTICE, "id": next(_NOTICE_IDS), **row.values} if row.table is outbox else row.values
        return replace(row, values={**values, "mac": mac_of(key, row.table, values)})
    written = {**row.key, **row.values}
    whole = all(name in written for name in BOUND[row.table.name][1])
    return replace(row, values={**row.values, "mac": mac_of(key, row.table, written)}) if whole else row


def changed_notice(key: ServerKey, row: Mapping[str, Any], **values: Cell) -> Row:
    """Give the row that changes columns of a notice, as it was read: its next version, whole and with its MAC.

    The commit raises `Conflict` where another turn has changed or removed it since.
    """
    after = {**{name: row[name] for name in NOTICE}, **values, "version": row["version"] + 1}
    mac = mac_of(key, outbox, after)
    return Update(outbox, {"id": after.pop("id")}, {**after, "mac": mac}, {"version": row["version"]})


def mac_of(key: ServerKey, table: Table, row: Mapping[str, Any]) -> bytes:
    """Give the MAC of a row of a bound table. About 8 µs."""
    label, cells = _bound_cells(table, row)
    return key.mac(label, *cells)


def is_bound(key: ServerKey, table: Table, row: Mapping[str, Any]) -> bool:
    """Tell whether a row of a bound table, as it was read, is one that Hark wrote."""
    label, cells = _bound_cells(table, row)
    return key.made(row["mac"], label, *cells)


def _bound_cells(table: Table, row: Mapping[str, Any]) -> tuple[str, list[Any]]:
    label, names = BOUND[table.name]
    covered = names
    for later, more in LATER.get(table.name, ()):
        covered = (*covered, *more)
        if any(row.get(name) for name in more):
            label, names = later, covered
    return label, [row.get(name) for name in names]


@dataclass(frozen=True, slots=True)
class Known:
    """The newest version of a case, its recipients as its clear row holds them, and when that was learnt."""

    version: int
    recipients: str
    learnt: int


class KnownCases:
    """In memory, bounded; one for the process. `count` goes up with everything that is learnt."""

    def __init__(self) -> None:
        self._waiting: Bounded[str, Known] = Bounded(_MOST)
        self._others: Bounded[str, Known] = Bounded(_MOST)
        self.count = 0

    def kept(self, turns: Sequence[Turn]) -> None:
        """Learn from what was just committed."""
        for turn in turns:
            for row in turn.rows:
                # A row without the recipients only holds on to a version.
                if isinstance(row, Insert | Update) and row.table is cases and "recipients" in row.values:
                    self.learn(row.values)

    def learn(self, row: Mapping[str, Any]) -> None:
        """Learn from a clear row that is genuine; what is older than what is known is let be."""
        case = row["id"]
        known = self._waiting.get(case) or self._others.get(case)
        if known is not None and known.version >= row["version"]:
            return
        self.forget(case)
        self.count += 1
        own = self._waiting if row["due"] == "acknowledge" else self._others
        own.put(case, Known(row["version"], row["recipients"], self.count))

    def is_older(self, case: str, version: int, count: int) -> bool:
        """Tell whether a case, as it was read, is older than what was known of it.

        Args:
            case: Its id.
            version: As it was read, 0 where it was not there.
            count: `count` as it was before the reading began: what was committed since may well be newer.
        """
        known = self._waiting.get(case) or self._others.get(case)
        return known is not None and known.version > version and known.learnt <= count

    def learnt_after(self, count: int) -> frozenset[str]:
        """Give the cases of which something was learnt after `count` had this value."""
        return frozenset(_learnt_after(self._waiting, count)).union(_learnt_after(self._others, count))

    def waiting(self) -> frozenset[CaseId]:
        """Give the cases that nobody has acknowledged, as far as is known here."""
        return frozenset(CaseId(case) for case, _ in self._waiting.items())

    def recipients(self, case: str) -> Collection[LeadId]:
        """Give the recipients of a case; none where it is not known here."""
        known = self._waiting.get(case) or self._others.get(case)
        return read_recipients(known.recipients).keys() if known else ()

    def forget(self, case: str) -> None:
        """Forget a case: what was told to be gone or put back is not told every minute."""
        self._waiting.pop(case)
        self._others.pop(case)


def _learnt_after(known: Bounded[str, Known], count: int) -> Iterator[str]:
    """Go through a table from what was learnt last: what is learnt is put at its end."""
    latest = takewhile(lambda item: item[1].learnt > count, known.latest())
    return (case for case, _ in latest)


def version_text(path: Path) -> tuple[int, int] | None:
    """Tell one writing of a file from another: it is replaced each time."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
