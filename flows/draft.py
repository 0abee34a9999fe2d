"""A concern that is not sent yet: answers by question, and where the person stands. It is sealed as it lies here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from flows.ids import LeadId, Register, SiteId, Urgency

#: After this long without a word, what was written before is not shown again.
QUIET: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Chose:
    """One or several options of a question, by id, in the order of the definition."""

    options: tuple[str, ...]


@dataclass(frozen=True)
class Wrote:
    """The person's own words, one item a message, verbatim."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Skipped:
    """The question was shown and passed over."""


Answer: TypeAlias = Chose | Wrote | Skipped


@dataclass(frozen=True)
class Draft:
    """Answers by question id and a cursor; the path is recomputed from them and never stored.

    `cursor` is the question on the screen. `fired` holds the triggers whose help screen was shown, `raised` the risk
    rules that ever held, `urgency` the highest so far: all only grow, since changing an answer back never lowers
    anything. `struck` are the
    readers marked "not this person"; `unsure` is "not sure" on that screen. `interrupted` is true while the help
    screen stands before the question. `sent` is true while the questions after sending are asked: then `answers`
    lives in memory only, and `sent_at` is when it was sent. `sitting` is when this sitting began and
    `touched` the last input (all aware, UTC):
    answers from before the sitting are never shown again. `doubted` tells that the adult to find may be whom it is
    about, for another reason than answers and readers.
    """

    register: Register | None
    language: str
    site: SiteId
    definition: str
    sitting: datetime
    touched: datetime
    answers: Mapping[str, Answer] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    cursor: str = ""
    fired: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()
    urgency: Urgency = "routine"
    struck: frozenset[LeadId] = frozenset()
    unsure: bool = False
    interrupted: bool = False
    sent: bool = False
    sent_at: datetime | None = None
    doubted: bool = False
