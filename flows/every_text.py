"""Everything that can be said, for the catalogues: one `Text` for each message id and context."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from flows import day_parts, sentences
from flows.bundle import Flows
from flows.categories import Categories
from flows.definition import Definition, Wording
from flows.ids import Register
from flows.promises import Promise
from flows.texts import Text


def every_text(flows: Flows) -> tuple[Text, ...]:
    """Each sentence once: those around the questions, then those of every conversation and the categories."""
    said = (text for one in flows.definitions.values() for text in _said_by(one))
    found = (*_around(), *said, *_labels(flows.categories))
    return tuple({(text.context, text.msgid): text for text in found}.values())


def _around() -> Iterator[Text]:
    yield from day_parts.TEXTS
    for value in vars(sentences).values():
        if isinstance(value, Text):
            yield value
        elif isinstance(value, tuple):
            yield from (one.text for one in value if isinstance(one, Promise))


def _said_by(definition: Definition) -> Iterator[Text]:
    for step in definition.steps.values():
        if step.title:
            yield Text(step.title, definition.context)
    for wording in _wordings(definition):
        for saying in wording:
            yield Text(saying.say, definition.context)


def _labels(categories: Categories) -> Iterator[Text]:
    for code in (*categories.group_ids(), *categories.codes):
        for register in get_args(Register):
            yield categories.label(code, register)


def _wordings(definition: Definition) -> Iterator[Wording]:
    for step in definition.steps.values():
        yield step.text
        yield step.also
        for option in step.options:
            yield option.label
            yield option.more
    for interrupt in definition.interrupts:
        yield interrupt.text
