"""Days as the desk offers them on buttons, and why a day that was typed does not do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from flows.duty.working_days import WhyNot
from flows.values.text import Text
from handlers.desk.chat.visit import desk
from handlers.desk.chat.wording.labels import calendar_day

WHY_NOT: Final[Mapping[WhyNot, Text]] = {
    "unread": desk("That could not be read as a day. Type it like 12.6.2027 or 2027-06-12."),
    "past": desk("That day is past."),
    "far": desk("That is more than a year away. Type an earlier day."),
    "closed": desk("Nobody is there on that day."),
}


def label(day: date, today: date) -> Text:
    """Give what the button of a day says: `Today`, `Tomorrow`, or the day."""
    if day == today:
        return desk("Today")
    if day == today + timedelta(days=1):
        return desk("Tomorrow")
    return Text("{day}", "desk", {"day": calendar_day(day)})
