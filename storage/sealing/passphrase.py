"""Judges a lead's new passphrase as NIST SP 800-63B has it: long, not common, and no rules of composition."""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

MIN_CHARACTERS = 15
MAX_CHARACTERS = 200
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")
_SHORTEST_NAME = 4
_LONGEST_UNIT = 6  # a unit this short that is only repeated counts as repetition
# Long ones that turn up in published lists of leaked passwords, and what people of this trade would think of first;
# letters and digits only, lower case. Shorter ones need not be there: length refuses them.
_COMMON_FILE = Path(__file__).with_name("common_passphrases.txt")


class PassphraseFault(StrEnum):
    """Why a passphrase will not do."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    REPEATED = "repeated"
    SEQUENCE = "sequence"
    NAMED = "named"


def check_passphrase(passphrase: str, names: Iterable[str] = ()) -> PassphraseFault | None:
    """Judge a passphrase; any characters are welcome, also spaces and emoji.

    Args:
        passphrase: As typed; its length counts after NFC, from 15 to 200 characters.
        names: What it must not contain: the lead's name, the site's, the service's. Parts under four letters do not
            count.

    Returns:
        What is wrong with it, or None if it will do.
    """
    typed = unicodedata.normalize("NFC", passphrase)
    if len(typed) < MIN_CHARACTERS:
        return PassphraseFault.TOO_SHORT
    if len(typed) > MAX_CHARACTERS:
        return PassphraseFault.TOO_LONG
    plain = _plain(typed)
    if not _common().isdisjoint({plain, plain.rstrip("0123456789")}):
        return PassphraseFault.COMMON
    if _repeats(typed.casefold()) or _repeats(plain):
        return PassphraseFault.REPEATED
    if _is_sequence(plain):
        return PassphraseFault.SEQUENCE
    parts = {_plain(part) for name in ("hark", *names) for part in (name, *name.split())}
    return PassphraseFault.NAMED if any(part in plain for part in parts if len(part) >= _SHORTEST_NAME) else None


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON_FILE.read_text(encoding="utf-8").split())


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _repeats(text: str) -> bool:
    units = (text[:length] for length in range(1, _LONGEST_UNIT + 1))
    return any((unit * len(text))[: len(text)] == text for unit in units if unit)


def _is_sequence(text: str) -> bool:
    """Tell whether most steps from sign to sign follow the alphabet, the digits or a keyboard's row."""
    follows = {pair for run in _RUNS for way in (run, run[::-1]) for pair in pairwise(way)}
    steps = list(pairwise(text))
    return bool(steps) and sum(step in follows for step in steps) >= 0.75 * len(steps)
