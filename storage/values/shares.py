"""Shares as values: what a partner is given to read, what she can answer, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, NewType, TypeAlias, get_args

ShareId = NewType("ShareId", str)

#: `sent` until she opens it, `opened` until she answers, then `accepted`; `ended` once its key is destroyed.
ShareState: TypeAlias = Literal["sent", "opened", "accepted", "ended"]
SHARE_STATES: Final[tuple[ShareState, ...]] = get_args(ShareState)
#: On whose consent, or by which duty.
Basis: TypeAlias = Literal["child", "parent", "protect", "law"]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
#: Whether the child knows: already, with the sending, or not, since it would not be safe.
ChildTold: TypeAlias = Literal["yes", "now", "unsafe"]
#: What comes back of her: `opened` is noted by itself, the others she says.
AnswerKind: TypeAlias = Literal["opened", "accepted", "declined", "asked", "replied"]
#: Why she declines.
WhyDeclined: TypeAlias = Literal["not_ours", "no_room", "family", "other"]
WHY_DECLINED: Final[tuple[WhyDeclined, ...]] = get_args(WhyDeclined)

#: How long something is shared where nothing else is said, and at most.
OFFERED_FOR: Final = timedelta(days=14)
LONGEST_FOR: Final = timedelta(days=90)
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
    """What a partner reads: who shares it with whom and why, what is asked of her, and the parts."""

    sender: str
    partner: str
    purpose: str = field(repr=False)
    question: str = field(repr=False)
    until: datetime
    parts: tuple[SharedPart, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShareListed:
    """A share that has not ended, as it is listed: nothing of it is opened."""

    id: ShareId
    until: datetime
    state: ShareState


@dataclass(frozen=True, slots=True)
class SharedOpened:
    """A share, opened by its partner."""

    listed: ShareListed
    content: ShareContent = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShareOfCase:
    """A share as recipients of the case see it; `detail` is what the entry of the sharing tells."""

    id: ShareId
    to: str
    until: datetime
    state: ShareState
    detail: Mapping[str, str] = field(repr=False)
