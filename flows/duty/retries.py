"""What becomes of a notice that was told, or was not: told again, tried again, given up; and what follows for others.

Pure: rows of the outbox as values, the time, and what the messenger said give the next state, by the table of
`flows/duty/escalation.py`. `storage/notices/outcomes.py` reads the rows and writes what is decided. Times are seconds
since 1970 where a value is a row's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

from flows.duty.escalation import POLICIES, repeat_at
from flows.values.ids import LeadId, NoticeKind, Urgency

#: Whether a messenger took a notice, did not now, or refused it for good.
Outcome: TypeAlias = Literal["delivered", "failed", "blocked"]
#: Until a notice that failed is tried again: half of the time since it first failed, within these bounds.
SOONEST: Final = timedelta(seconds=5)
LATEST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PendingNotice:
    """A row of the outbox. `lead` is None for a reporter's, `case` for what has to do with none.

    `told` counts how often it was delivered, `since` is when it first failed after that (0: it did not), and
    `not_before` when it is due. Of a kind that tells when it happened, `since` is that time once it failed.
    """

    id: int
    kind: NoticeKind
    lead: LeadId | None
    case: str | None
    rung: int = 0
    told: int = 0
    since: int = 0
    not_before: int = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """The notices of a case that climb, and its clock; `due` is when it is to be acknowledged, None for never."""

    urgency: Urgency
    acknowledged: bool
    due: datetime | None
    rows: tuple[PendingNotice, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The state of a notice that stays: the columns of its row that change."""

    not_before: int
    told: int
    since: int


#: What becomes of one notice: it waits to be told again, has done its work, or is given up.
Next: TypeAlias = Waiting | Literal["done", "given_up"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of the notices that were told together, by id, and what follows for others.

    `superseded` are rows of before a rise that are told with it; `due_now` are rows of the next rungs. `to_others` are
    cases whose news is told to others who read them. `in_vain` are the recipients of cases of which everybody was told,
    some of them again, and which nobody acknowledged.
    """

    next: Mapping[int, Next]
    superseded: frozenset[int] = frozenset()
    due_now: frozenset[int] = frozenset()
    to_others: frozenset[str] = frozenset()
    in_vain: frozenset[LeadId] = frozenset()

    def given_up(self, notices: Iterable[PendingNotice]) -> tuple[PendingNotice, ...]:
        """Give those of the notices that nobody tries any more."""
        return tuple(notice for notice in notices if self.next[notice.id] == "given_up")


def settle(notices: Sequence[PendingNotice], ladders: Mapping[str, Ladder], outcome: Outcome, now: int) -> Settled:
    """Decide what becomes of notices that one addressee was, or was not, told of together.

    Args:
        notices: The rows.
        ladders: By case, of all cases that one of them climbs in; a case that is gone has none.
        outcome: What the messenger said.
        now: Seconds since 1970.
    """
    ids = {notice.id for notice in notices}
    old = frozenset[int]().union(*(_superseded(ladder, ids) for ladder in ladders.values()))
    states: dict[int, Next] = {
        notice.id: "done" if notice.id in old else next_state(notice, ladders.get(notice.case or ""), outcome, now)
        for notice in notices
    }
    if outcome == "delivered":
        return Settled(states, old - ids, in_vain=_in_vain(ladders.values(), ids))
    fresh = (one for one in notices if one.lead and not one.since and POLICIES[one.kind].to_others)
    return Settled(
        states,
        old - ids,
        due_now=frozenset[int]().union(*(_next_rung(ladder, old | ids, now) for ladder in ladders.values())),
        to_others=frozenset(one.case for one in fresh if one.case),
    )


def next_state(notice: PendingNotice, ladder: Ladder | None, outcome: Outcome, now: int) -> Next:
    """Decide what becomes of one notice; `ladder` is its case's, as far as it climbs and the case is there."""
    policy = POLICIES[notice.kind]
    if policy.ladder:
        return "done" if ladder is None or ladder.acknowledged else _climbed(notice, ladder, outcome, now)
    if outcome == "delivered":
        return "done"
    over = notice.since and now - notice.since >= policy.give_up.total_seconds()
    if over or (outcome == "blocked" and notice.lead is None):
        return "given_up"
    return _retried(notice, now)


def _climbed(notice: PendingNotice, ladder: Ladder, outcome: Outcome, now: int) -> Waiting:
    leads = len({row.lead for row in ladder.rows})
    again = int(repeat_at(ladder.urgency, leads, datetime.fromtimestamp(now, UTC), ladder.due).timestamp())
    if outcome == "delivered":
        return Waiting(again, notice.told + 1, 0)
    retried = _retried(notice, now)
    # A rung that nobody was told of does not wait for a whole round; a page that is due in minutes stays so.
    return Waiting(again if outcome == "blocked" else min(again, retried.not_before), notice.told, retried.since)


def _retried(notice: PendingNotice, now: int) -> Waiting:
    since = notice.since or (notice.not_before if POLICIES[notice.kind].tells_when else now)
    wait = min(max((now - since) // 2, int(SOONEST.total_seconds())), int(LATEST.total_seconds()))
    return Waiting(now + wait, notice.told, since)


def _superseded(ladder: Ladder, ids: Collection[int]) -> frozenset[int]:
    """What a lead was to be told of a case before it rose: told of the rise, a lead knows."""
    if ladder.acknowledged:
        return frozenset()
    newest: dict[LeadId | None, int] = {}
    for row in ladder.rows:
        if row.id in ids:
            newest[row.lead] = max(row.id, newest.get(row.lead, 0))
    return frozenset(row.id for row in ladder.rows if row.id < newest.get(row.lead, 0))


def _next_rung(ladder: Ladder, besides: Collection[int], now: int) -> frozenset[int]:
    """The rows of the lowest rung that was never told or tried, and would have to wait."""
    if ladder.acknowledged:
        return frozenset()
    untold = (row for row in ladder.rows if not row.told and not row.since and row.not_before > now)
    waiting = [row for row in untold if row.id not in besides]
    lowest = min((row.rung for row in waiting), default=0)
    return frozenset(row.id for row in waiting if row.rung == lowest)


def _in_vain(ladders: Iterable[Ladder], ids: Collection[int]) -> frozenset[LeadId]:
    tried = (
        ladder.rows
        for ladder in ladders
        if not ladder.acknowledged
        and any(row.id in ids and row.told for row in ladder.rows)
        and all(row.told or row.since for row in ladder.rows)
    )
    return frozenset(row.lead for rows in tried for row in rows if row.lead)


def alerted_for(given_up: Sequence[PendingNotice]) -> tuple[frozenset[str], bool]:
    """Give the cases whose recipients are alerted of notices that were given up, and whether everybody else is."""
    named = frozenset(one.case for one in given_up if one.case is not None)
    return named, any(one.case is None and POLICIES[one.kind].alerts for one in given_up)
