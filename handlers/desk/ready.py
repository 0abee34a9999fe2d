"""Ready replies: sentences written by people and translated, that the reporter reads in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows.cover import is_open_tomorrow
from flows.ready_replies import offered
from flows.screens import Row
from flows.texts import Text
from flows.triage import READY
from handlers.desk import glance
from handlers.desk.place import Shown
from handlers.desk.visit import Visit, about

_CHILDREN: Final = frozenset({"under_12", "12_17"})
_IN_A_ROW: Final = 4


def fitting(visit: Visit, shown: Shown) -> tuple[str, ...]:
    """The ids of the replies that fit the case on the screen, in the order they are offered."""
    row = shown.view.row
    return offered(
        child_in_danger=row.glance.register in _CHILDREN and glance.in_danger(row),
        open_tomorrow=is_open_tomorrow(visit.deps.hours.get(row.site), visit.now()),
    )


def listed(names: Sequence[str]) -> tuple[Text, ...]:
    """The sentences whole, in the lead's language, each after the number that is on its button."""
    return tuple(
        Text("{number}. {reply}", "desk", {"number": number, "reply": READY[name]})
        for number, name in enumerate(names, 1)
    )


def rows(visit: Visit, shown: Shown, names: Sequence[str]) -> tuple[Row, ...]:
    """One button for each, with its number; it leads to the preview."""
    presses = tuple(
        visit.press(Text("{number}", "desk", {"number": number}), "ready", about(shown, name))
        for number, name in enumerate(names, 1)
    )
    return tuple(presses[start : start + _IN_A_ROW] for start in range(0, len(presses), _IN_A_ROW))


def said(name: str) -> Text:
    """The sentence."""
    return READY[name]


def is_ready(name: str) -> bool:
    """Whether there is such a reply."""
    return name in READY
