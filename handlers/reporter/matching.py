"""Typed words that are the label of a button: the choice is taken as if it had been tapped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from flows.screens import Press, Screen
from flows.texts import Text
from handlers.languages import Tongue


def presses(screen: Screen) -> Iterable[Press]:
    """The buttons of a screen that come back to us, in order."""
    return (button for row in screen.rows for button in row if isinstance(button, Press))


def same(one: str, other: str) -> bool:
    """Whether two labels are the same but for case, diacritics, emoji, punctuation and spacing."""
    left, right = plain(one), plain(other)
    return left == right and bool(left)


def plain(words: str) -> str:
    """Words without case, diacritics, marks and punctuation; letters, digits and single spaces are left."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    kept = (char if char.isalnum() else " " for char in apart if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def pressed_by(words: str, screen: Screen, tongue: Tongue) -> str | None:
    """The data of the only button of `screen` whose label is `words`, or None for none or several."""
    wanted = plain(words)
    found = [press.data for press in presses(screen) if wanted and plain(_said(press, tongue)) == wanted]
    return found[0] if len(found) == 1 else None


def _said(press: Press, tongue: Tongue) -> str:
    return tongue.say(press.label) if isinstance(press.label, Text) else str(press.label)
