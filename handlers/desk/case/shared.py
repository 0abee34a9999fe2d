"""What of a case is shared, with whom, until when, and where that stands: for the card and for `/share`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flows.values.text import Moment, Text
from handlers.desk.chat.visit import desk
from handlers.desk.chat.wording.table_lines import of_partner
from storage.values import CaseView
from storage.values.shares import AT_TABLE, OF_ACTIONS, ShareState

#: Where a share stands.
STATE: Final[Mapping[ShareState, Text]] = {
    "sent": desk("not opened yet"),
    "opened": desk("opened, and not answered yet"),
    "accepted": desk("taken on"),
    "noted": desk("noted, and not taken on"),
    "ended": desk("ended"),
}
#: Where a share stands after an answer; one that is not here changes nothing.
_AFTER: Final[Mapping[str, ShareState]] = {
    "opened": "opened",
    "accepted": "accepted",
    "taken_on": "accepted",
    "noted": "noted",
    "declined": "ended",
}


@dataclass(frozen=True, slots=True)
class _Standing:
    """With whom, until when, where it stands, and by when an answer is wanted; none once there is one."""

    to: str
    ends: datetime
    state: ShareState
    answer_by: datetime | None

    def after(self, answer: str) -> _Standing:
        wanted = self.answer_by if answer in {"opened", *AT_TABLE, *OF_ACTIONS} else None
        return replace(self, state=_AFTER.get(answer, self.state), answer_by=wanted)


def lines(view: CaseView, names: Mapping[str, str], now: datetime) -> Iterator[Text]:
    """Yield a line for each share that has not ended, as the entries of the case tell, and what its partner is to do.

    Args:
        view: The case as it was opened.
        names: Names of leads and partners by id.
        now: When (aware).
    """
    standing: dict[str, _Standing] = {}
    for entry in view.entries:
        if entry.action is None:
            continue
        told = entry.action.detail
        match entry.action.what:
            case "share":
                wanted = datetime.fromisoformat(told["answer_by"]) if "answer_by" in told else None
                ends = datetime.fromisoformat(told["ends"])
                standing[told["share"]] = _Standing(told["to"], ends, "sent", wanted)
            case "share_answer" if told["share"] in standing:
                standing[told["share"]] = standing[told["share"]].after(told["answer"])
            case "end_share":
                standing.pop(told["share"], None)
    for share, one in standing.items():
        if one.ends > now and one.state != "ended":
            name = names.get(one.to, "?")
            yield one_line(name, one.ends, one.state)
            yield from of_partner(view.of_partners.get(share, ()), name, now.date())
            if one.answer_by is not None and one.answer_by <= now:
                yield desk("⚠ No answer yet; it was wanted by {time}.", time=Moment(one.answer_by))


def one_line(name: str, until: datetime, state: ShareState) -> Text:
    """Give who has a share, until when, and where it stands."""
    return desk("↗ Shared with {name} until {day}: {state}", name=name, day=Moment(until, "day"), state=STATE[state])
