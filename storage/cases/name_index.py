"""One lead's index of the people in her cases: by tags of their names, in memory and as sealed segments.

It is a copy that is made again from the cases. It holds no name, only tags that no other lead's key makes
(`lead_keys.name_tag`); at rest it is boxes of one size. See decision 33.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from struct import Struct, error
from typing import Final, NamedTuple

from flows.cases.people import PARTS, Part, Tied
from flows.values.ids import LeadId
from storage.cases.ties import Half, joined
from storage.database.schema.leads import name_segments
from storage.database.turn import Delete, Insert, Row, UpdateAll
from storage.sealing.keys.lead_keys import TAG_BYTES, LeadKeys
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.errors import CannotOpen
from storage.values import CaseId

SEGMENT_BYTES: Final = 64 * 1024
#: A segment holds the cases whose ids begin with so many bits at most: 256 segments, some 300,000 people.
DEEPEST: Final = 8
_COUNT: Final = Struct(">I")
_ROOM: Final = SEGMENT_BYTES - _COUNT.size
_HEAD: Final = Struct(">16s6sIHH")
_PERSON: Final = Struct(">IBB")
_TIE: Final = Struct(">I16s16s16s")
_PARTS: Final[tuple[Part, ...]] = tuple(PARTS)


class Tags(NamedTuple):
    """A surname, and it with an initial; the second is zeros where no given name is known."""

    surname: bytes
    initial: bytes


NO_INITIAL: Final = bytes(TAG_BYTES)


@dataclass(frozen=True, slots=True)
class Indexed:
    """Somebody in a case, without the name."""

    number: int
    part: Part
    tags: tuple[Tags, ...] = field(repr=False)

    def may_be(self, tags: Iterable[Tags]) -> bool:
        """Tell whether somebody with these tags bears a name that may be this one.

        A surname is the same, and the initial too unless one of both is not known.
        """
        return any(
            mine.surname == one.surname and (NO_INITIAL in {mine.initial, one.initial} or mine.initial == one.initial)
            for mine in self.tags
            for one in tags
        )


@dataclass(frozen=True, slots=True)
class IndexedCase:
    """What the index holds of a case, as of its first `entries` entries; `halves` are by age."""

    case: CaseId
    reference: str
    entries: int
    people: tuple[Indexed, ...] = ()
    halves: tuple[Half, ...] = ()

    def __len__(self) -> int:
        """Return how many bytes it takes in a segment."""
        people = sum(_PERSON.size + len(one.tags) * 2 * TAG_BYTES for one in self.people)
        return _HEAD.size + people + _TIE.size * len(self.halves)

    def written(self) -> Iterator[bytes]:
        """Give its bytes, in parts."""
        counts = (self.entries, len(self.people), len(self.halves))
        yield _HEAD.pack(bytes.fromhex(self.case), self.reference.encode("ascii"), *counts)
        for one in self.people:
            yield _PERSON.pack(one.number, _PARTS.index(one.part), len(one.tags))
            for tags in one.tags:
                yield from tags
        for half in self.halves:
            yield _TIE.pack(half.entry, bytes.fromhex(half.author), half.number, half.half)


class Hit(NamedTuple):
    """Somebody in a case who may bear a name: where, as what, and the number there."""

    case: CaseId
    reference: str
    part: Part
    number: int


class NameIndex:
    """The index in memory; `changed` are the cases of which what is kept is not what is here."""

    def __init__(self, kept: Mapping[str, Iterable[IndexedCase]] | None = None) -> None:
        """Begin with what was kept, by segment."""
        self.cases: dict[CaseId, IndexedCase] = {}
        self.changed: set[CaseId] = set()
        self.depth = max((len(segment) for segment in kept or ()), default=0)
        self._by_surname: defaultdict[bytes, set[CaseId]] = defaultdict(set)
        self._by_number: defaultdict[bytes, set[CaseId]] = defaultdict(set)
        for one in (one for some in (kept or {}).values() for one in some):
            self.put(one)
        self.changed.clear()

    def put(self, one: IndexedCase) -> None:
        """Hold a case, in the place of what was held of it."""
        self.drop(one.case)
        self.cases[one.case] = one
        self.changed.add(one.case)
        for tags in (tags for person in one.people for tags in person.tags):
            self._by_surname[tags.surname].add(one.case)
        for half in one.halves:
            self._by_number[half.number].add(one.case)

    def drop(self, case: CaseId) -> None:
        """Hold a case no more; nothing happens where it was not held."""
        one = self.cases.pop(case, None)
        if one is None:
            return
        self.changed.add(case)
        for tags in (tags for person in one.people for tags in person.tags):
            self._by_surname[tags.surname].discard(case)
        for half in one.halves:
            self._by_number[half.number].discard(case)

    def hits(self, tags: Iterable[Tags]) -> tuple[Hit, ...]:
        """Give everybody who may bear a name, by reference and number. The time grows with the hits alone."""
        asked = tuple(tags)
        found = {case for one in asked for case in self._by_surname.get(one.surname, ())}
        return tuple(
            Hit(case, self.cases[case].reference, person.part, person.number)
            for case in sorted(found, key=lambda case: self.cases[case].reference)
            for person in self.cases[case].people
            if person.may_be(asked)
        )

    def said_of(self, case: CaseId) -> tuple[Tied, ...]:
        """Give what was said of a case and another one that is here too, by age."""
        mine = self.cases.get(case)
        return tuple(one for half in (mine.halves if mine else ()) for one in self._said(case, half))

    def _said(self, case: CaseId, half: Half) -> Iterator[Tied]:
        for other in sorted(self._by_number[half.number] - {case}):
            for there in self.cases[other].halves:
                said = joined(half, there)
                if said is not None:
                    people = (said.low, said.high) if case < other else (said.high, said.low)
                    yield Tied(other, said.tie, *people)


def segment_of(case: str, depth: int) -> str:
    """Give the first `depth` bits of a case's id, 0 to 8 of them: ids are random, so segments fill evenly."""
    return f"{int(case[:2], 16):08b}"[:depth]


