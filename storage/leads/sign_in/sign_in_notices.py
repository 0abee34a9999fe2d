"""Where a lead is told of things, and the notice of an unlock, which is for the lead herself alone (decision 19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.cases.escalation import next_morning
from flows.values.ids import LeadId, NoticeKind
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Insert, Row
from storage.values import Address


@dataclass(frozen=True, slots=True)
class SignIn:
    """An unlock: whose, where she was told of things before it, where it was, and whether she unlocked there before.

    `mailed`: she is told by e-mail too.
    """

    lead: LeadId
    told_in: Address | None
    here: Address
    mailed: bool
    is_known: bool


def notice_of(one: SignIn, now: datetime) -> tuple[Row, ...]:
    """Give the row that tells the lead of an unlock, if that reaches her; `now` is aware, UTC.

    Of a new place she is told at once, elsewhere than there. Of known ones she is told at the next fixed hour, once
    for all of them.
    """
    by_chat = one.told_in is not None and one.told_in.door == "telegram"
    if not one.mailed and not (by_chat and (one.is_known or one.told_in != one.here)):
        return ()
    kind: NoticeKind = "known_sign_in" if one.is_known else "sign_in"
    due = next_morning(now) if one.is_known else now
    whom: dict[str, Cell] = {"lead_id": one.lead, "return_id": None, "case_id": None, "kind": kind}
    return (Insert(outbox, {**whom, "rank": 3, "rung": 0, "not_before": int(due.timestamp())}),)


def told_at(before: Address | None, now: Address) -> Address:
    """Give where a lead is told of things: a Telegram chat stays that, since a closed web page tells nobody.

    Args:
        before: Where she was told until now, if anywhere.
        now: The chat in which she has just unlocked.
    """
    return before if before is not None and before.door == "telegram" and now.door == "web" else now
