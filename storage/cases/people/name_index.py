"""One lead's index of the people in her cases: by tags of their names, in memory and as sealed segments.

It is a copy that is made again from the cases. It holds no name, only tags that no other lead's key makes
(`lead_keys.name_tag`); at rest it is boxes of one size. See decision 33.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from struct import Struct
from typing import Final, NamedTuple

from flows.cases.people import PARTS, Part, Tied
from flows.values.ids import LeadId
from storage.cases.people.ties import Half, joined
from storage.database.schema.leads import name_segments
from storage.database.turn import Delete, Insert, Row, UpdateAll
from storage.sealing.keys.lead_keys import TAG_BYTES, LeadKeys
from storage.sealing.primitives.box import Place, open_box, seal
from storage.values import CaseId

SEGMENT_BYTES: Final = 64 * 1024
#: A segment holds the cases whose ids begin with so many bits at most: 256 segments, some 200,000 people.
DEEPEST: Final = 8
_COUNT: Final = Struct(">I")
_ROOM: Final = SEGMENT_BYTES - _COUNT.size
#: Length of the whole, the case's id and reference, its entries, and how many tags and halves follow.
_HEAD: Final = Struct(">I16s6sIHH")
#: A person's number, part, surname and initial: one for each surname; and one for each given name, as a surname without
#: an initial. So tags stand where a search through bytes finds them.
_TAGGED: Final = Struct(">IB16s16s")
_HALF: Final = Struct(">I16s16s16s")
#: The version in which segments are sealed. One of before does not open, and is made again from the cases.
_WITH_GIVEN_NAMES: Final = 1
_PARTS: Final[tuple[Part, ...]] = tuple(PARTS)
NO_INITIAL: Final = bytes(TAG_BYTES)


class Tags(NamedTuple):
    """A surname, and it with an initial; the second is zeros where no given name is known. Or a given name alone."""

    surname: bytes
    initial: bytes

    def may_be(self, other: Tags) -> bool:
        """Tell whether names may be the same: the surname is, and the initial unless one of both is not known."""
        both = {self.initial, other.initial}
        return self.surname == other.surname and (len(both) == 1 or NO_INITIAL in both)


#: Of a name in which there is nothing to compare: no tag is zeros.
NO_TAGS: Final = Tags(NO_INITIAL, NO_INITIAL)


class Tagged(NamedTuple):
    """One surname of somebody in a case, or one given name."""

    number: int
    part: Part
    tags: Tags


class IndexedCase(NamedTuple):
    """What the index holds of a case, as of its first `entries` entries; `halves` are by age."""

    case: CaseId
    reference: str
    entries: int
    tagged: tuple[Tagged, ...] = ()
    halves: tuple[Half, ...] = ()

    def written(self) -> bytes:
        """Give its bytes."""
        length = _HEAD.size + _TAGGED.size * len(self.tagged) + _HALF.size * len(self.halves)
        counts = (self.entries, len(self.tagged), len(self.halves))
        tagged = (_TAGGED.pack(one.number, _PARTS.index(one.part), *one.tags) for one in self.tagged)
        halves = (_HALF.pack(one.entry, bytes.fromhex(one.author), one.number, one.half) for one in self.halves)
        head = _HEAD.pack(length, bytes.fromhex(self.case), self.reference.encode("ascii"), *counts)
        return b"".join((head, *tagged, *halves))


def read_case(written: bytes) -> IndexedCase:
    """Read what `IndexedCase.written` gave.

    Raises:
        struct.error: It is something else.
    """
    _, case, reference, entries, tagged, _ = _HEAD.unpack_from(written)
    middle = _HEAD.size + tagged * _TAGGED.size
    people = _TAGGED.iter_unpack(written[_HEAD.size : middle])
    halves = _HALF.iter_unpack(written[middle:])
    return IndexedCase(
        CaseId(case.hex()),
        reference.decode("ascii"),
        entries,
        tuple(Tagged(number, _PARTS[part], Tags(surname, initial)) for number, part, surname, initial in people),
        tuple(Half(entry, author.hex(), number, half) for entry, author, number, half in halves),
    )


class Hit(NamedTuple):
    """Somebody in a case who may bear a name: where, as what, and the number there."""

    case: CaseId
    reference: str
    part: Part
    number: int


class NameIndex:
    """The index in memory, each case as its bytes: what is asked for is searched through all of them.

    Attributes:
        entries: By case, of how many of its entries the index knows.
        versions: By case, the version in which it was found to have no more than those; empty after opening.
        changed: Cases of which what is kept is not what is here.
        state: What the queue was when all of it was found to be here (`storage/desk/names/indexing.py`).
        depth: Of the segments in which it is kept; -1 where all have to be written anew.
    """

    def __init__(self, kept: Mapping[str, Mapping[CaseId, bytes]] | None = None) -> None:
        """Begin with what was kept, by segment, as `read_segment` gave it."""
        self._written: dict[CaseId, bytes] = {}
        for some in (kept or {}).values():
            self._written |= some
        self.entries = {case: _HEAD.unpack_from(one)[3] for case, one in self._written.items()}
        #: All cases in one piece, where each begins, and which it is; put together when it is first searched.
        self._all: tuple[bytes, list[int], list[CaseId]] | None = None
        self.versions: dict[CaseId, int] = {}
        self.state: tuple[object, ...] | None = None
        self.changed: set[CaseId] = set()
        self.depth = max((len(segment) for segment in kept or ()), default=0)

    def put(self, one: IndexedCase, version: int = 0) -> None:
        """Hold a case, in the place of what was held of it."""
        self._all = None
        self._written[one.case] = one.written()
        self.entries[one.case] = one.entries
        self.versions[one.case] = version
        self.changed.add(one.case)

    def drop(self, case: CaseId) -> None:
        """Hold a case no more; nothing happens where it was not held."""
        if self._written.pop(case, None) is not None:
            self._all = None
            del self.entries[case]
            self.versions.pop(case, None)
            self.changed.add(case)

    def case(self, case: CaseId) -> IndexedCase | None:
        """Give what is held of a case."""
        written = self._written.get(case)
        return None if written is None else read_case(written)

    def numbers(self, case: CaseId) -> frozenset[int]:
        """Give the numbers of all who are in a case; none where it is not held."""
        one = self.case(case)
        return frozenset(tagged.number for tagged in one.tagged) if one else frozenset()

    def hits(self, tags: Iterable[Tags]) -> tuple[Hit, ...]:
        """Give everybody who may bear a name, by reference and number, once.

        All of it is searched through, whoever is found: about 0.2 ms for a surname in 5,000 cases.
        """
        asked = tuple(tags)
        found = {
            Hit(one.case, one.reference, tagged.part, tagged.number)
            for mine in asked
            for one in self._with(mine.surname)
            for tagged in one.tagged
            if tagged.tags.may_be(mine)
        }
        return tuple(sorted(found, key=lambda hit: (hit.reference, hit.number)))

    def said_of(self, case: CaseId) -> tuple[Tied, ...]:
        """Give what was said of a case and another one that is here too, by age."""
        mine = self.case(case)
        return tuple(one for half in (mine.halves if mine else ()) for one in self._said(case, half))

    def parted(self) -> dict[str, list[bytes]]:
        """Give all cases in as few segments as hold them, all of one depth; at the deepest what does not fit is left.

        About 1 ms for 5,000 cases.
        """
        parted: dict[str, list[bytes]] = {}
        for depth in range(DEEPEST + 1):
            parted = {}
            sizes: defaultdict[str, int] = defaultdict(int)
            for case, written in self._written.items():
                segment = segment_of(case, depth)
                sizes[segment] += len(written)
                if sizes[segment] <= _ROOM:
                    parted.setdefault(segment, []).append(written)
            if max(sizes.values(), default=0) <= _ROOM:
                break
        return parted

    def _with(self, sought: bytes) -> list[IndexedCase]:
        """Give the cases in whose bytes something stands."""
        if self._all is None:
            starts = [0, *accumulate(map(len, self._written.values()))]
            self._all = b"".join(self._written.values()), starts, list(self._written)
        whole, starts, order = self._all
        found, at = set(), whole.find(sought)
        while at >= 0:
            found.add(order[bisect_right(starts, at) - 1])
            at = whole.find(sought, at + 1)
        return [read_case(self._written[case]) for case in found]

    def _said(self, case: CaseId, half: Half) -> Iterator[Tied]:
        others = sorted(one for one in self._with(half.number) if one.case != case)
        for other in others:
            for there in other.halves:
                said = joined(half, there)
                if said is not None:
                    people = (said.low, said.high) if case < other.case else (said.high, said.low)
                    yield Tied(other.case, said.tie, *people)


def segment_of(case: str, depth: int) -> str:
    """Give the first `depth` bits of a case's id, 0 to 8 of them: ids are random, so segments fill evenly."""
    return _BITS[case[:2]][:depth]


