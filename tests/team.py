"""Lets readers, partners and recovery keys in at once, as two leads would: what that takes is in its own tests.

And what their passphrases cost to try where a test is about something else; each is kept with its own cost.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flows.together.partners import Agency, Agreement
from flows.values.ids import LeadId
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox
from storage.database.turn import Delete, Row, Update
from storage.leads.roster.agreements import write_agreement
from storage.leads.roster.pending_approvals import Waiting
from storage.leads.roster.roster import confirmed
from storage.sealing.primitives.argon2 import Cost
from storage.store import Store
from storage.values import LeadCard

CHEAP: Final = Cost(memory_kib=64, passes=1)


async def let_in(store: Store, lead: LeadId) -> LeadCard:
    """Keep that a lead is in, and tell nobody that anybody joined; her card as it is then."""
    rosters = store.leads.rosters
    roster = await rosters.read()
    found = roster.leads[lead]
    rows: tuple[Row, ...] = ()
    if found.card.waiting:
        rows = rosters.rows(roster, lead=confirmed(found))
        rows = (*rows, Update(leads, {"id": lead}, {"disabled": confirmed(found).disabled}))
    await store._core.commit(*rows, Delete(outbox, {"kind": "team"}))
    if rows:
        rosters.note(roster.version + 1)
    return confirmed(found).card


async def set_recovery(store: Store, public: bytes) -> None:
    """Keep a recovery key that two leads have said yes to, and tell nobody."""
    rosters = store.leads.rosters
    roster = await rosters.read()
    await store._core.commit(*rosters.rows(roster, recovery=public, waiting=Waiting()))
    rosters.note(roster.version + 1)


def agreed(role: str, now: datetime, agency: Agency = "health") -> str | None:
    """What the invite of a partner bears, for half a year; nothing for anybody else."""
    if role != "partner":
        return None
    return write_agreement(Agreement(agency, "information sharing, signed by both", now, now + timedelta(days=180)))
