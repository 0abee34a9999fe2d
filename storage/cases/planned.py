"""The open actions of a case in its clear row: who does which by when, and who is told next.

The row is under a MAC, so nobody who writes the database can let an action be forgotten. It tells a day and a lead's id
of each, as it tells when a case is due and who has it; the words stand sealed in header and entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

#: Open actions of one case.
MOST: Final = 20
#: How often an owner is told again, in seconds.
DAILY: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Planned:
    """One open action. `number` is that of the entry that planned it; `owner` is empty where that lead is gone.

    `due` is a day, counted as `date.toordinal` does. From `remind_at` on its owner is told, once a day; from `late_at`
    on the owner of the case is too. Both are seconds since 1970.
    """

    number: int
    owner: str
    due: int
    remind_at: int
    late_at: int


def read_planned(text: str) -> tuple[Planned, ...]:
    """Read what `write_planned` gave, once its MAC was verified, by ascending number.

    Raises:
        ValueError: It is no such text (a bug).
    """
    found = []
    for one in text.split():
        number, owner, *times = one.split(":")
        due, remind_at, late_at = map(int, times)
        found.append(Planned(int(number), owner, due, remind_at, late_at))
    return tuple(found)


def write_planned(actions: Iterable[Planned]) -> str:
    """Give the text that stands in the clear row, such as `12:LEAD:740000:1764547200:1764720000`."""
    ordered = sorted(actions, key=lambda one: one.number)
    return " ".join(f"{one.number}:{one.owner}:{one.due}:{one.remind_at}:{one.late_at}" for one in ordered)


def due_now(actions: Iterable[Planned], now: int) -> tuple[Planned, ...]:
    """Give those of which somebody is to be told at `now` (seconds since 1970)."""
    return tuple(one for one in actions if one.remind_at <= now)


def told(actions: Iterable[Planned], now: int) -> tuple[Planned, ...]:
    """Give them as they are once those that are due were told at `now`: again at the same time of a later day."""
    return tuple(_next(one, now) for one in actions)


def handed_on(actions: Iterable[Planned], lead: str, heir: str | None) -> tuple[Planned, ...]:
    """Give them without what `lead` was to do: `heir` does it, or nobody in particular."""
    return tuple(replace(one, owner=heir or "") if one.owner == lead else one for one in actions)


def _next(one: Planned, now: int) -> Planned:
    if one.remind_at > now:
        return one
    return replace(one, remind_at=one.remind_at + ((now - one.remind_at) // DAILY + 1) * DAILY)
