"""Sentences with a time, a room or a person, each with what must hold; and times as a child says them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from flows.values.situation import Situation
from flows.values.text import Moment, Text, Value

_Part: TypeAlias = Literal["morning", "afternoon", "evening"]

#: The hour of the day at which the afternoon and the evening begin.
_NOON: Final = 12
_EVENING: Final = 17

_TODAY: Final = {
    "morning": Text("this morning"),
    "afternoon": Text("this afternoon"),
    "evening": Text("this evening"),
}
_TOMORROW: Final = {
    "morning": Text("tomorrow morning"),
    "afternoon": Text("tomorrow afternoon"),
    "evening": Text("tomorrow evening"),
}
_ON_A_DAY: Final = {
    "morning": Text("on {day} morning"),
    "afternoon": Text("on {day} afternoon"),
    "evening": Text("on {day} evening"),
}
_WHOLE_DAY: Final = (Text("today"), Text("tomorrow"))
_ON: Final = Text("on {day}")

_PARTS: Final = (_TODAY, _TOMORROW)

#: All of them, for the catalogues.
TEXTS: Final = (*_TODAY.values(), *_TOMORROW.values(), *_ON_A_DAY.values(), *_WHOLE_DAY, _ON)

#: A day of the week alone is clear for so many days; later ones are told with their date.
_CLEAR: Final = 6

#: `open`: somebody is there now. `opens`: the hours say when somebody is there next. `read`: they say by when something
#: new is read, and people have looked lately. `today`: that is still today. `contact`, `room`: there is an adult to
#: find, with a room. `about_staff`: it may be about an adult of the site.
Need: TypeAlias = Literal["open", "opens", "read", "today", "contact", "room", "about_staff"]


def begins_in_words(at: datetime, situation: Situation) -> Text:
    """Return when something that begins at `at` (aware) is, seen from `situation.now` in the site's time zone.

    Today and tomorrow are named by part of the day, the rest of a week by weekday and part, later ones by date. What
    has begun already is today.
    """
    ahead, part = _days_ahead(at, situation), _part(at.astimezone(ZoneInfo(situation.site.timezone)))
    if ahead < len(_PARTS):
        return _PARTS[max(ahead, 0)][part]
    if ahead <= _CLEAR:
        return Text(_ON_A_DAY[part].msgid, args={"day": Moment(at, "weekday")})
    return Text(_ON.msgid, args={"day": Moment(at, "day")})


def ends_in_words(at: datetime, situation: Situation) -> Text:
    """Return when something that ends at `at` (aware) does, seen from `situation.now` in the site's time zone.

    A part of the day that ends, or begins, at that very second is not named: whoever leaves at noon is not there in the
    afternoon, and whoever comes at noon is not there in the morning. Midnight is the day before.
    """
    zone, before = ZoneInfo(situation.site.timezone), at - timedelta(seconds=1)
    if _part(at.astimezone(zone)) == _part(before.astimezone(zone)):
        return begins_in_words(at, situation)
    ahead = _days_ahead(before, situation)
    if ahead < len(_WHOLE_DAY):
        return _WHOLE_DAY[max(ahead, 0)]
    return Text(_ON.msgid, args={"day": Moment(before, "weekday" if ahead <= _CLEAR else "day")})


def _days_ahead(at: datetime, situation: Situation) -> int:
    zone = ZoneInfo(situation.site.timezone)
    return (at.astimezone(zone).date() - situation.now.astimezone(zone).date()).days


def _part(here: datetime) -> _Part:
    if here.hour < _NOON:
        return "morning"
    return "afternoon" if here.hour < _EVENING else "evening"


@dataclass(frozen=True)
class Promise:
    """A sentence, and everything that has to hold before it is said."""

    text: Text
    needs: frozenset[Need] = frozenset()


def promise(text: str, *needs: Need) -> Promise:
    """Return a sentence that needs all of `needs`."""
    return Promise(Text(text), frozenset(needs))


def holding(situation: Situation) -> frozenset[Need]:
    """Return all needs that hold now.

    No time of reading is promised while no reader has opened the desk lately (`situation.slow`).
    """
    cover, contact = situation.cover, situation.site.contact
    trusted = not situation.slow
    held: dict[Need, bool] = {
        "open": cover.open_now,
        "opens": cover.opens_at is not None and trusted,
        "read": cover.read_by is not None and trusted,
        "today": cover.open_now and trusted and _is_today(situation),
        "contact": contact is not None,
        "room": contact is not None and bool(contact.room),
        "about_staff": situation.about_staff,
    }
    return frozenset(need for need, holds in held.items() if holds)


def first_held(situation: Situation, promises: Sequence[Promise], **arguments: Value) -> Text:
    """Return the first of `promises` that can be kept now, with those of `arguments` that it names.

    Raises:
        StopIteration: none can be kept; the last of `promises` needs nothing.
    """
    held = holding(situation)
    text = next(one.text for one in promises if one.needs <= held)
    return Text(text.msgid, args={name: value for name, value in arguments.items() if f"{{{name}}}" in text.msgid})


def _is_today(situation: Situation) -> bool:
    read_by = situation.cover.read_by
    zone = ZoneInfo(situation.site.timezone)
    return read_by is not None and read_by.astimezone(zone).date() == situation.now.astimezone(zone).date()
