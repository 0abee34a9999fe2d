"""Which command was probably meant by one that does not exist, or by words without the slash."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from flows.screens import Row
from flows.texts import Text
from handlers.desk import menu
from handlers.desk.asks import REFERENCE
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit

#: How alike two names have to be, from 0 to 1, as `difflib` counts: "clsoe" and "close" are 0.8.
_ALIKE: Final = 0.7
#: Longest word that is compared: no command is as long.
_LONGEST: Final = 20
#: What the button of a command does, where that has another name. Without a button: what no card or menu leads to.
_VERB: Final = {"case": "open"}
_WITHOUT: Final = frozenset({"help"})


def command_meant(visit: Visit, typed: str) -> tuple[Text, tuple[Row, ...]] | None:
    """The command that `typed`, with its slash or not, is near to, as it is typed and as a button; or None.

    Only a command of this lead's role, and words that are nothing but a command and perhaps a reference.
    """
    name, *rest = typed.removeprefix("/").lower().split()[:3] or [""]
    reference = rest[0].upper() if rest else ""
    if len(rest) > 1 or (reference and not REFERENCE.fullmatch(reference)):
        return None
    found = _nearest(name, menu.of(visit.session().lead.role))
    if found is None:
        return None
    label = Text("/{command}", "desk", {"command": f"{found} {reference}".strip()})
    if found in _WITHOUT:
        return label, ()
    return label, ((visit.press(label, _VERB.get(found, found), Ask(reference, argument="")),),)


def _nearest(name: str, names: Collection[str]) -> str | None:
    if len(name) > _LONGEST:
        return None
    return next(iter(get_close_matches(name, list(names), n=1, cutoff=_ALIKE)), None)
