"""No sentence of a definition makes a promise that the site's hours do not hold when it is said.

What a sentence names decides what its `when` has to ask for:

| it names | its condition has |
|---|---|
| `{opens}` | `opens = "known"` |
| today, tonight, tomorrow, this morning, ... | `read_today = "yes"` |

Questions may name any day. Nobody is named in a definition: whom to find is for the help screen, which knows who reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flows.conditions import Among, Condition, Every, Some
from flows.definition import Definition, Saying
from flows.errors import DefinitionError, Place, Where

#: What a wording may have the site and the clock fill in.
PLACEHOLDERS: Final = frozenset({"site", "emergency", "now", "opens", "sent_at"})

_SENTENCE: Final = re.compile(r"[^.?!\n]+[.?!]?")
_DAY: Final = re.compile(r"\b(today|tonight|tomorrow|this (morning|afternoon|evening))\b", re.IGNORECASE)
_HOLE: Final = re.compile(r"\{([a-z_]+)\}")
_OPENS: Final = ("opens", "known")
_TODAY: Final = ("read_today", "yes")


def check_promises(definition: Definition, where: Place) -> None:
    """Check every sentence that is said, other than the labels of answers.

    Raises:
        DefinitionError: one names a time without asking for the hours that hold it, or a person or a room.
    """
    for place, saying in said(definition):
        held = _asked_for(saying.when)
        for hole in sorted(frozenset(_HOLE.findall(saying.say)) - PLACEHOLDERS):
            raise DefinitionError(where(place), f"'{{{hole}}}' is not filled in here")
        if "{opens}" in saying.say and _OPENS not in held:
            _refuse(where(place), "{opens}", _OPENS)
        for sentence in _SENTENCE.findall(saying.say):
            day = _DAY.search(sentence)
            if day and not sentence.endswith("?") and _TODAY not in held:
                _refuse(where(place), day[0], _TODAY)


def said(definition: Definition) -> Iterator[tuple[str, Saying]]:
    """Every wording that is said, with the path of its table; labels of answers are the person's own words."""
    for step in definition.steps.values():
        more = (saying for option in step.options for saying in option.more)
        yield from ((f"step.{step.id}", saying) for saying in (*step.text, *step.also, *more))
    for interrupt in definition.interrupts:
        yield from ((f"interrupt.{interrupt.id}", saying) for saying in interrupt.text)


def _asked_for(condition: Condition) -> frozenset[tuple[str, str]]:
    """The facts that have to hold wherever `condition` does."""
    match condition:
        case Among(name, values) if len(values) == 1:
            return frozenset((name, value) for value in values)
        case Every(parts):
            return frozenset().union(*(_asked_for(part) for part in parts))
        case Some(parts) if parts:
            return frozenset.intersection(*(_asked_for(part) for part in parts))
    return frozenset()


def _refuse(where: Where, named: str, need: tuple[str, str]) -> None:
    name, value = need
    raise DefinitionError(where, f"'{named}' is a promise: its 'when' has to have {name} = \"{value}\"")
