"""What goes when a lead is shut out: notices, offers and invites; and open cases come back for those who are left."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import select

from storage.cases.case_row import ClearRow, change_rows, read_clear
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import cases, handovers
from storage.database.schema.leads import leads
from storage.database.schema.notices import pagers
from storage.database.turn import Delete, Logged, Row, Update
from storage.leads.roster.announcements import announce
from storage.leads.roster.invites import Invites
from storage.leads.roster.pending_approvals import Waiting
from storage.leads.roster.roster import Lead, Roster, Rosters, shut_out
from storage.values.errors import Tampered

#: What `deeds of two` about a lead are called, before the lead's id.
CONFIRM: Final = "confirm"
SHUT_OUT: Final = "shut_out"


async def shut_out_rows(
    core: StoreCore, rosters: Rosters, invites: Invites, roster: Roster, lead: Lead
) -> tuple[Row, ...]:
    """Give the rows that shut a lead out; everybody else who is in is told.

    What waits in the outbox for the lead is told to nobody: it goes when it is due, and what a reporter said goes to
    the others then (`Outcomes.drop`). Of the lead's open cases somebody has to be told again: they have no owner,
    and are due to be acknowledged now, so that they are on the ladder within a minute (`storage/notices/reconcile.py`).

    Raises:
        Unavailable: The ledger cannot be written, or the database not be read.
    """
    changed = shut_out(lead)
    return (
        Update(leads, {"id": lead.id}, {"disabled": changed.disabled}),
        *rosters.rows(roster, lead=changed, waiting=without(roster.waiting, lead)),
        invites.of(lead.id),
        Delete(pagers, {"lead_id": lead.id}),
        Delete(handovers, {"giver": lead.id}),
        Delete(handovers, {"taker": lead.id}),
        *await _given_back(core, lead),
        Logged(core.hour(), lead.id, "disabled"),
        *announce(roster, core.second(), but={lead.id}),
    )


def without(waiting: Waiting, lead: Lead) -> Waiting:
    """Give what waits without any first word about a lead: what was said before of who comes again counts no more.

    The recovery key that waits, and what is said of others, stay.
    """
    gone = {f"{deed} {lead.id}" for deed in (CONFIRM, SHUT_OUT)}
    return replace(waiting, words={deed: one for deed, one in waiting.words.items() if deed not in gone})


async def _given_back(core: StoreCore, lead: Lead) -> list[Row]:
    async with core.read() as connection:
        owned = await all_rows(connection, select(cases).where(cases.c.owner == lead.id))
    rows: list[Row] = []
    for row in owned:
        try:
            clear = read_clear(core, row)
        except Tampered:  # counted, and told by `verify`; it keeps nobody from being shut out
            continue
        if clear.is_open:
            rows += change_rows(core, clear, without_owner(clear, core.second()))
    return rows


def without_owner(clear: ClearRow, now: int) -> ClearRow:
    """Return a case that nobody has; an open one is to be acknowledged at once, so that it climbs the ladder again.

    Args:
        clear: The case, whose owner reads it no more.
        now: Seconds since 1970.
    """
    if not clear.is_open or clear.due == "acknowledge":
        return replace(clear, owner=None)
    return replace(clear, owner=None, due="acknowledge", due_at=min(clear.due_at, now))
