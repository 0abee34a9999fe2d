"""`/oncall`: who is on duty at the lead's site, by weeks; a day is changed by buttons, for once or for every week.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flows.duty.rota import Rota, with_date, with_weekday
from flows.values.ids import READING, SiteId
from flows.values.screen import Row, Screen
from flows.values.text import Listed, Moment, Text, Value, stacked
from handlers.desk.casework.actions.ownership import mark
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from storage.values import LeadCard

_SHOWN: Final = timedelta(days=7)
#: How far ahead a rota can be made: over any holiday.
_AHEAD: Final = timedelta(days=365)
_NOBODY: Final = desk("nobody")


@dataclass(frozen=True)
class _Duties:
    """The rota of a site as it is now, with its people and its own day."""

    site: SiteId
    rota: Rota
    people: tuple[LeadCard, ...]
    today: date

    def named(self, day: date) -> Value:
        """Those who are on duty on a day, by name."""
        on = [card.name for card in self.people if card.id in self.rota.on(day)]
        return Listed(tuple(on)) if on else _NOBODY

    def moment(self, day: date) -> Moment:
        """A day as it is shown."""
        noon = datetime.combine(day, time(12), ZoneInfo(self.rota.timezone))
        return Moment(noon.astimezone(UTC), "date")


async def oncall(visit: Visit, ask: Ask) -> None:
    """Show who is on duty now and in seven days: the next ones, or those from the day that is asked for."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    duties = await _duties(visit)
    await visit.show(_week(visit, duties, _date(ask, duties)))


async def day(visit: Visit, ask: Ask) -> None:
    """Show one day, to be changed."""
    duties = await _duties(visit)
    await visit.show(_day(visit, duties, _date(ask, duties)))


async def swap(visit: Visit, ask: Ask) -> None:
    """Put somebody on duty on a date, or off duty; the argument is `DATE.MARK`.

    A mark that nobody of the site has changes nothing. It takes this update's one turn.
    """
    duties = await _duties(visit)
    when, who = _date(ask, duties), ask.argument.partition(".")[2]
    found = frozenset(card.id for card in duties.people if mark(card.id) == who)
    await _keep(visit, duties, with_date(duties.rota, when, duties.rota.on(when) ^ found, duties.today), when)


async def weekly(visit: Visit, ask: Ask) -> None:
    """Make every such weekday like this date."""
    duties = await _duties(visit)
    when = _date(ask, duties)
    await _keep(visit, duties, with_weekday(duties.rota, when, duties.today), when)


async def _keep(visit: Visit, duties: _Duties, rota: Rota, when: date) -> None:
    await visit.store.rota.put(visit.session(), visit.arrival, duties.site, rota)
    await visit.show(_day(visit, _Duties(duties.site, rota, duties.people, duties.today), when))


async def _duties(visit: Visit) -> _Duties:
    site = visit.session().lead.site
    here = visit.deps.sites.get(site)
    zone = here.timezone if here else "UTC"
    kept = await visit.store.rota.read(site)
    rota = Rota(zone, kept.week, kept.dates) if kept else Rota(zone)
    people = tuple(card for card in await visit.store.leads.roster(site) if card.role in READING)
    return _Duties(site, rota, people, visit.now().astimezone(ZoneInfo(zone)).date())


def _week(visit: Visit, duties: _Duties, start: date) -> Screen:
    days = [start + timedelta(days=ahead) for ahead in range(_SHOWN.days)]
    lines = [desk("{day}: {names}", day=duties.moment(one), names=duties.named(one)) for one in days]
    said = (
        desk("On duty now: {names}. Whoever is on duty is told first.", names=duties.named(duties.today)),
        stacked(lines),
        desk("Everybody for whom a case is sealed can read it, on duty or not. Choose a day to change it."),
    )
    presses = [
        visit.press(desk("{day}", day=duties.moment(one)), "duty", Ask(argument=one.isoformat())) for one in days
    ]
    rows: list[Row] = [tuple(presses[first : first + 2]) for first in range(0, len(presses), 2)]
    rows.append(_others(visit, duties, start))
    if "email" in visit.deps.ways:
        rows.append((visit.press(desk("Notices by e-mail"), "pager"),))
    return Screen(said, (*rows, (visit.press(desk("Back to the brief"), "brief"),)))


def _others(visit: Visit, duties: _Duties, start: date) -> Row:
    """The way to the weeks before and after the one that is shown."""
    weeks = ((desk("The week before"), start - _SHOWN), (desk("The week after"), start + _SHOWN))
    near = [(label, day) for label, day in weeks if start > duties.today or day > start]
    return tuple(visit.press(label, "oncall", Ask(argument=day.isoformat())) for label, day in near)


def _day(visit: Visit, duties: _Duties, when: date) -> Screen:
    said = (desk("{day}: {names}", day=duties.moment(when), names=duties.named(when)), desk("Who is on duty then?"))
    on = duties.rota.on(when)
    choices = [
        visit.press(_choice(card, on=card.id in on), "swap", Ask(argument=f"{when.isoformat()}.{mark(card.id)}"))
        for card in duties.people
    ]
    rows: list[Row] = [(choice,) for choice in choices]
    rows.append((visit.press(desk("The same every week"), "weekly", Ask(argument=when.isoformat())),))
    return Screen(said, (*rows, (visit.press(desk("Back to the week"), "oncall", Ask(argument=when.isoformat())),)))


def _choice(card: LeadCard, *, on: bool) -> Text:
    return desk("✓ {name}", name=card.name) if on else desk("{name}", name=card.name)


def _date(ask: Ask, duties: _Duties) -> date:
    """The day that a button is about; a button of a day gone by is about today. None is further ahead than a year."""
    try:
        asked = date.fromisoformat(ask.argument.partition(".")[0])
    except ValueError:
        return duties.today
    return min(max(asked, duties.today), duties.today + _AHEAD)
