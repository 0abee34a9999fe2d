"""What is asked of a share besides its parts: whether the child knows, and until when.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from flows.cases.triage import READY
from flows.duty import working_days
from flows.values.text import Text
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.unsent import UnsentShare
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels, share_labels
from storage.deeds.sharing.share import TOLD_REPLY
from storage.values.shares import LONGEST_FOR, OFFERED_FOR, ChildTold

#: Days that are offered; the first is the usual one.
DAYS: Final = (OFFERED_FOR.days, 7, 30, LONGEST_FOR.days)
#: The argument of the button for another day.
OTHER: Final = "other"
_MINUTE: Final = timedelta(minutes=1)


async def ask_told(visit: Visit, shown: Shown, unsent: UnsentShare, *first: Text) -> None:
    """Ask whether the child knows; "now" is offered where it is a child who writes."""
    offered: tuple[ChildTold, ...] = ("yes", "now", "unsafe") if unsent.tells_child else ("yes", "unsafe")
    said = [*first, desk("Does the child know that it is shared?")]
    if unsent.tells_child:
        said.append(desk("“Now” answers the child: “{reply}”", reply=READY[TOLD_REPLY]))
    choices = tuple((share_labels.CHILD_TOLD[one], "childtold", one) for one in offered)
    await prompts.by_buttons(visit, shown, choices, *said)


async def ask_until(visit: Visit, shown: Shown, *first: Text) -> None:
    """Ask until when, 14 days first."""
    labelled = [(desk("{count} days", count=days), "shareuntil", str(days)) for days in DAYS]
    choices = (*labelled, (desk("Another day"), "shareuntil", OTHER))
    said = desk("Until when? Then its key is destroyed. 90 days at most.")
    await prompts.by_buttons(visit, shown, tuple(choices), *first, said)


async def ask_day(visit: Visit, shown: Shown, *first: Text) -> None:
    """Ask for the last day to be typed."""
    said = desk("Type the day, such as 12.6.2027, or 12.6. for the next one.")
    await prompts.for_text(visit, "shareuntil", shown, *first, said)


def end_of(visit: Visit, shown: Shown, text: str) -> datetime | None:
    """Give the last minute of a day that was typed, at the site; None where it is none of the next 90."""
    day = working_days.read_day(text, None, visit.now())
    site = visit.deps.sites.get(shown.view.row.site)
    if not isinstance(day, date):
        return None
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=visit.now().tzinfo)
    ends = labels.day_end(noon, site.timezone if site else "UTC") - _MINUTE
    return ends if visit.now() < ends <= visit.now() + LONGEST_FOR else None
