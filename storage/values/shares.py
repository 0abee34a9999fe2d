"""Shares as values: what a partner is given to read, what she can answer, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal, NewType, TypeAlias, get_args

from flows.together.own_actions import OwnAction
from flows.together.partners import Agency
from flows.together.share_table import ShareTable
from storage.values.base import LeadCard

ShareId = NewType("ShareId", str)

#: `sent` until she opens it, `opened` until she answers, then `accepted`, or `noted` where she was asked to take it on
#: and only noted it; `ended` once its key is destroyed.
ShareState: TypeAlias = Literal["sent", "opened", "accepted", "noted", "ended"]
SHARE_STATES: Final[tuple[ShareState, ...]] = get_args(ShareState)
#: As long as she has not answered.
UNANSWERED: Final[frozenset[ShareState]] = frozenset({"sent", "opened"})
#: On whose consent, or by which duty.
Basis: TypeAlias = Literal["child", "parent", "protect", "law"]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
#: Whether the child knows: already, with the sending, or not, since it would not be safe.
ChildTold: TypeAlias = Literal["yes", "now", "unsafe"]
#: What comes back of her: `opened` is noted by itself, the others she says.
AnswerKind: TypeAlias = Literal[
    "opened",
    "accepted",
    "declined",
    "asked",
    "replied",
    "taken_on",
    "noted",
    "view",
    "agrees",
    "differs",
    "planned",
    "done",
    "not_done",
]
#: What she says at a round table on it: her view, or that she agrees, or sees it differently. It is no answer to what
#: she was asked.
AT_TABLE: Final[frozenset[AnswerKind]] = frozenset({"view", "agrees", "differs"})
#: What she says of what she is to do: that she will, that it is done, or that it is not and why. It is none either.
OF_ACTIONS: Final[frozenset[AnswerKind]] = frozenset({"planned", "done", "not_done"})
#: What she says to what she is asked to take on; *not ours* is to decline.
OF_REFERRALS: Final[frozenset[AnswerKind]] = frozenset({"taken_on", "noted"})
#: Why she declines.
WhyDeclined: TypeAlias = Literal["not_ours", "no_room", "family", "other"]
WHY_DECLINED: Final[tuple[WhyDeclined, ...]] = get_args(WhyDeclined)

#: How long something is shared where nothing else is said, and at most.
OFFERED_FOR: Final = timedelta(days=14)
LONGEST_FOR: Final = timedelta(days=90)
#: Answers that are her own words.
_WORDED: Final[frozenset[AnswerKind]] = frozenset({"asked", "replied", "view", "planned", "not_done"})
#: Characters of a purpose, a question or an answer.
LONGEST_WORDS: Final = 2_000
#: Answers to one share.
MOST_ANSWERS: Final = 50


@dataclass(frozen=True, slots=True)
class SharedPart:
    """One part as it was copied, after cutting: its heading, and the words of whoever wrote them."""

    heading: str = field(repr=False)
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShareContent:
    """What a partner reads: who shares it with whom and why, what is asked of her, and the parts.

    `answer_by` is by when an answer is wanted (aware), if anybody said; `refers`: she is asked to take it on.
    """

    sender: str
    partner: str
    purpose: str = field(repr=False)
    question: str = field(repr=False)
    until: datetime
    parts: tuple[SharedPart, ...] = field(repr=False)
    answer_by: datetime | None = None
    refers: bool = False


@dataclass(frozen=True, slots=True)
class ShareListed:
    """A share that has not ended, as it is listed: nothing of it is opened. `answer_by` as in `ShareContent`.

    `due` is the first day by which she is to do something for it, if there is anything.
    """

    id: ShareId
    until: datetime
    state: ShareState
    answer_by: datetime | None = None
    due: date | None = None

    @property
    def waits(self) -> bool:
        """Whether an answer is wanted still."""
        return self.state in UNANSWERED and self.answer_by is not None


@dataclass(frozen=True, slots=True)
class SharedOpened:
    """A share, opened by its partner: with the round table on it, if there is one, and what she is still to do."""

    listed: ShareListed
    content: ShareContent = field(repr=False)
    table: ShareTable | None = None
    actions: tuple[OwnAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What she answers: why not, where she declines; and her words, where she asks or replies.

    To what she is asked to take on (`refers`) she says `taken_on`, `noted` or declines; then `next` is what is done
    next, in her words, and `by` until which day. At a round table `text` is her view, and what she signs is as it was
    shown at `upto`. Of what she is to do `text` says what, `by` until when, or why it is `not_done`; `of` is its number
    where it has ended.
    """

    kind: AnswerKind
    because: WhyDeclined | None = None
    text: str = field(default="", repr=False)
    next: str = field(default="", repr=False)
    by: date | None = None
    upto: int = 0
    of: int = 0

    @property
    def fits(self) -> bool:
        """Whether it says what its kind has to say, and no more than can be kept."""
        declined, referred = self.kind == "declined", self.kind in {"declined", *OF_REFERRALS}
        dated = referred or (self.by is not None) == (self.kind == "planned")
        said = declined == (self.because is not None) and (self.kind in _WORDED) == bool(self.text.strip())
        ended = (self.kind in {"done", "not_done"}) == (self.of > 0)
        return said and dated and ended and self._is_short and (referred or not self.next)

    @property
    def _is_short(self) -> bool:
        return len(self.text) <= LONGEST_WORDS and len(self.next) <= LONGEST_WORDS


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody without an account, who is given a referral on paper: as a lead typed it, and for which agency."""

    name: str
    agency: Agency
    language: str = "en"


@dataclass(frozen=True, slots=True)
class OfferedPartner:
    """A partner to share with; `two`: it takes two leads; `named`: something written in the case names her."""

    card: LeadCard
    two: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class ShareOfCase:
    """A share as recipients of the case see it; `detail` is what the entry of the sharing tells."""

    id: ShareId
    to: str
    until: datetime
    state: ShareState
    detail: Mapping[str, str] = field(repr=False)
