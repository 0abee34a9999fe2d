"""What of a case is shared, with whom, until when, and where that stands: for the card and for `/share`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from flows.values.text import Moment, Text
from handlers.desk.chat.visit import desk
from storage.values import CaseView
from storage.values.shares import ShareState

#: Where a share stands.
STATE: Final[Mapping[ShareState, Text]] = {
    "sent": desk("not opened yet"),
    "opened": desk("opened, and not answered yet"),
    "accepted": desk("taken on"),
    "ended": desk("ended"),
}
#: Where a share stands after an answer; one that is not here changes nothing.
_AFTER: Final[Mapping[str, ShareState]] = {"opened": "opened", "accepted": "accepted", "declined": "ended"}


def lines(view: CaseView, names: Mapping[str, str], now: datetime) -> Iterator[Text]:
    """Yield a line for each share that has not ended, as the entries of the case tell.

    Args:
        view: The case as it was opened.
        names: Names of leads and partners by id.
        now: When (aware).
    """
    standing: dict[str, tuple[str, datetime, ShareState]] = {}
    for entry in view.entries:
        if entry.action is None:
            continue
        told = entry.action.detail
        match entry.action.what:
            case "share":
                standing[told["share"]] = (told["to"], datetime.fromisoformat(told["ends"]), "sent")
            case "share_answer" if told["share"] in standing:
                to, ends, before = standing[told["share"]]
                standing[told["share"]] = (to, ends, _AFTER.get(told["answer"], before))
            case "end_share":
                standing.pop(told["share"], None)
    for to, ends, state in standing.values():
        if ends > now and state != "ended":
            yield one_line(names.get(to, "?"), ends, state)


def one_line(name: str, until: datetime, state: ShareState) -> Text:
    """Give who has a share, until when, and where it stands."""
    return desk("↗ Shared with {name} until {day}: {state}", name=name, day=Moment(until, "day"), state=STATE[state])
