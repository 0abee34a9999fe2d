"""Who reads a concern: rungs of named people, by whom it is about, who was left out, and whose name stands in it.

Whom it may be about decides the ladder (domain, section 1, "Routes by subject_role"):

- an adult who works here: the head, then the chair or else an independent person;
- not sure who, or "not sure" on the readers screen: the head and that alternate together;
- a lead was left out: the head and a deputy; the head was: the chair, then the independent person; the chair was: the
  independent person;
- otherwise the leads, then the deputies, then the head.

Where a site has none of the people that its ladder names, the others stand in, each shown by name and able to be left
out: independent person, chair, head, then leads and deputies. Somebody who was left out never reads, whatever follows;
if nobody else remains there is no rung, nothing is sent, and the reporter is shown where else to turn.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal, TypeAlias

from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.values.ids import READING, LeadId, Role
from flows.values.situation import Reader

#: Whom a concern may be about, as far as the route cares; left-out people come before what was answered.
Subject: TypeAlias = Literal["chair", "head", "lead", "not_sure", "adult_here", "other"]

#: A rung: roles that are notified together. `a_deputy` is one of the deputies, `alternate` the chair or else the
#: independent person.
_Rung: TypeAlias = tuple[Literal["lead", "deputy", "a_deputy", "head", "chair", "independent", "alternate"], ...]

_LADDERS: Final[dict[Subject, tuple[_Rung, ...]]] = {
    "chair": (("independent",),),
    "head": (("chair",), ("independent",)),
    "lead": (("head", "a_deputy"),),
    "not_sure": (("head", "alternate"),),
    "adult_here": (("head",), ("alternate",)),
    "other": (("lead",), ("deputy",), ("head",)),
}

#: Who stands in where nobody of the ladder is there: the first of these that gives anybody.
_STAND_INS: Final[tuple[tuple[_Rung, ...], ...]] = (
    (("independent",),),
    (("chair",),),
    (("head",),),
    (("lead",), ("deputy",)),
)

#: Who is added, one after the other, where people were kept out after sending and the ladder itself gives nobody more.
_NEXT_UP: Final[tuple[_Rung, ...]] = (("head",), ("chair",), ("independent",), ("lead",), ("deputy",))


@dataclass(frozen=True)
class Route:
    """Where a concern would go.

    `rungs` are grouped and ordered as they are notified, nobody twice; `readers` are the same people, to be shown by
    name. `excluded` were left out by the reporter. `withheld` would have read it, but the words name them: nothing is
    sealed for them until an alternate has checked. `named` are readers whom the words name and who could not be
    withheld, since nobody else would remain: the readers screen has to ask about them. `outside` says that contacts
    outside the site have to be shown: nobody remains, or the chair was left out.
    """

    rungs: tuple[tuple[LeadId, ...], ...]
    readers: tuple[Reader, ...]
    excluded: tuple[LeadId, ...]
    withheld: tuple[LeadId, ...]
    named: tuple[LeadId, ...]
    outside: bool


def readers(
    roster: Sequence[Reader],
    adult: str,
    struck: Collection[LeadId],
    unsure: bool,  # noqa: FBT001 -- one of the draft's answers, beside the others
    words: Sequence[str],
) -> Route:
    """The route of a concern.

    Args:
        roster: Those with a role at the site, in the order they are shown.
        adult: Whether it is about an adult who works here: `yes`, `no`, `not_sure`, `skipped`, or empty if not asked.
        struck: Those marked "not this person".
        unsure: Whether "not sure" was chosen on the readers screen.
        words: Everything the reporter wrote.

    Somebody whose name the words hold is withheld if anybody else can read. If nobody else can, it depends: about an
    adult here, or not sure, the concern stays unsent, since the name may well be the subject's. Otherwise they are
    readers all the same, marked `named`, and the reporter decides on the screen before anything is sent: a child who
    wrote "I told Mr Bell" must not be turned away.
    """
    reading = tuple(reader for reader in roster if reader.role in READING)
    excluded = tuple(reader.lead for reader in reading if reader.lead in struck)
    left = tuple(reader for reader in reading if reader.lead not in struck)
    subject = _subject(reading, adult, frozenset(struck), unsure=unsure)
    typed = [TypedWords(text) for text in words]  # folded once for all readers
    named = tuple(reader for reader in left if any(is_named(text, reader.name) for text in typed))
    rungs = _climbed(subject, tuple(reader for reader in left if reader not in named))
    intended = frozenset(lead for rung in _climbed(subject, left) for lead in rung)
    asked: tuple[LeadId, ...] = ()
    if not rungs and subject == "other":
        rungs = _climbed(subject, left)
        asked = tuple(lead for rung in rungs for lead in rung)
    by_id = {reader.lead: reader for reader in left}
    return Route(
        rungs=rungs,
        readers=tuple(by_id[lead] for rung in rungs for lead in rung),
        excluded=excluded,
        withheld=tuple(reader.lead for reader in named if reader.lead in intended and reader.lead not in asked),
        named=asked,
        outside=not rungs or subject == "chair",
    )


def next_up(
    roster: Sequence[Reader],
    adult: str,
    struck: Collection[LeadId],
    unsure: bool,  # noqa: FBT001 -- as for `readers`
    shut: Collection[LeadId],
) -> tuple[LeadId, ...]:
    """Return who may be added to a sent concern, whoever comes first first; some may read it already.

    Args:
        roster: Those with a role at the site.
        adult: As for `readers`.
        struck: Whom the reporter left out, and who was kept out after sending: they decide the ladder, as left-out
            people do before sending.
        unsure: As for `readers`.
        shut: Who is never among the result besides them, since the words name them.
    """
    reading = tuple(reader for reader in roster if reader.role in READING)
    left = tuple(reader for reader in reading if reader.lead not in struck and reader.lead not in shut)
    ladder = _LADDERS[_subject(reading, adult, frozenset(struck), unsure=unsure)]
    found = chain.from_iterable(_standing(rung, left) for rung in (*ladder, *_NEXT_UP))
    return tuple(dict.fromkeys(found))


def _subject(roster: Sequence[Reader], adult: str, struck: frozenset[LeadId], *, unsure: bool) -> Subject:
    out = {reader.role for reader in roster if reader.lead in struck}
    for role in ("chair", "head", "lead"):
        if role in out:
            return role
    if unsure or adult == "not_sure":
        return "not_sure"
    return "adult_here" if adult == "yes" else "other"


def _climbed(subject: Subject, left: Sequence[Reader]) -> tuple[tuple[LeadId, ...], ...]:
    for ladder in (_LADDERS[subject], *_STAND_INS):
        rungs = tuple(dict.fromkeys(_standing(rung, left) for rung in ladder))
        if any(rungs):
            return tuple(rung for rung in rungs if rung)
    return ()


def _standing(rung: _Rung, left: Sequence[Reader]) -> tuple[LeadId, ...]:
    found: list[LeadId] = []
    for place in rung:
        if place == "alternate":
            found += _having("chair", left) or _having("independent", left)
        elif place == "a_deputy":
            found += _having("deputy", left)[:1]
        else:
            found += _having(place, left)
    return tuple(found)


def _having(role: Role, left: Sequence[Reader]) -> tuple[LeadId, ...]:
    return tuple(reader.lead for reader in left if reader.role == role)
