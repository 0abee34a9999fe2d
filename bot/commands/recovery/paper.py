"""The recovery key on paper: how a new one is printed, whole or over several sheets, and how it is typed again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from getpass import getpass
from typing import Final, NamedTuple

from bot.deployment.errors import tell
from storage.sealing.age.age_keys import identity_text, read_identity
from storage.sealing.age.recovery_sheets import (
    MOST_SHEETS,
    SHEET_WORDS,
    Sheets,
    UnfitSheetError,
    split_seed,
    whole_words,
)

_WHOLE: Final = "AGE-SECRET-KEY-"
_COLUMNS: Final = 3
_CLEAR: Final = "\x1b[2J\x1b[3J\x1b[H"  # the screen and what was scrolled off it (ECMA-48, xterm)
_SHEET: Final = """\
RECOVERY SHEET {number} OF {sheets}
Any {needed} of the {sheets} sheets together open every case that is sent once this key is in use. One alone opens none.
Write down or print all words in their order. Keep it sealed, and apart from the other sheets.
On the day that it is needed: hark recover.

{words}
"""


class Split(NamedTuple):
    """Over how many sheets a key goes, and how many of them are needed."""

    needed: int
    sheets: int


def split_of(text: str) -> Split:
    """Read `2of3`.

    Raises:
        ValueError: It is not 2 ≤ needed ≤ sheets ≤ 16.
    """
    needed, _, sheets = text.lower().partition("of")
    found = Split(int(needed), int(sheets))
    if not 2 <= found.needed <= found.sheets <= MOST_SHEETS:
        raise ValueError
    return found


def print_key(seed: bytes, split: Split | None) -> None:
    """Print a key once: its sheets one after the other, or whole. At a terminal each sheet is cleared away again."""
    if split is None:
        sys.stdout.write(f"{identity_text(seed)}\n\n")
        return
    for number, words in enumerate(split_seed(seed, *split), 1):
        sys.stdout.write(_SHEET.format(number=number, words="\n".join(_lines(words)), **split._asdict()) + "\n")
        if sys.stdin.isatty() and sys.stdout.isatty():
            getpass("Once it is written down, press Enter: it is cleared away. ")
            sys.stdout.write(_CLEAR)


def _lines(words: str) -> Iterator[str]:
    numbered = [f"{place:2} {word:10}" for place, word in enumerate(words.split(), 1)]
    rows = -(-len(numbered) // _COLUMNS)
    return ("  ".join(numbered[row::rows]).rstrip() for row in range(rows))


def ask_for_key() -> bytes | None:
    """Read the key from the terminal without echo, whole or sheet by sheet, and return its 32 bytes.

    It is never taken from the command line, which every user of the machine can read.

    Returns:
        None, with a message, if it is none, or an empty line ended it.
    """
    tell("type the words of a sheet, a few in each line; or the whole key. Nothing that is typed is shown")
    sheets = Sheets()
    while sheets.missing:
        words = _ask_for_sheet()
        if isinstance(words, bytes) or words is None:
            return words
        try:
            sheets.add(words)
        except UnfitSheetError as error:
            tell(f"{error}: begin that sheet again")
            continue
        if sheets.missing:
            tell(f"that sheet is right; {sheets.missing} more needed")
    try:
        return sheets.seed()
    except UnfitSheetError as error:
        tell(str(error))
        return None


def _ask_for_sheet() -> str | bytes | None:
    """The words of one sheet; or a whole key; None where there is neither."""
    words: tuple[str, ...] = ()
    while len(words) < SHEET_WORDS:
        line = _line(f"{len(words)} of {SHEET_WORDS} words: ")
        if not line:
            tell("no key was typed")
            return None
        if line.upper().startswith(_WHOLE):
            return _whole(line)
        try:
            words += whole_words(line, len(words) + 1)
        except UnfitSheetError as error:
            tell(f"{error}: type that line again")
    return " ".join(words)


def _whole(line: str) -> bytes | None:
    try:
        return read_identity(line)
    except ValueError:
        tell("that is no recovery key, or it has a slip in it: it begins with AGE-SECRET-KEY-PQ-1")
        return None


def _line(prompt: str) -> str:
    return (getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()