_BITS: Final = {f"{number:02x}": f"{number:08b}" for number in range(256)}


def segment_row(keys: LeadKeys, lead: LeadId, segment: str, some: Sequence[bytes], *, new: bool) -> Row:
    """Give the row of one segment, sealed: 64 KiB, whatever is in it."""
    plain = b"".join((_COUNT.pack(len(some)), *some)).ljust(SEGMENT_BYTES, b"\0")
    key, sealed = {"lead_id": lead, "segment": segment}, {"sealed": seal(keys.index, _place(lead, segment), plain)}
    return Insert(name_segments, {**key, **sealed}) if new else UpdateAll(name_segments, key, sealed)


def read_segment(keys: LeadKeys, lead: LeadId, segment: str, sealed: bytes) -> dict[CaseId, bytes]:
    """Open a segment, and give each case in it as its bytes.

    Raises:
        CannotOpen: It was sealed under other keys, for another lead or segment, or was changed.
    """
    plain = open_box(keys.index, _place(lead, segment), sealed)
    found = {}
    [count], at = _COUNT.unpack_from(plain), _COUNT.size
    for _ in range(count):
        length, case, *_ = _HEAD.unpack_from(plain, at)
        found[CaseId(case.hex())] = plain[at : at + length]
        at += length
    return found


def without_segments(lead: LeadId, case: str) -> tuple[Row, ...]:
    """Give what deletes the segment of a lead's index that may hold a case, of whichever depth it is.

    For the turn in which she reads that case no more: nobody needs her keys for that. What else was in it is made
    again.
    """
    names = (segment_of(case, depth) for depth in range(DEEPEST + 1))
    return tuple(Delete(name_segments, {"lead_id": lead, "segment": segment}) for segment in names)


def _place(lead: LeadId, segment: str) -> Place:
    return Place("name_segments", None, lead, segment, _WITH_GIVEN_NAMES)
