"""Tags of names under a lead's own keys, and a case as her index holds it: no name is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from flows.names.forms import surnames_and_initial
from flows.names.given_names import given_names
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


def given_tags(keys: LeadKeys, given: Iterable[str]) -> tuple[Tags, ...]:
    """Give the tags of given names alone, folded; no name that somebody is found by (`tags_of`) has such a tag."""
    return tuple(Tags(name_tag(keys, "given name", one), NO_INITIAL) for one in given)


def indexed_case(keys: LeadKeys, clear: ClearRow, opened: Sequence[Opened]) -> IndexedCase:
    """Give what an index holds of a case whose entries were opened: who is in it by tags, and halves of ties."""
    there = (
        Tagged(one.number, one.part, tags)
        for one in people_in(opened)
        for tags in (*(tags_of(keys, one.name) or (NO_TAGS,)), *given_tags(keys, given_names(one.name)))
    )
    halves = (half for one in opened if (half := half_in(one)) is not None)
    return IndexedCase(clear.id, clear.reference, clear.entries, tuple(there), tuple(halves))
