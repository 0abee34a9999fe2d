"""The rules of style for what reporters are told: promises, length, reading age; shown, never forced.

What a sentence names decides what its `when` has to ask for:

| it names | its condition has |
|---|---|
| `{opens}` | `opens = "known"` |
| today, tonight, tomorrow, this morning, ... | `read_today = "yes"` |

Questions may name any day. Nobody is named in a definition: whom to find is for the help screen, which knows who reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from flows.loading.conditions import Among, Condition, Every, Some
from flows.loading.definition import Definition, Saying
from flows.loading.source_lines import DefinitionError, Place, Where
from flows.values.normalise import plain

#: What a wording may have the site and the clock fill in.
PLACEHOLDERS: Final = frozenset({"site", "emergency", "now", "opens", "sent_at"})

_PROMISE_SENTENCE: Final = re.compile(r"[^.?!\n]+[.?!]?")
_DAY: Final = re.compile(r"\b(today|tonight|tomorrow|this (morning|afternoon|evening))\b", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_OPENS: Final = ("opens", "known")
_TODAY: Final = ("read_today", "yes")

#: Words of one sentence (domain, section 7).
MOST_WORDS: Final = 15
#: Words a sentence, on average, where syllables cannot be counted.
MOST_ON_AVERAGE: Final = 9.0
#: Reading age in years that a conversation for children, and any other text, may have at most (domain, section 7).
FOR_CHILDREN: Final = 8.0
FOR_ALL: Final = 9.0
#: A shorter text is judged by the length of its sentences alone: one long word decides the figure.
FEWEST_WORDS: Final = 12

_SENTENCE: Final = re.compile(r"(?<=[.?!:;\u061f])\s+|\n+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_HOLE: Final = re.compile(r"\{[a-z_]+\}")
_ENGLISH: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxc])es$")
#: Strong vowels are a syllable each; weak ones join them or each other.
_SPANISH: Final = re.compile(r"[iuy]*[aeo][iuy]?(?![aeo])|[iuy]*[aeo]|[iuy]+")

_WHY: Final = re.compile(r"\bwhy\b|\bprove\b|\bare you sure\b", re.IGNORECASE)
#: Words that only whoever works with Hark knows.
_HOUSE_WORDS: Final = re.compile(r"\b(desk|triage|queue|roster|ladder|recipients?|tidy up|drafts?)\b", re.IGNORECASE)
_COMMAND: Final = re.compile(r"(?<![\w/])/[a-z_]+")
_CHILDREN: Final = frozenset({"under_12", "12_17"})


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


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`; a line is one at least."""
    return tuple(part.strip() for part in _SENTENCE.split(text) if part.strip())


def too_long(text: str) -> tuple[str, ...]:
    """Return the sentences of `text` that have more than `MOST_WORDS` words."""
    return tuple(one for one in sentences(text) if len(one.split()) > MOST_WORDS)


def words_a_sentence(texts: Iterable[str]) -> float:
    """Return how many words a sentence of `texts` has on average; 0.0 without any.

    It is the measure for languages in which nobody here can count syllables.
    """
    lengths = [len(one.split()) for text in texts for one in sentences(text)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def reading_age(texts: Iterable[str], language: str) -> float | None:
    """Return the age in years at which `texts`, taken together, are easy to read.

    English by the Flesch-Kincaid grade level (Kincaid et al., 1975), and five years; Spanish by Crawford's formula for
    texts of primary schools, and six. None for a language without a measure, and for texts without a word.
    """
    said = [one for text in texts for one in sentences(_HOLE.sub("it", text))]
    words = [word for one in said for word in _WORD.findall(one)]
    if not words or language not in {"en", "es"}:
        return None
    a_sentence, a_word = len(words) / len(said), sum(_syllables(word, language) for word in words) / len(words)
    if language == "en":
        return 0.39 * a_sentence + 11.8 * a_word - 15.59 + 5
    return -0.205 * 100 / a_sentence + 0.049 * 100 * a_word - 3.407 + 6


def _syllables(word: str, language: str) -> int:
    """At least one. Accents fall away first, but for the í and ú that stand apart from the vowel beside them."""
    if language == "es":
        return max(1, len(_SPANISH.findall(plain(re.sub("[íú]", "e", word.lower())))))
    return max(1, len(_ENGLISH.findall(_SILENT.sub("", plain(word)))))


def style_faults(definition: Definition, where: Place) -> Iterator[str]:
    """Yield a line for each sentence that breaks a rule, with file and line.

    A last line is about the conversation as a whole.
    """
    for_children = not _CHILDREN.isdisjoint(definition.registers)
    for place, saying in said(definition):
        for fault in faults(saying.say, for_children=for_children):
            yield f"{where(place)}: {fault}"
    age = reading_age((saying.say for _, saying in said(definition)), "en")
    most = FOR_CHILDREN if for_children else FOR_ALL
    if age is not None and age > most:
        yield f"{where('context').file}: read with ease at {age:.1f} years, and it should be {most:.0f} at most"


def faults(text: str, *, for_children: bool) -> Iterator[str]:
    """Yield the rules that `text` breaks: long sentences, asking why, house words, commands.

    For children, also words that are too hard.
    """
    for sentence in too_long(text):
        yield f"a sentence of more than 15 words: {sentence}"
    for rule, found in (("asks why", _WHY), ("has a house word", _HOUSE_WORDS), ("names a command", _COMMAND)):
        if match := found.search(text):
            yield f"{rule}, '{match[0]}': {text}"
    age = reading_age([text], "en") if for_children and len(text.split()) >= FEWEST_WORDS else None
    if age is not None and age > FOR_ALL:
        yield f"read with ease at {age:.1f} years, and it should be {FOR_ALL:.0f} at most: {text}"
