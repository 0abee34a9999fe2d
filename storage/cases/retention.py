"""How the clear row of a case tells until when it is kept: a month, and beside it a hold, a notice, a wish.

The row is under a MAC, so none of it can be changed in the database. The reasons stand in the case, sealed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from flows.cases.retention import Standing
from storage.cases.rows.clear_row import ClearRow
from storage.database.schema.base import NEVER
from storage.values import CaseRetention

#: In the place of a month: two people have said that it is to be destroyed, and that is under way.
GOING: Final = 0
_HELD: Final = "held"
_EARLY: Final = "early"
_TOLD: Final = "told="


@dataclass(frozen=True, slots=True)
class Retention:
    """Times in seconds since 1970. `until` is the beginning of a month, `NEVER`, or `GOING`; `told` is 0 for never.

    `early`: somebody asked that it is destroyed before `until`. `held`: nothing may destroy it.
    """

    until: int = NEVER
    told: int = 0
    early: bool = False
    held: bool = False


def retention_of(clear: ClearRow) -> Retention:
    """Read what a clear row tells whose MAC holds."""
    words = clear.retention.split()
    told = next((int(word.removeprefix(_TOLD)) for word in words if word.startswith(_TOLD)), 0)
    return Retention(clear.keep_until, told, _EARLY in words, _HELD in words)


def with_retention(clear: ClearRow, kept: Retention) -> ClearRow:
    """Give a case with another retention, such as `told=1764547200 early held`; the caller commits `change_rows`."""
    words = (_TOLD + str(kept.told) if kept.told else "", _EARLY if kept.early else "", _HELD if kept.held else "")
    return replace(clear, keep_until=kept.until, retention=" ".join(word for word in words if word))


def is_going(clear: ClearRow) -> bool:
    """Whether two people have said that a case is to be destroyed: nobody reaches it any more."""
    return clear.keep_until == GOING


def standing(clear: ClearRow) -> Standing:
    """Give what may stand against destroying a case; words that no recipient was shown are unread."""
    kept = retention_of(clear)
    read_to = max((one.read_to for one in clear.named.values()), default=0)
    return Standing(
        is_open=clear.is_open,
        unread=read_to < clear.last_word,
        clock_runs=clear.due is not None or min(clear.due_at, clear.act_at) != NEVER,
        held=kept.held,
        until=_time(kept.until),
        told=_time(kept.told) if kept.told else None,
        early=kept.early,
    )


def shown_retention(clear: ClearRow) -> CaseRetention:
    """Give the same for the desk."""
    kept = retention_of(clear)
    return CaseRetention(_time(kept.until), kept.held, _time(kept.told) if kept.told else None, kept.early)


def _time(second: int) -> datetime | None:
    return None if second == NEVER else datetime.fromtimestamp(second, UTC)
