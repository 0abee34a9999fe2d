"""The data of the desk's buttons, `d:TAG:VERB:REFERENCE:VERSION:ARGUMENT`: opaque, bound to a session and to a case.

The tag is drawn anew for each session, so that a button of an earlier one does nothing. The version is the case's as
it was shown: storage refuses an action on any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Longest data of a button, in UTF-8 bytes (Bot API, `callback_data`).
LONGEST: Final = 64
#: The tag of buttons that are good without a session: they lead to the desk or have the ladder wait, and show nothing.
OPEN: Final = "-"
#: [I'm opening it] under a notice, and its verb under notices that were sent before it had a name of its own.
OPENING: Final = "opening"
OPENING_BEFORE: Final = "hold"
OPEN_VERBS: Final = frozenset({"brief", OPENING, OPENING_BEFORE})

#: What the data of a desk button begins with, of whatever session.
PREFIX: Final = "d:"
_NO_VERSION: Final = ""


@dataclass(frozen=True)
class Ask:
    """What a command or a button asks for: a case by reference, as it was shown at `version`, and an argument."""

    reference: str = ""
    version: int | None = None
    argument: str = ""


@dataclass(frozen=True)
class Pushed:
    """A desk button, read: its session's tag, what it does and on what."""

    tag: str
    verb: str
    ask: Ask


def data(tag: str, verb: str, ask: Ask | None = None) -> str:
    """The data of a button that does `verb`.

    Raises:
        ValueError: it would be longer than 64 bytes, or a part holds the sign that parts them.
    """
    ask = ask or Ask()
    version = _NO_VERSION if ask.version is None else str(ask.version)
    parts = (tag, verb, ask.reference, version)
    made = PREFIX + ":".join((*parts, ask.argument))
    if any(":" in part for part in parts) or len(made.encode()) > LONGEST:
        raise ValueError("a button's data does not fit")
    return made


def read(text: str) -> Pushed | None:
    """What the button with `text` asks for, or None for data that no desk button carries.

    Nothing of it is judged: anybody can send any data, so tag, verb and case are checked by who acts on it.
    """
    parts = text.removeprefix(PREFIX).split(":", 4)
    if len(parts) != 5 or not text.startswith(PREFIX):
        return None
    tag, verb, reference, version, argument = parts
    if version and not (version.isascii() and version.isdigit()):
        return None
    return Pushed(tag, verb, Ask(reference, int(version) if version else None, argument))
