"""Until when a case is kept, and why, in words: as it stands, and as it would be if the case were closed now."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flows.cases.retention import Block, ClosedRecord, Kept, Standing, blocks, instant, keep_until, youngest
from flows.cases.triage import is_open
from flows.conversation.explanation import takes_two
from flows.loading.retention import RecordKind, RetentionRules
from flows.values.text import Text
from handlers.desk.chat.visit import Visit, desk
from storage.values import Action, CaseRow, CaseView

#: Deeds that gave a case its date, by their name in the entry.
_DATED: Final = frozenset({"close", "keep"})


def rules_of(visit: Visit, row: CaseRow) -> RetentionRules:
    """How long the site of a case keeps its records."""
    return visit.deps.retention.get(row.site, visit.deps.flows.retention)


def kept(visit: Visit, row: CaseRow, outcome: str, child_born: int | None = None) -> Kept:
    """Until when a case is kept that is closed now with this outcome; what is not known makes it longer."""
    seen = row.glance
    record = ClosedRecord(
        categories=frozenset(seen.categories),
        outcome=outcome,
        adult=takes_two(seen.chosen, seen.categories, unsure=seen.unsure),
        sent_year=seen.sent_at.year,
        youngest=youngest(seen.register, seen.chosen),
        child_born=child_born,
    )
    return keep_until(rules_of(visit, row), record, visit.now().date())


def until_of(found: Kept) -> datetime | None:
    """The same as an instant, as storage takes it."""
    return None if found.until is None else instant(found.until)


def why(found: Kept) -> Text:
    """The sentence that a lead reads before she closes a case."""
    return kept_line(until_of(found), Text(found.kind.because, "desk"))


def kept_line(until: datetime | None, because: Text | str) -> Text:
    """Until when, and why; without a date the case is kept until somebody gives one."""
    if until is None:
        return desk("Kept until somebody gives a date, because {why}.", why=because)
    return desk("Kept until {month}, because {why}.", month=month(until), why=because)


def month(until: datetime) -> str:
    """A month as leads read it, and as they type it: `2051-01`."""
    return f"{until:%Y-%m}"


def closing_outcome(view: CaseView) -> str:
    """The outcome with which a case was closed last, by its code; empty where it was not."""
    return next((one.detail.get("outcome", "") for one in _actions(view) if one.what == "close"), "")


def kind_of(visit: Visit, view: CaseView) -> RecordKind:
    """Which kind of record a case is: the one that gave it its date, or would."""
    named = next((one.detail.get("kind", "") for one in _actions(view) if one.what == "close"), "")
    known = {kind.name: kind for kind in rules_of(visit, view.row).kinds}
    return known.get(named) or kept(visit, view.row, closing_outcome(view)).kind


def stands(visit: Visit, view: CaseView) -> Text:
    """Until when a closed case is kept, and why: the kind of record, or the reason of who gave another date."""
    given = next((one for one in _actions(view) if one.what in _DATED), None)
    if given is not None and given.what == "keep":
        return kept_line(view.row.retention.until, desk("“{words}”", words=given.detail.get("reason", "")))
    return kept_line(view.row.retention.until, Text(kind_of(visit, view).because, "desk"))


def held_by(view: CaseView) -> str:
    """Why a case is held; empty where it is not."""
    if not view.row.retention.held:
        return ""
    return next((one.detail.get("reason", "") for one in _actions(view) if one.what == "hold"), "")


def against(row: CaseRow, now: datetime) -> frozenset[Block]:
    """What stands against destroying a case now, as far as this lead sees it; storage judges it again."""
    noted = row.retention
    case = Standing(
        is_open=is_open(row.status),
        unread=row.unread,
        clock_runs=row.due is not None,
        held=noted.held,
        until=noted.until,
        told=noted.told,
        early=noted.early,
    )
    return blocks(case, now)


def _actions(view: CaseView) -> tuple[Action, ...]:
    """What was done to a case, the latest first."""
    return tuple(entry.action for entry in reversed(view.entries) if entry.action is not None)
