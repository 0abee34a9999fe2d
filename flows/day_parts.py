"""When something is, as a child would say it: this morning, tomorrow afternoon, on Monday morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from flows.known import Known
from flows.texts import Moment, Text

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


def begins(at: datetime, known: Known) -> Text:
    """When something that begins at `at` (aware) is, seen from `known.now` in the site's time zone."""
    ahead, part = _days_ahead(at, known), _part(at.astimezone(ZoneInfo(known.site.timezone)))
    if ahead < len(_PARTS):
        return _PARTS[max(ahead, 0)][part]
    if ahead <= _CLEAR:
        return Text(_ON_A_DAY[part].msgid, args={"day": Moment(at, "weekday")})
    return Text(_ON.msgid, args={"day": Moment(at, "day")})


def ends(at: datetime, known: Known) -> Text:
    """The same for what ends at `at`.

    A part of the day that ends, or begins, at that very second is not named: whoever leaves at noon is not there in
    the afternoon, and whoever comes at noon is not there in the morning. Midnight is the day before.
    """
    zone, before = ZoneInfo(known.site.timezone), at - timedelta(seconds=1)
    if _part(at.astimezone(zone)) == _part(before.astimezone(zone)):
        return begins(at, known)
    ahead = _days_ahead(before, known)
    if ahead < len(_WHOLE_DAY):
        return _WHOLE_DAY[max(ahead, 0)]
    return Text(_ON.msgid, args={"day": Moment(before, "weekday" if ahead <= _CLEAR else "day")})


def _days_ahead(at: datetime, known: Known) -> int:
    zone = ZoneInfo(known.site.timezone)
    return (at.astimezone(zone).date() - known.now.astimezone(zone).date()).days


def _part(here: datetime) -> _Part:
    if here.hour < _NOON:
        return "morning"
    return "afternoon" if here.hour < _EVENING else "evening"
