"""A case as the queue shows it: one line in an order that never changes, so that it is scanned and not read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flows.values.text import Listed, Moment, Text, Value, stacked
from handlers.desk.case import summary
from handlers.desk.chat.visit import desk
from handlers.desk.chat.wording import labels
from handlers.desk.chat.wording.urgency_reasons import Reasons
from storage.values import CaseRow, Glance

#: How near a time has to be to be told without its day.
_NEAR: Final = timedelta(hours=12)


def line(row: CaseRow, now: datetime, reasons: Reasons) -> Text:
    """Urgency, clock, reference, whom it is about, category and label, unread, owner."""
    return _line(row, f"/case_{row.reference}", now, reasons)


def label(row: CaseRow, now: datetime, reasons: Reasons) -> Text:
    """The same on a button, which opens the case itself."""
    return _line(row, row.reference, now, reasons)


def _line(row: CaseRow, reference: str, now: datetime, reasons: Reasons) -> Text:
    urgency = Text("{sign} {urgency}", "desk", {"sign": labels.SIGN[row.urgency], "urgency": _urgency(row)})
    named = Text("{reference}", "desk", {"reference": reference})
    said: list[Text] = [urgency, _clock(row, now), named, _about(row.glance), _category(row.glance, reasons)]
    if row.unread:
        said.append(desk("✉ unread"))
    said.append(desk("nobody has it yet") if row.owner is None else desk("{owner} has it", owner=row.owner.name))
    return _joined(said)


def both(row: CaseRow, now: datetime, reasons: Reasons) -> Text:
    """That line, and below it what must not be missed, why, and where the case stands: for a screen with room."""
    below = list(summary.warnings(row))
    if why := reasons.of_header(row.glance):
        below.append(desk("why: {reasons}", reasons=Listed(why)))
    below.append(labels.STATUS[row.status])
    return stacked([line(row, now, reasons), _joined(below)])


def _urgency(row: CaseRow) -> Text:
    return labels.URGENCY[row.urgency]


def _clock(row: CaseRow, now: datetime) -> Text:
    if row.due_at is None:
        return desk("no clock")
    if row.urgency == "immediate" and row.due == "acknowledge" and row.due_at > now:
        return desk("NOW")
    at = Moment(row.due_at, "time" if abs(row.due_at - now) < _NEAR else "day_time")
    return desk("OVERDUE since {time}", time=at) if row.due_at <= now else desk("by {time}", time=at)


def _about(told: Glance) -> Text:
    """Whom it is about, as far as that was answered; else who writes."""
    if (age := summary.age(told)) is not None:
        return age
    writer = labels.REGISTER[told.register]
    if "me" in told.chosen.get("C6", ()):
        return writer
    if "friend" in told.chosen.get("C6", ()):
        return desk("a friend of {who}", who=writer)
    return desk("from {who}", who=writer)


def _category(told: Glance, reasons: Reasons) -> Text:
    named = reasons.about(told.categories)
    what: Value = named[0] if named else desk("kind not said")
    said = Text("{what}", "desk", {"what": what})
    if len(named) > 1:
        said = Text("{what} +{more}", "desk", {"what": what, "more": len(named) - 1})
    return Text("{what} “{label}”", "desk", {"what": said, "label": told.label}) if told.label else said


def _joined(said: list[Text]) -> Text:
    holes = [chr(ord("a") + number) for number in range(len(said))]
    return Text(" · ".join(f"{{{hole}}}" for hole in holes), "desk", dict(zip(holes, said, strict=True)))
