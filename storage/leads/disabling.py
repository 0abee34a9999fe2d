"""What goes at once when a lead is suspended: notices, addresses, offers and invites; and open cases change hands.

Her wraps go after that, in small batches: `storage/upkeep/wrap_removal.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import literal_column, select

from flows.values.ids import LeadId
from storage.cases.rows.case_row import change_rows, read_cases
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, all_rows, one_row
from storage.database.schema.cases import handovers, readers
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox, pagers, reached
from storage.database.turn import Cell, Delete, Insert, Logged, Row, Update, UpdateAll
from storage.leads.pager_rows import ENDED, UNTRIED, pager_columns, pager_name, reached_columns, reached_name
from storage.leads.roster.announcements import announce
from storage.leads.roster.invites import Invites
from storage.leads.roster.roster import Lead, Roster, shut_out
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.unlock_records import STATE, state_columns, state_name

#: What `deeds of two` about a lead are called, before the lead's id.
CONFIRM: Final = "confirm"
SHUT_OUT: Final = "shut_out"
LEAVE: Final = "leave"
#: What parts the particulars in what a first word is bound to.
PARTED: Final = " | "

_OPEN: Final = readers.c.open == literal_column("1")


@dataclass(frozen=True, slots=True)
class Suspending:
    """The rows of the turn that suspends a lead, and what the register has to hold once they are on disk."""

    rows: tuple[Row, ...]
    floors: tuple[tuple[str, int], ...]

    def note(self, core: StoreCore) -> None:
        """Note it, so that an address of before is not taken for hers again; call it after the commit.

        Raises:
            Tampered: The register is not the one that was written.
            Unavailable: The register cannot be read or written.
        """
        for name, version in self.floors:
            core.register.note_floor(name, version)


def suspension_of(shown: str, taker: LeadId | None) -> str:
    """Give what a first word for a suspension or a leaving is bound to: the keys, and who takes the open cases."""
    return shown if taker is None else f"{shown}{PARTED}{taker}"


async def shut_out_rows(
    core: StoreCore,
    rosters: Rosters,
    invites: Invites,
    roster: Roster,
    lead: Lead,
    taker: LeadId | None = None,
    *,
    renamed: Lead | None = None,
) -> Suspending:
    """Give the rows that suspend a lead; everybody else who is in is told.

    What waits in the outbox for the lead is told to nobody: it goes when it is due, and what a reporter said goes to
    the others then (`Outcomes.drop`). Of her open cases those that are sealed for `taker` are that lead's from now on,
    who is told; the clocks run on, as where a case is assigned. Of the others somebody has to be told again: they have
    no owner, and are due to be acknowledged now, so that they are on the ladder within a minute
    (`storage/notices/reconcile.py`).

    Args:
        core: For the ledger, which is told first.
        rosters: Gives the rows of the roster.
        invites: Gives the row that takes her invites back.
        roster: As it is.
        lead: Who.
        taker: Who takes over her open cases, if anybody does.
        renamed: The same lead with what else changes on the roster.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The ledger cannot be written, or the database or the register not be read.
    """
    changed = shut_out(renamed or lead)
    waiting = roster.waiting.without_words_on(lead.id)
    waiting = replace(waiting, unsealing=waiting.unsealing | {lead.id})
    state, step = await _without_chat(core, lead)
    pager, version = await _without_pager(core, lead)
    ways, floors = await _without_ways(core, lead)
    own: dict[str, Cell] = {"disabled": changed.disabled, "name": changed.name, "name_key": changed.name_key}
    rows = (
        Update(leads, {"id": lead.id}, {**own, **state}),
        *rosters.rows(roster, lead=changed, waiting=waiting, suspends=True),
        invites.of(lead.id),
        *pager,
        *ways,
        *await _handed_on(core, roster, lead, taker),
        Logged(core.hour(), lead.id, "disabled"),
        *announce(roster, core.second(), but={lead.id}),
    )
    return Suspending(rows, ((state_name(lead.id), step), (pager_name(lead.id), version), *floors))


async def _without_chat(core: StoreCore, lead: Lead) -> tuple[dict[str, Cell], int]:
    """Give what changes with an unlock without chat and places; the step of the last code stays used."""
    async with core.read() as connection:
        row = await one_row(connection, select(*STATE).where(leads.c.id == lead.id))
    kept: dict[str, Any] = row or {"totp_step": 0, "unlocked_day": None}
    step = max(kept["totp_step"], core.register.floor(state_name(lead.id)))
    return state_columns(core, lead.id, step, None, kept["unlocked_day"], None), step


async def _without_pager(core: StoreCore, lead: Lead) -> tuple[tuple[Row, ...], int]:
    """Give the row that ends an e-mail address, if there ever was one, and its version."""
    async with core.read() as connection:
        row = await one_row(connection, select(pagers).where(pagers.c.lead_id == lead.id))
    floor = core.register.floor(pager_name(lead.id))
    if row is None:
        return (), floor
    version = max(floor, row["version"]) + 1
    cells = pager_columns(core, lead.id, {**ENDED, "version": version})
    return (UpdateAll(pagers, {"lead_id": lead.id}, cells),), version


async def _without_ways(core: StoreCore, lead: Lead) -> tuple[tuple[Row, ...], tuple[tuple[str, int], ...]]:
    """Give the rows that empty what became of the ways to a lead, and their versions; none of before can come back."""
    async with core.read() as connection:
        found = await all_rows(connection, select(reached).where(reached.c.lead_id == lead.id))
    rows: list[Row] = []
    floors: list[tuple[str, int]] = []
    for row in found:
        name = reached_name(lead.id, row["channel"])
        version = max(core.register.floor(name), row["version"]) + 1
        cells = reached_columns(core.server_key, lead.id, row["channel"], {**UNTRIED, "version": version})
        rows.append(UpdateAll(reached, {"lead_id": lead.id, "channel": row["channel"]}, cells))
        floors.append((name, version))
    return tuple(rows), tuple(floors)


async def _handed_on(core: StoreCore, roster: Roster, lead: Lead, taker: LeadId | None) -> tuple[Row, ...]:
    """Give the rows of the open cases that a lead had, and of those that were offered to her."""
    hers = select(readers.c.case_id).where(readers.c.lead_id == lead.id, readers.c.owner == lead.id, _OPEN)
    offered = select(handovers.c.case_id).where((handovers.c.taker == lead.id) | (handovers.c.giver == lead.id))
    async with core.read() as connection:
        named = set((await connection.execute(hers)).scalars()) | set((await connection.execute(offered)).scalars())
    rows: list[Row] = [Delete(handovers, {"case_id": case}) for case in sorted(named)]
    # What is not genuine is counted, and told by `verify`; it keeps nobody from being suspended.
    for clear in (await read_cases(core, named)).values():
        rows += handed_on(core, roster, clear, lead.id, taker)
    return tuple(rows)


def handed_on(
    core: StoreCore, roster: Roster, clear: ClearRow, lead: LeadId, taker: LeadId | None = None
) -> Iterator[Row]:
    """Give the rows by which an open case that a lead has, or is offered, goes to another or back to its readers."""
    now = core.second()
    if clear.owner != lead:
        if clear.offered == lead:
            yield from change_rows(core, clear, replace(clear, offered=None))
        return
    if not clear.is_open:
        return
    if taker is None or taker not in roster.there(clear.rungs):
        yield from change_rows(core, clear, clear.without_owner(now))
        return
    yield from change_rows(core, clear, replace(clear, owner=taker, offered=None))
    told: dict[str, Cell] = {"lead_id": taker, "return_id": None, "case_id": clear.id, "kind": "new"}
    yield Insert(outbox, {**told, "rank": clear.rank, "rung": 0, "not_before": now})
