"""A conversation as data: steps, wordings and conditions, already checked. Read from TOML by `load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flows.loading.conditions import ALWAYS, Condition
from flows.values.ids import Register

#: notice: read and go on; choice: one option; several: options and Next; words: free text over several messages and
#: Done; readers: who will read, and Send; record: a list of steps to answer in any order.
Kind = Literal["notice", "choice", "several", "words", "readers", "record"]


@dataclass(frozen=True)
class Saying:
    """One wording and when it is the one to use."""

    say: str
    when: Condition = ALWAYS


#: The first that holds is said.
Wording: TypeAlias = tuple[Saying, ...]


@dataclass(frozen=True)
class Option:
    """A button of a question.

    `more` is said and the question asked again; `ends` ends the conversation; `alone` (of several) goes with no other.
    """

    id: str
    label: Wording
    when: Condition = ALWAYS
    more: Wording = ()
    ends: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Step:
    """A question or a notice.

    `text` is the first wording that holds; every wording of `also` that holds is a paragraph after it. `title` is the
    short name in lists. `options` come in the order of their buttons, the way forward first; `categories` adds the
    categories to them. `items` are the steps of a record; `optional` marks an item whose absence is no gap.
    """

    id: str
    kind: Kind
    text: Wording
    also: Wording = ()
    title: str = ""
    options: tuple[Option, ...] = ()
    when: Condition = ALWAYS
    skip: bool = False
    categories: bool = False
    items: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Interrupt:
    """Something that comes between, once, when `when` holds first: the help screen, or (without `help`) a card.

    `calm` shows the help screen without its alarm: `text` first, then who listens, the emergency number last.
    `pictures` adds the places where pictures can be taken down.
    """

    id: str
    when: Condition
    text: Wording = ()
    help: bool = True
    calm: bool = False
    pictures: bool = False


@dataclass(frozen=True)
class Definition:
    """One conversation.

    `order` are the steps up to sending, `after` the ones after it; `"sets"` in `after` stands for the follow-up sets
    that the categories ask for: `sets` in danger-first order, together at most `cap` questions. Once `enough` holds
    nothing more is asked. `context` is the message context of every sentence in it.
    """

    name: str
    context: str
    registers: tuple[Register, ...]
    order: tuple[str, ...]
    steps: Mapping[str, Step]
    after: tuple[str, ...] = ()
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cap: int = 8
    facts: Mapping[str, Condition] = field(default_factory=dict)
    interrupts: tuple[Interrupt, ...] = ()
    enough: Condition | None = None
