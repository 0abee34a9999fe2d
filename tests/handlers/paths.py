"""Ways through a child's conversation that many tests begin with."""

from __future__ import annotations

from tests.handlers.messenger import Person

STORY = "Ben laughs at me every day."


async def to_the_story(person: Person, *, alone: bool = True) -> None:
    """A teenager, up to the question for their own words; `alone` is the answer to who else sees the device."""
    await person.types("/start")
    await person.taps("12 to 17")
    await person.taps("No" if alone else "Yes")
    await person.taps("OK")
    await person.taps("Yes")


async def to_the_readers(person: Person, *, alone: bool = True, story: str = STORY) -> None:
    """Up to the names of the readers."""
    await to_the_story(person, alone=alone)
    await person.types(story)
    await person.taps("Done")
    await person.taps("No")


async def to_the_words(person: Person, *, alone: bool = True) -> str:
    """Sent; gives the words that bring the person back."""
    await to_the_readers(person, alone=alone)
    await person.taps("Send")
    return words_of(person)


def words_of(person: Person) -> str:
    """The words that are shown in the chat."""
    [shown] = [shown for shown in person.messages if any(one["type"] == "code" for one in shown.entities)]
    return shown.code
