"""What is amiss in a catalogue: sentences that are missing or fuzzy, placeholders that do not fit, labels too long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from babel.messages.catalog import Catalog, Message

from handlers.telegram.languages import fits
from handlers.telegram.text_limits import LABEL, units
from locales.template import DESK

#: What a sentence ends with. A text without it may be a button's label, which must fit.
_ENDS: Final = (".", "?", "!", ":")


def problems(catalogue: Catalog, template: Catalog) -> tuple[str, ...]:
    """Return one line for each thing a translator has to do, in the order of the template; empty where all is well.

    A sentence counts as translated if its own context has it, or context "". Sentences for leads may be missing.
    """
    return tuple(line for message in template if message.id for line in _of(message, catalogue))


def _of(message: Message, catalogue: Catalog) -> Iterator[str]:
    own = catalogue.get(message.id, message.context)
    shared = catalogue.get(message.id, None)
    found = next((one for one in (own, shared) if one is not None and _strings(one)), None)
    where = f"[{message.context or ''}] {_english(message)[0]}"
    if found is None:
        if message.context != DESK:
            yield f"missing: {where}"
        return
    if found.fuzzy:
        yield f"fuzzy: {where}"
    for string in _strings(found):
        if not any(fits(string, english, plural=isinstance(message.id, tuple)) for english in _english(message)):
            yield f"placeholders: {where}"
        if string.count("\n\n") != _english(message)[0].count("\n\n"):
            yield f"paragraphs: {where}"
        if _may_be_label(_english(message)[0]) and units(string) > LABEL:
            yield f"longer than a button holds: {where}"


def _strings(message: Message) -> tuple[str, ...]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(string for string in strings if string) if all(strings) else ()


def _english(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def _may_be_label(english: str) -> bool:
    return units(english) <= LABEL and not english.endswith(_ENDS) and "{" not in english and ": " not in english
