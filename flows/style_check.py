"""The rules of style for what reporters are told (domain, sections 2 and 7): shown by `hark flow check`, never forced.

A conversation that breaks one can be held all the same, so that no rule of style keeps anybody from being heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flows.definition import Definition
from flows.errors import Place
from flows.promises_check import said
from flows.reading import FEWEST_WORDS, FOR_ALL, FOR_CHILDREN, reading_age, too_long

_WHY: Final = re.compile(r"\bwhy\b|\bprove\b|\bare you sure\b", re.IGNORECASE)
#: Words that only whoever works with Hark knows.
_HOUSE_WORDS: Final = re.compile(r"\b(desk|triage|queue|roster|ladder|recipients?|tidy up|drafts?)\b", re.IGNORECASE)
_COMMAND: Final = re.compile(r"(?<![\w/])/[a-z_]+")
_CHILDREN: Final = frozenset({"under_12", "12_17"})


def style_faults(definition: Definition, where: Place) -> Iterator[str]:
    """A line for each sentence that breaks a rule, with file and line, then one for the conversation as a whole."""
    for_children = not _CHILDREN.isdisjoint(definition.registers)
    for place, saying in said(definition):
        for fault in faults(saying.say, for_children=for_children):
            yield f"{where(place)}: {fault}"
    age = reading_age((saying.say for _, saying in said(definition)), "en")
    most = FOR_CHILDREN if for_children else FOR_ALL
    if age is not None and age > most:
        yield f"{where('context').file}: read with ease at {age:.1f} years, and it should be {most:.0f} at most"


def faults(text: str, *, for_children: bool) -> Iterator[str]:
    """What `text` breaks: long sentences, asking why, house words, commands; for children, words that are too hard."""
    for sentence in too_long(text):
        yield f"a sentence of more than 15 words: {sentence}"
    for rule, found in (("asks why", _WHY), ("has a house word", _HOUSE_WORDS), ("names a command", _COMMAND)):
        if match := found.search(text):
            yield f"{rule}, '{match[0]}': {text}"
    age = reading_age([text], "en") if for_children and len(text.split()) >= FEWEST_WORDS else None
    if age is not None and age > FOR_ALL:
        yield f"read with ease at {age:.1f} years, and it should be {FOR_ALL:.0f} at most: {text}"
