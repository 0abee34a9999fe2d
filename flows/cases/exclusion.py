"""Keeping a reader out of a sent concern: whom later words name, who reads in her place, and when too few are left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from flows.cases.routing import next_up
from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.values.ids import READING, LeadId
from flows.values.situation import Reader

#: How many people read a concern at least, where a site has them.
ENOUGH: Final = 2


@dataclass(frozen=True)
class Circle:
    """Who has to do with a sent concern.

    `roster` are those with a role at its site, and `having` those who read it now. `left_out` were left out by the
    reporter, `withheld` are named by the words, and `kept_out` were kept out by a recipient. `adult` and `unsure` are
    as for `routing.readers`.
    """

    roster: Sequence[Reader]
    having: Collection[LeadId]
    left_out: Collection[LeadId]
    withheld: Collection[LeadId]
    kept_out: Collection[LeadId]
    adult: str
    unsure: bool


@dataclass(frozen=True)
class Remaining:
    """Who reads once somebody is kept out: those who are `left`, and those who are `added` in the order of the ladder.

    `allowed` is false where too few would read.
    """

    left: tuple[LeadId, ...]
    added: tuple[LeadId, ...]
    allowed: bool


def named_by(words: Sequence[str], readers: Sequence[Reader]) -> tuple[LeadId, ...]:
    """Return those of `readers` whom the words name, in whatever way of writing (decision 15).

    It takes time in proportion to the words, which are folded once.
    """
    typed = [TypedWords(text) for text in words]
    return tuple(reader.lead for reader in readers if any(is_named(text, reader.name) for text in typed))


def without(circle: Circle, out: Collection[LeadId]) -> Remaining:
    """Return who reads once all of `out` are kept out.

    Two at least read then: where fewer are left, the next of the ladder are added. One alone is allowed only where the
    site has nobody else: neither somebody who could be added, nor somebody whom a recipient kept out, so that nobody
    ends up alone with a concern by keeping out one after the other. Nobody at all is never allowed.
    """
    left = tuple(sorted(lead for lead in circle.having if lead not in out))
    added = _missing(circle, out, left)
    reading = len(left) + len(added)
    others = {one.lead for one in circle.roster if one.role in READING}
    others -= {*left, *out, *circle.left_out, *circle.withheld}
    return Remaining(left, added, reading >= ENOUGH or (reading == 1 and not others - {*added}))


def called_up(circle: Circle) -> tuple[LeadId, ...]:
    """Return who is added, in the order of the ladder, where fewer than two read a concern; else nobody."""
    return _missing(circle, (), tuple(circle.having))


def _missing(circle: Circle, out: Collection[LeadId], left: Sequence[LeadId]) -> tuple[LeadId, ...]:
    struck = {*circle.left_out, *circle.kept_out, *out}
    found = next_up(circle.roster, circle.adult, struck, circle.unsure, circle.withheld)
    return tuple(lead for lead in found if lead not in left)[: max(0, ENOUGH - len(left))]
