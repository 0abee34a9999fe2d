"""Tells every lead of every site, without a name, of what concerns all: who reads has changed, or the server key."""

from __future__ import annotations

from collections.abc import Collection

from flows.cases.roles import INSIDE
from flows.values.ids import LeadId, NoticeKind
from storage.database.schema.notices import outbox
from storage.database.turn import Insert, Row
from storage.leads.roster.roster import Roster


def announce(roster: Roster, now: int, kind: NoticeKind = "team", *, but: Collection[LeadId] = ()) -> tuple[Row, ...]:
    """Give the notices to everybody who is in, but for partners, who learn of nobody else, and for some.

    Args:
        roster: Who there is.
        now: Seconds since 1970.
        kind: What they are told of.
        but: Whom it is about, or who does it.
    """
    there = (lead for lead in roster.leads.values() if not lead.disabled and lead.role in INSIDE)
    told = sorted(lead.id for lead in there if lead.id not in but)
    rest = {"return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0, "not_before": now}
    return tuple(Insert(outbox, {"lead_id": lead, **rest}) for lead in told)
