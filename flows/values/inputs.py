"""What a person did, as the conversation hears it: no messenger types, no ids of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

#: The keys that stand beside an answer on any question.
Key = Literal["done", "skip", "back", "help", "more", "carry_on", "questions", "enough", "send", "review", "again"]


@dataclass(frozen=True)
class Tapped:
    """Chose `option` on the question `step`; either may be of an old screen."""

    step: str
    option: str


@dataclass(frozen=True)
class Typed:
    """Wrote `text`, verbatim; `matches` are the options on the screen whose shown label it equals (see `choices`)."""

    text: str
    matches: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """Sent something that is not text; it is never fetched."""

    kind: Literal["sticker", "voice", "photo", "video", "document", "location", "contact", "other"]


@dataclass(frozen=True)
class Pressed:
    """Pressed a key on the screen of `step`; it may be an old screen."""

    step: str
    key: Key


@dataclass(frozen=True)
class Struck:
    """Left out, or put back, the reader at `index` of the roster whose short hash is `roster`.

    `index` None is [Not sure], which is undone in the same way.
    """

    roster: str
    index: int | None


@dataclass(frozen=True)
class Changed:
    """Asked to change the answer to `step` before sending."""

    step: str


Heard: TypeAlias = Tapped | Typed | Sent | Pressed | Struck | Changed
