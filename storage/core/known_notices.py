"""The notices that wait, as this process knows them: what of them is taken away or put back is noticed, and put right.

A notice of a case that climbs can be made again from its case. Of every other nothing else tells, so its newest row is
remembered here, and once a minute beside the key file (`storage/notices/kept_notices.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flows.duty.escalation import CLIMBING
from flows.values.bounds import Bounded
from storage.core.integrity import NOTICE
from storage.database.turn import Cell, Cells, Delete, Insert, Update

#: Notices that are remembered, the latest; some 10 MB.
MOST: Final = 20_000


class KnownNotices:
    """In memory, bounded; one for the process. What another process writes is not among them."""

    def __init__(self) -> None:
        self._of: Bounded[int, Cells] = Bounded(MOST)

    def kept(self, rows: Sequence[Insert | Update | Delete]) -> None:
        """Learn from rows of the outbox that were just committed."""
        for row in rows:
            self._learn(row)

    def learn(self, row: Mapping[str, Cell]) -> None:
        """Learn a whole row that is genuine; what climbs, and what is older than what is known, is let be."""
        own, known = row["id"], self.get(row["id"])
        newer = known is None or _version(known) < _version(row)
        if row["kind"] not in CLIMBING and newer and isinstance(own, int):
            self._of.put(own, {name: row[name] for name in (*NOTICE, "mac")})

    def get(self, own: Cell) -> Cells | None:
        """Give the newest row with this id, or None where there is none, or it is done."""
        return self._of.get(own) if isinstance(own, int) else None

    def all(self) -> dict[int, Cells]:
        """Give all that wait, by their ids."""
        return dict(self._of.items())

    def _learn(self, row: Insert | Update | Delete) -> None:
        if isinstance(row, Delete):
            gone = [own for own, cells in self._of.items() if _matches(cells, row.key)]
            for own in gone:
                self._of.pop(own)
        else:
            whole = {**(row.key if isinstance(row, Update) else {}), **row.values}
            if {*NOTICE, "mac"} <= whole.keys():
                self.learn(whole)


def _matches(cells: Cells, key: Cells) -> bool:
    return all(cells[name] == value for name, value in key.items())


def _version(row: Cells) -> int:
    found = row["version"]
    return found if isinstance(found, int) else 0
