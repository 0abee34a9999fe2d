"""Whom to call when this page cannot help: drawn into the page, and into what is said when there is no room."""

import html
import re
from collections.abc import Sequence
from typing import TypeAlias

# A name, or "" for the emergency number, and the number as people write it
Numbers: TypeAlias = Sequence[tuple[str, str]]

_CALLABLE = re.compile(r"\+?[\d ()-]+")
_DANGER = '<span data-word="danger">If anyone is in danger now</span>'
_DANGER_IN_ALL = (
    'If anyone is in danger now · <span lang="es">Si alguien está en peligro ahora</span> · '
    '<span lang="ar" dir="rtl">إن كان أحدٌ في خطر الآن</span>'
)
# Whom to find or call while the place is open; said so, since nobody may be promised who is not there.
_WHILE_OPEN = (
    'While we are open · <span lang="es">Cuando el centro está abierto</span> · '
    '<span lang="ar" dir="rtl">خلال ساعات العمل</span>'
)


def drawn(numbers: Numbers) -> str:
    """Return them as items of an HTML list; the name of the emergency number is a word of the page's own."""
    return "".join(f"<li>{_name(name)} {_number(number)}</li>" for name, number in numbers)


def drawn_for_everybody(numbers: Numbers) -> str:
    """Return the same items where no script can choose a language: the page's own word is there in all of them."""
    return drawn(numbers).replace(_DANGER, _DANGER_IN_ALL)


def drawn_for_visitors(contacts: Numbers) -> str:
    """Return whom to go to there, under a line in all languages of the page; "" where nobody is named.

    A contact has a name, with a room where there is one, and a number or "".
    """
    items = "".join(f"<li>{_name(name)} {_number(number) if number else ''}</li>" for name, number in contacts)
    return f"<p>{_WHILE_OPEN}</p><ul>{items}</ul>" if items else ""


def _name(name: str) -> str:
    return f'<span dir="auto">{html.escape(name)}</span>' if name else _DANGER


def _number(number: str) -> str:
    shown = f'<bdi dir="ltr">{html.escape(number)}</bdi>'
    if not _CALLABLE.fullmatch(number):
        return shown
    return f'<a href="tel:{re.sub(r"[^0-9+]", "", number)}">{shown}</a>'
