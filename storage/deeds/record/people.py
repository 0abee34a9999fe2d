"""Writing down who is in a case and as what, and taking somebody away again; each is an entry of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, cast

from flows.cases.people import ADDED, GONE, MOST, Part, Person, Written, is_fit, people
from storage.cases.entries import Opened
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.values.errors import NotOffered


@dataclass(frozen=True, slots=True)
class AddPerson(Deed):
    """Write down somebody by name and part; nobody is told. The entry's number is the person's from then on."""

    rule: ClassVar[str] = "person"
    reads_words: ClassVar[bool] = True
    person: str = field(repr=False)
    part: Part

    def apply(self, context: DeedContext) -> Acted:
        """Write it down.

        Raises:
            NotOffered: The name has no letter or more than 200, the part is none, the same is there already, or 100
                people are.
        """
        there = people_in(context.opened)
        same = any((one.name, one.part) == (self.person, self.part) for one in there)
        if not is_fit(self.person, self.part) or same or len(there) >= MOST:
            raise NotOffered
        loaded, detail = context.loaded, {"name": self.person, "as": self.part}
        return Acted(loaded.clear, loaded.glance, ADDED, (deed_of(loaded.clear, ADDED, detail, context.now),))


@dataclass(frozen=True, slots=True)
class TakePersonAway(Deed):
    """Take somebody away again, by number: what was written stays in the history, with this after it."""

    rule: ClassVar[str] = "person"
    reads_words: ClassVar[bool] = True
    number: int

    def apply(self, context: DeedContext) -> Acted:
        """Write that down.

        Raises:
            NotOffered: Nobody in the case has that number.
        """
        gone = next((one for one in people_in(context.opened) if one.number == self.number), None)
        if gone is None:
            raise NotOffered
        loaded, detail = context.loaded, {"person": str(gone.number), "name": gone.name, "as": gone.part}
        return Acted(loaded.clear, loaded.glance, GONE, (deed_of(loaded.clear, GONE, detail, context.now),))


def people_in(opened: Iterable[Opened]) -> tuple[Person, ...]:
    """Give who is in a case, as its entries tell."""
    return people(
        Written(one.number, cast("str", one.content["what"]), cast("dict[str, str]", one.content["detail"]))
        for one in opened
        if one.content.get("what") in {ADDED, GONE}
    )
