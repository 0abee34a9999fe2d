"""Who is in a case and as what, as leads wrote it down; and how two cases may belong together. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, cast, get_args

from flows.values.text import Text

Part: TypeAlias = Literal["child", "carer", "sibling", "adult", "witness", "professional", "other"]
#: The same person in two cases or not; and what is the same of the cases themselves. "apart" ends the last four.
Tie: TypeAlias = Literal["same", "different", "child", "sibling", "adult", "event", "apart"]

#: What somebody may be in a case. The ids are stored with cases.
PARTS: Final[Mapping[Part, Text]] = MappingProxyType(
    {
        "child": Text("the child", "desk"),
        "carer": Text("parent or carer", "desk"),
        "sibling": Text("brother or sister", "desk"),
        "adult": Text("adult it is about", "desk"),
        "witness": Text("witness", "desk"),
        "professional": Text("other professional", "desk"),
        "other": Text("somebody else", "desk"),
    }
)

#: How two cases may belong together, in the order of their buttons.
LINKS: Final[Mapping[Tie, Text]] = MappingProxyType(
    {
        "child": Text("Same child", "desk"),
        "sibling": Text("Brother or sister", "desk"),
        "adult": Text("Same adult", "desk"),
        "event": Text("Same event", "desk"),
    }
)

TIES: Final[tuple[Tie, ...]] = get_args(Tie)
LONGEST: Final = 200  # characters of a name
MOST: Final = 100  # people in a case

#: What the entries are called in which somebody is written down, and taken away again.
ADDED: Final = "person"
GONE: Final = "person_gone"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a case; `number` is that of the entry in which he or she was written down."""

    number: int
    name: str
    part: Part


@dataclass(frozen=True, slots=True)
class Written:
    """What an entry did to the list of people: its number, what it is called, and its particulars."""

    number: int
    what: str
    detail: Mapping[str, str]


def plain_name(typed: str) -> str:
    """Return a name as it is kept: in one line, one space between words."""
    return " ".join(typed.split())


def is_fit(name: str, part: str) -> bool:
    """Return whether somebody can be written down so: a name of 1 to 200 characters, and one of `PARTS`."""
    return 0 < len(name) <= LONGEST and name == plain_name(name) and part in PARTS


def people(written: Iterable[Written]) -> tuple[Person, ...]:
    """Return who is in a case by now, in the order in which they were written down."""
    found: dict[int, Person] = {}
    for one in written:
        if one.what == ADDED:
            found[one.number] = Person(one.number, one.detail["name"], cast("Part", one.detail["as"]))
        elif one.what == GONE:
            found.pop(int(one.detail["person"]), None)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Tied:
    """What was said of this case and another one. `here` and `there` are people's numbers; 0 where it is of none."""

    other: str
    tie: Tie
    here: int = 0
    there: int = 0


def links(said: Iterable[Tied]) -> dict[str, tuple[Tie, ...]]:
    """Return how each other case belongs to this one, by its id; `said` by age. What was ended is not there."""
    found: dict[str, tuple[Tie, ...]] = {}
    for one in said:
        if one.tie == "apart":
            found.pop(one.other, None)
        elif one.tie in LINKS:
            found[one.other] = tuple(dict.fromkeys((*found.get(one.other, ()), one.tie)))
    return found


def judged(said: Iterable[Tied]) -> dict[tuple[int, str, int], bool]:
    """Return of whom it was said whether it is the same person: by number here, other case, and number there."""
    found = (one for one in said if one.tie in {"same", "different"})
    return {(one.here, one.other, one.there): one.tie == "same" for one in found}
