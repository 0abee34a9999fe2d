"""A round table on a share, and what is its partner's to do, in words: for leads and for her from the same values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from flows.together.own_actions import OwnAction
from flows.together.share_table import SaidAtTable, ShareTable
from flows.values.text import Text, Value
from handlers.desk.chat.visit import desk
from handlers.desk.chat.wording.labels import calendar_day

_ENDED: Final[Mapping[str, Text]] = {"done": desk("done"), "undone": desk("not done")}


def lines(table: ShareTable) -> Iterator[Text]:
    """Yield what a table is, the same for leads and for the partner."""
    day = calendar_day(table.day)
    yield (
        desk("⚇ Round table on {day}, {time}", day=day, time=table.time)
        if table.time
        else desk("⚇ Round table on {day}", day=day)
    )
    for number, what in enumerate(table.agenda, 1):
        yield desk("On the agenda, {number}: {what}", number=number, what=what)
    for name, words in table.views.items():
        yield desk("{name}: “{words}”", name=name, words=words)
    for one in table.agreed:
        line = desk("Agreed: {what} · {name}, by {day}", what=one.what, name=one.whose, day=calendar_day(one.due))
        yield desk("{line}: {state}", line=line, state=_ENDED[one.ended]) if one.ended else line
    for name, (agrees, latest) in table.signed.items():
        line = desk("{name}: I agree", name=name) if agrees else desk("{name}: I see it differently", name=name)
        yield line if latest else desk("{line}, before the latest change", line=line)


def one_said(one: SaidAtTable) -> Text:
    """Give one thing that a lead would say at a table, as the partner would read it."""
    said = one.said
    match said["kind"]:
        case "plan":
            day = calendar_day(date.fromisoformat(said["on"]))
            if not said["time"]:
                return desk("⚇ Round table on {day}", day=day)
            return desk("⚇ Round table on {day}, {time}", day=day, time=said["time"])
        case "item":
            return desk("On the agenda: {what}", what=said["action"])
        case "agree":
            day = calendar_day(date.fromisoformat(said["due"]))
            return desk("Agreed: {what} · {name}, by {day}", what=said["action"], name=said["whose"], day=day)
    return desk("{name}: “{words}”", name=one.name, words=said["note"])


def hers(actions: Sequence[OwnAction], today: date) -> Iterator[Text]:
    """Yield to a partner what is hers to do by when, with a mark where it is late."""
    for number, one in enumerate(actions, 1):
        args: dict[str, Value] = {"number": number, "what": one.what, "day": calendar_day(one.due)}
        if one.due < today:
            yield Text("⚠ Yours, {number}: {what}, was due {day}", "desk", args)
        else:
            yield Text("Yours, {number}: {what}, by {day}", "desk", args)


def of_partner(actions: Sequence[OwnAction], name: str, today: date) -> Iterator[Text]:
    """Yield to leads what a partner is still to do by when, with a mark where it is late."""
    for one in actions:
        args: dict[str, Value] = {"what": one.what, "who": name, "day": calendar_day(one.due)}
        if one.standing == "open" and one.due < today:
            yield Text("⚠ {what} — {who}, was due {day}", "desk", args)
        elif one.standing == "open":
            yield Text("▫ {what} — {who}, by {day}", "desk", args)
