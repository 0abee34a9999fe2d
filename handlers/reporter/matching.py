"""Typed words that are the label of a button: the choice is taken as if it had been tapped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from flows.screens import Press, Screen
from flows.texts import Text, Value
from handlers.languages import Tongue


def presses(screen: Screen) -> Iterable[Press]:
    """The buttons of a screen that come back to us, in order."""
    return (button for row in screen.rows for button in row if isinstance(button, Press))


def plain(words: str) -> str:
    """Words without case, diacritics, marks and punctuation; letters, digits and single spaces are left."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    kept = (char if char.isalnum() else " " for char in apart if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def is_label(words: str, label: Value, tongue: Tongue) -> bool:
    """Whether `label` says `words`, which are as `plain` gives them; no label says nothing."""
    if not isinstance(label, Text):
        return bool(words) and plain(str(label)) == words
    said = tongue.say(label)
    return bool(words) and (_known_plain(said) if label.is_plain else plain(said)) == words


def pressed_by(words: str, screen: Screen, tongue: Tongue) -> str | None:
    """The data of the only button of `screen` whose label is `words` (see `plain`), or None for none or several."""
    found = [press.data for press in presses(screen) if is_label(words, press.label, tongue)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=1_000)
def _known_plain(label: str) -> str:
    """A sentence of ours alone: nothing that somebody wrote stays in memory."""
    return plain(label)
