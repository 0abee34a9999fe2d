"""When a case is looked at again once somebody has acted: no open case is without a next date.

Also the date of a case for which the site's hours give none, since it is never open again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from flows.ids import Urgency

#: Our own proposal, to be signed off like the risk rules; whole days, so that it does not matter when the desk opens.
_AFTER: Final[Mapping[Urgency, timedelta]] = {
    "immediate": timedelta(days=1),
    "same_day": timedelta(days=1),
    "soon": timedelta(days=7),
    "routine": timedelta(days=14),
}


def review_by(urgency: Urgency, now: datetime) -> datetime:
    """Give until when a case of `urgency` is to be looked at again, after something was done at `now` (aware)."""
    return now + _AFTER[urgency]
