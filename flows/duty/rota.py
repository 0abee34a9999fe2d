"""The rota: who is on duty at a site, by the day of the week, and otherwise on single dates.

It decides who is told first, never who may read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from flows.values.ids import LeadId

Duty: TypeAlias = frozenset[LeadId]

_WEEK: Final = 7


@dataclass(frozen=True)
class Rota:
    """Who is on duty: seven weekdays from Monday, and dates that are different; days are those of `timezone`."""

    timezone: str
    week: tuple[Duty, ...] = (frozenset(),) * _WEEK
    dates: Mapping[date, Duty] = field(default_factory=dict)

    def on(self, day: date) -> Duty:
        """Give who is on duty on a day: those of its date where that is different, else those of its weekday."""
        return self.dates.get(day, self.week[day.weekday()])

    def at(self, moment: datetime) -> Duty:
        """Give who is on duty at a moment (aware): by the day that it is then at the site."""
        return self.on(moment.astimezone(ZoneInfo(self.timezone)).date())


def unmanned(rota: Rota | None, days: Collection[int], reading: Collection[LeadId]) -> tuple[int, ...]:
    """Give those of the weekdays (Monday is 0) on which nobody of those who read is on duty."""
    week = rota.week if rota else (frozenset(),) * _WEEK
    return tuple(day for day in sorted(days) if week[day].isdisjoint(reading))


def with_date(rota: Rota, day: date, duty: Duty, today: date) -> Rota:
    """Give the rota with one date changed; dates before `today` go, and so does one that is as its weekday is."""
    dates = {one: who for one, who in {**rota.dates, day: duty}.items() if one >= today}
    return replace(rota, dates={one: who for one, who in dates.items() if who != rota.week[one.weekday()]})


def with_weekday(rota: Rota, day: date, today: date) -> Rota:
    """Give the rota with every such weekday as `day` is now."""
    week = tuple(rota.on(day) if number == day.weekday() else who for number, who in enumerate(rota.week))
    return with_date(replace(rota, week=week), day, rota.on(day), today)
