"""What a lead's deed makes of a case before it is signed; and proposals, where a deed takes two recipients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.cases import approvals
from flows.cases.approvals import Proposal
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.case_row import ClearRow
from storage.cases.entries import Said
from storage.cases.header import state_of
from storage.database.turn import Row
from storage.deeds.loading import Loaded
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Roster
from storage.notices.enqueue import tell_one
from storage.values import Glance


@dataclass(frozen=True, slots=True)
class Acted:
    """The case as it is to be, its header, what is said, what is logged, and further rows."""

    clear: ClearRow
    glance: Glance
    what: str
    said: tuple[Said, ...]
    rows: tuple[Row, ...] = field(default=(), repr=False)


def deed_of(clear: ClearRow, what: str, detail: Mapping[str, str], now: datetime) -> Said:
    """Return the entry that tells the recipients of a case that something was done."""
    return Said("desk", entry_content.action(what, detail, clear.desk_version + 1, now))


def is_second(loaded: Loaded, roster: Roster, what: str, by: LeadId, now: datetime) -> bool:
    """Return whether `by` completes a deed that another recipient proposed; see `flows/cases/approvals.py`."""
    holders = loaded.access.leads(loaded.clear.epoch)
    among = {LeadId(lead) for lead in holders if reads(roster.leads.get(LeadId(lead)))}
    return approvals.is_second(loaded.glance.proposed.get(what), by, state_of(loaded.clear), now, among=among)


def proposed(loaded: Loaded, what: str, by: LeadId, now: datetime) -> tuple[Glance, tuple[Row, ...]]:
    """Give the header with the first word for a deed, and the notices to the other recipients."""
    word = Proposal(by, now, state_of(loaded.clear))
    others = sorted(loaded.access.leads(loaded.clear.epoch) - {by})
    told = tuple(tell_one(loaded.clear, lead, "message", int(now.timestamp())) for lead in others)
    return replace(loaded.glance, proposed={**loaded.glance.proposed, what: word}), told


def without_proposals(glance: Glance) -> Glance:
    """Give a header without anybody's first word: the case was closed, or opened again."""
    return replace(glance, proposed={})
