"""What a decision record holds, part by part, which parts may be left out, and how its review date is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from flows.values.text import Text

#: A review lies at most so far ahead: two years and a day.
FURTHEST: Final = timedelta(days=731)
#: The part that is a day, and the last one.
REVIEW: Final = "review"


@dataclass(frozen=True)
class Part:
    """One part of a decision: what it is called, what is asked, and whether a decision is one without it."""

    title: Text
    asked: Text
    needed: bool = False


#: By id, in the order in which they are asked and read; the ids stand in sealed entries and never change.
PARTS: Final[Mapping[str, Part]] = MappingProxyType(
    {
        "facts": Part(
            Text("What is known", "desk"),
            Text("What is known, and from whom? Facts only; what you think of it comes later.", "desk"),
            needed=True,
        ),
        "voice": Part(
            Text("The child's voice", "desk"),
            Text("What does the child say and want? In the child's own words, where you have them.", "desk"),
        ),
        "analysis": Part(
            Text("What it means", "desk"),
            Text("What do you make of it? What is the risk, what protects the child, what is not known?", "desk"),
        ),
        "options": Part(
            Text("What could be done", "desk"),
            Text("What could be done, and what speaks for and against each?", "desk"),
        ),
        "decision": Part(Text("The decision", "desk"), Text("What is decided?", "desk"), needed=True),
        "reason": Part(
            Text("Why", "desk"),
            Text("Why? If it is not referred, say here why not.", "desk"),
            needed=True,
        ),
        "basis": Part(
            Text("Why it may be shared", "desk"),
            Text("Is anything shared? On which basis: whose consent, or which duty?", "desk"),
        ),
        REVIEW: Part(
            Text("Looked at again", "desk"),
            Text("On which day is this looked at again? Type it such as 2027-01-15.", "desk"),
        ),
    }
)
NOT_RECORDED: Final = Text("Nothing recorded.", "desk")

#: What is wrong with a day that was typed: it is none, is not ahead, or is too far ahead.
Amiss: TypeAlias = Literal["unread", "past", "far"]


@dataclass(frozen=True)
class Decision:
    """A decision that is being written.

    Attributes:
        words: What was written, by part; nothing for parts that were left out, and no review.
        passed: The parts that were passed over.
        review: When it is to be looked at again, in the site's own calendar; None where no day was given.
        corrects: The number of the entry that it corrects; 0 for a new decision.
    """

    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    passed: frozenset[str] = frozenset()
    review: date | None = None
    corrects: int = 0

    @property
    def following(self) -> str:
        """The first part that was neither given nor passed over; empty once all were."""
        return next((part for part in PARTS if not self._has(part) and part not in self.passed), "")

    @property
    def is_whole(self) -> bool:
        """Whether every part is there that a decision needs."""
        return all(self._has(part) for part, one in PARTS.items() if one.needed)

    @property
    def mark(self) -> str:
        """Eight hexadecimal digits that bind a button to exactly this decision."""
        said = repr((sorted(self.words.items()), self.review, self.corrects))
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    def with_words(self, part: str, text: str) -> Decision:
        """Return it with a part as it was written."""
        return replace(self, words={**self.words, part: text}, passed=self.passed - {part})

    def with_review(self, day: date) -> Decision:
        """Return it with the day on which it is looked at again."""
        return replace(self, review=day, passed=self.passed - {REVIEW})

    def without(self, part: str) -> Decision:
        """Return it with a part passed over; a part that a decision needs stays as it is."""
        if PARTS[part].needed:
            return self
        left = {name: text for name, text in self.words.items() if name != part}
        review = None if part == REVIEW else self.review
        return replace(self, words=left, review=review, passed=self.passed | {part})

    def _has(self, part: str) -> bool:
        return self.review is not None if part == REVIEW else bool(self.words.get(part, "").strip())


def read_day(text: str, today: date) -> date | Amiss:
    """Read a day as leads type it, `2027-01-15`, and judge whether a review can be on it.

    Args:
        text: As typed.
        today: In the site's own calendar.

    Returns:
        The day; or `unread` for what is no day, `past` for one that is not after today, `far` for one that is more than
        731 days ahead.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return "unread"
    if day <= today:
        return "past"
    return "far" if day - today > FURTHEST else day


def days_offered(today: date) -> tuple[tuple[Text, date], ...]:
    """Return the days that are offered by buttons: in a week, in two weeks, in four weeks."""
    return (
        (Text("In a week", "desk"), today + timedelta(days=7)),
        (Text("In two weeks", "desk"), today + timedelta(days=14)),
        (Text("In four weeks", "desk"), today + timedelta(days=28)),
    )
