"""Deeds on a case that take two recipients: the first one's word, kept in the sealed header until it lapses.

It lapses with any further word of the reporter, and is taken away when the case is closed or opened again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows import two_people
from flows.ids import LeadId
from flows.two_people import Proposal
from storage.cases.header import state_of
from storage.deeds.notify import tell_one
from storage.deeds.send_concern import reads
from storage.desk.loading import Loaded
from storage.people.roster import Roster
from storage.turns import Row
from storage.values import Glance


def is_second(loaded: Loaded, roster: Roster, what: str, by: LeadId, now: datetime) -> bool:
    """Tell whether `by` completes a deed that another recipient proposed; see `flows/two_people.py`."""
    holders = loaded.access.leads(loaded.clear.epoch)
    among = {LeadId(lead) for lead in holders if reads(roster.leads.get(LeadId(lead)))}
    return two_people.is_second(loaded.glance.proposed.get(what), by, state_of(loaded.clear), now, among=among)


def proposed(loaded: Loaded, what: str, by: LeadId, now: datetime) -> tuple[Glance, tuple[Row, ...]]:
    """Give the header with the first word for a deed, and the notices to the other recipients."""
    word = Proposal(by, now, state_of(loaded.clear))
    others = sorted(loaded.access.leads(loaded.clear.epoch) - {by})
    told = tuple(tell_one(loaded.clear, lead, "message", int(now.timestamp())) for lead in others)
    return replace(loaded.glance, proposed={**loaded.glance.proposed, what: word}), told


def without_proposals(glance: Glance) -> Glance:
    """Give a header without anybody's first word: the case was closed, or opened again."""
    return replace(glance, proposed={})
