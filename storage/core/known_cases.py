"""What this process itself has kept or checked of cases: nothing in the database may be older than that.

Somebody who writes the database cannot write this memory. So a case that is put back, or taken away while nobody has
acknowledged it, is noticed by the next look at it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.values.ids import LeadId
from storage.core.row_binding import read_recipients
from storage.database.schema.cases import cases
from storage.database.turn import Insert, Turn, Update
from storage.values import CaseId

#: Cases that are remembered, the latest that nobody has acknowledged and the latest others; some 8 MB each.
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """The newest version of a case, its recipients as its clear row holds them, and when that was learnt."""

    version: int
    recipients: str
    learnt: int


class KnownCases:
    """In memory, bounded; one for the process. `count` goes up with everything that is learnt."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Known] = OrderedDict()
        self._others: OrderedDict[str, Known] = OrderedDict()
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
        own[case] = Known(row["version"], row["recipients"], self.count)
        if len(own) > _MOST:
            own.popitem(last=False)

    def is_older(self, case: str, version: int, count: int) -> bool:
        """Tell whether a case, as it was read, is older than what was known of it.

        Args:
            case: Its id.
            version: As it was read, 0 where it was not there.
            count: `count` as it was before the reading began: what was committed since may well be newer.
        """
        known = self._waiting.get(case) or self._others.get(case)
        return known is not None and known.version > version and known.learnt <= count

    def waiting(self) -> frozenset[CaseId]:
        """Return the cases that no lead has acknowledged, as far as this process knows."""
        return frozenset(map(CaseId, self._waiting))

    def recipients(self, case: str) -> Collection[LeadId]:
        """Give the recipients of a case; none where it is not known here."""
        known = self._waiting.get(case) or self._others.get(case)
        return read_recipients(known.recipients).keys() if known else ()

    def forget(self, case: str) -> None:
        """Forget a case that is gone or put back, so that this is not reported every minute."""
        self._waiting.pop(case, None)
        self._others.pop(case, None)
