"""The rules of style for what reporters are told: promises, hard sentences, leading questions; shown, never forced.

What a sentence names decides what its `when` has to ask for:

| it names | its condition has |
|---|---|
| `{opens}` | `opens = "known"` |
| today, tonight, tomorrow, this morning, ... | `read_today = "yes"` |

Questions may name any day. Nobody is named in a definition: whom to find is for the help screen, which knows who reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from flows.loading.checks.readability import (
    ENGLISH,
    FOR_ALL,
    FOR_CHILDREN,
    MOST_WORDS,
    hard_to_read,
    reading_age,
    too_long,
)
from flows.loading.conditions import Among, Condition, Every, Some
from flows.loading.definition import Definition, Saying
from flows.loading.source_lines import DefinitionError, Place, Where

#: What a wording may have the site and the clock fill in.
PLACEHOLDERS: Final = frozenset({"site", "emergency", "now", "opens", "sent_at"})

_PROMISE_SENTENCE: Final = re.compile(r"[^.?!\n]+[.?!]?")
_DAY: Final = re.compile(r"\b(today|tonight|tomorrow|this (morning|afternoon|evening))\b", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_OPENS: Final = ("opens", "known")
_TODAY: Final = ("read_today", "yes")

#: A shorter text is judged by the length of its sentences alone: one long word decides the figure.
FEWEST_WORDS: Final = 12

_WHY: Final = re.compile(r"\bwhy\b|\bprove\b|\bare you sure\b", re.IGNORECASE)
#: Words that only whoever works with Hark knows.
_HOUSE_WORDS: Final = re.compile(r"\b(desk|triage|queue|roster|ladder|recipients?|tidy up|drafts?)\b", re.IGNORECASE)
_COMMAND: Final = re.compile(r"(?<![\w/])/[a-z_]+")
_RULES_OF_ALL: Final = (("names a command", _COMMAND),)
_RULES: Final = (("asks why", _WHY), ("has a house word", _HOUSE_WORDS), *_RULES_OF_ALL)
_CHILDREN: Final = frozenset({"under_12", "12_17"})

#: Gives a message id in another language, or None where it is not translated.
Translate: TypeAlias = Callable[[str], str | None]


def check_promises(definition: Definition, where: Place) -> None:
    """Check every sentence that is said, other than the labels of answers.

    Raises:
        DefinitionError: one names a time without asking for the hours that hold it, or a person or a room.
    """
    for place, saying in said(definition):
        held = _asked_for(saying.when)
        for hole in sorted(frozenset(_PLACEHOLDER.findall(saying.say)) - PLACEHOLDERS):
            raise DefinitionError(where(place), f"'{{{hole}}}' is not filled in here")
        if "{opens}" in saying.say and _OPENS not in held:
            _refuse(where(place), "{opens}", _OPENS)
        for sentence in _PROMISE_SENTENCE.findall(saying.say):
            day = _DAY.search(sentence)
            if day and not sentence.endswith("?") and _TODAY not in held:
                _refuse(where(place), day[0], _TODAY)


def said(definition: Definition) -> Iterator[tuple[str, Saying]]:
    """Yield every wording that Hark says, with the path of its table; labels of answers are left out."""
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


def style_faults(
    definition: Definition, where: Place, translations: Mapping[str, Translate] = MappingProxyType({})
) -> Iterator[str]:
    """Yield a line for each sentence that breaks a rule, with file and line; a translation's with its language too.

    A last line for each language is about the conversation as a whole. `translations` are by language; what has none is
    said in English, and so is measured there.
    """
    for_children = not _CHILDREN.isdisjoint(definition.registers)
    spoken: dict[str, Translate] = {ENGLISH: str, **translations}
    for language, translate in spoken.items():
        shown = "" if language == ENGLISH else f" {language}:"
        texts = [(place, text) for place, saying in said(definition) if (text := translate(saying.say))]
        for place, text in texts:
            for fault in faults(text, for_children=for_children, language=language):
                yield f"{where(place)}:{shown} {fault}"
        most = FOR_CHILDREN if for_children else FOR_ALL
        if hard := hard_to_read([text for _, text in texts], language, most):
            yield f"{where('context').file}:{shown} {hard}"


def faults(text: str, *, for_children: bool, language: str = ENGLISH) -> Iterator[str]:
    """Yield the rules that `text` breaks: long sentences, commands; in English also asking why and house words.

    For children, also words that are too hard, in English: other measures are of passages, and not of one sentence.
    """
    for sentence in too_long(text):
        yield f"a sentence of more than {MOST_WORDS} words: {sentence}"
    for rule, found in _RULES if language == ENGLISH else _RULES_OF_ALL:
        if match := found.search(text):
            yield f"{rule}, '{match[0]}': {text}"
    measured = language == ENGLISH and for_children and len(text.split()) >= FEWEST_WORDS
    age = reading_age([text], ENGLISH) if measured else None
    if age is not None and age > FOR_ALL:
        yield f"read with ease at {age:.1f} years, and it should be {FOR_ALL:.0f} at most: {text}"