def by_segment(index: NameIndex) -> dict[str, list[IndexedCase]]:
    """Part the cases into as few segments as hold them, all of one depth; at the deepest what does not fit is left."""
    sized = [(one, len(one)) for one in index.cases.values()]
    for depth in range(DEEPEST + 1):
        parted: dict[str, list[IndexedCase]] = {}
        sizes: defaultdict[str, int] = defaultdict(int)
        for one, size in sized:
            segment = segment_of(one.case, depth)
            if sizes[segment] + size <= _ROOM:
                parted.setdefault(segment, []).append(one)
            sizes[segment] += size
        if max(sizes.values(), default=0) <= _ROOM:
            break
    return parted


def segment_row(keys: LeadKeys, lead: LeadId, segment: str, some: Sequence[IndexedCase], *, new: bool) -> Row:
    """Give the row of one segment, sealed: 64 KiB, whatever is in it."""
    written = b"".join(part for one in some for part in one.written())
    plain = (_COUNT.pack(len(some)) + written).ljust(SEGMENT_BYTES, b"\0")
    key, sealed = {"lead_id": lead, "segment": segment}, {"sealed": seal(keys.index, _place(lead, segment), plain)}
    return Insert(name_segments, {**key, **sealed}) if new else UpdateAll(name_segments, key, sealed)


def read_segment(keys: LeadKeys, lead: LeadId, segment: str, sealed: bytes) -> tuple[IndexedCase, ...]:
    """Open a segment.

    Raises:
        CannotOpen: It was sealed under other keys, for another lead or segment, or was changed.
    """
    plain = open_box(keys.index, _place(lead, segment), sealed)
    try:
        return tuple(_read(plain))
    except (error, IndexError, ValueError):
        raise CannotOpen from None


def without_segments(lead: LeadId, case: str) -> tuple[Row, ...]:
    """Give what deletes the segment of a lead's index that may hold a case, of whichever depth it is.

    For the turn in which she reads that case no more: nobody needs her keys for that. What else was in it is made
    again.
    """
    names = (segment_of(case, depth) for depth in range(DEEPEST + 1))
    return tuple(Delete(name_segments, {"lead_id": lead, "segment": segment}) for segment in names)


def _place(lead: LeadId, segment: str) -> Place:
    return Place("name_segments", None, lead, segment, 0)


def _read(plain: bytes) -> Iterator[IndexedCase]:
    [count], at = _COUNT.unpack_from(plain), _COUNT.size
    for _ in range(count):
        case, reference, entries, people, halves = _HEAD.unpack_from(plain, at)
        at += _HEAD.size
        found = []
        for _ in range(people):
            number, part, surnames = _PERSON.unpack_from(plain, at)
            at += _PERSON.size
            tags = tuple(
                Tags(plain[start : start + TAG_BYTES], plain[start + TAG_BYTES : start + 2 * TAG_BYTES])
                for start in range(at, at + surnames * 2 * TAG_BYTES, 2 * TAG_BYTES)
            )
            at += surnames * 2 * TAG_BYTES
            found.append(Indexed(number, _PARTS[part], tags))
        ties = [_TIE.unpack_from(plain, at + _TIE.size * number) for number in range(halves)]
        at += _TIE.size * halves
        own = tuple(Half(entry, author.hex(), number, half) for entry, author, number, half in ties)
        yield IndexedCase(CaseId(case.hex()), reference.decode("ascii"), entries, tuple(found), own)
