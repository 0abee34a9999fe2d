"""Tags of names under a lead's own keys, and a case as her index holds it: no name is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows.names.forms import surnames_and_initial
from storage.cases.entries import Opened
from storage.cases.people.name_index import NO_INITIAL, NO_TAGS, IndexedCase, Tagged, Tags
from storage.cases.people.ties import half_in
from storage.cases.rows.clear_row import ClearRow
from storage.deeds.record.people import people_in
from storage.sealing.keys.lead_keys import LeadKeys, name_tag

_SURNAMES: Final = 4  # of one person


def tags_of(keys: LeadKeys, name: str) -> tuple[Tags, ...]:
    """Give the tags of a name, one pair for each surname, four at most; none where there is nothing to compare."""
    surnames, initial = surnames_and_initial(name)
    return tuple(
        Tags(
            name_tag(keys, "surname", one),
            name_tag(keys, "surname and initial", f"{one} {initial}") if initial else NO_INITIAL,
        )
        for one in surnames[:_SURNAMES]
    )


def indexed_case(keys: LeadKeys, clear: ClearRow, opened: Sequence[Opened]) -> IndexedCase:
    """Give what an index holds of a case whose entries were opened: who is in it by tags, and halves of ties."""
    there = (
        Tagged(one.number, one.part, tags)
        for one in people_in(opened)
        for tags in tags_of(keys, one.name) or (NO_TAGS,)
    )
    halves = (half for one in opened if (half := half_in(one)) is not None)
    return IndexedCase(clear.id, clear.reference, clear.entries, tuple(there), tuple(halves))
