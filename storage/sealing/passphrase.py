"""Judges a lead's new passphrase as NIST SP 800-63B has it: long, not common, and no rules of composition."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

MIN_CHARACTERS = 15  # NIST SP 800-63B-4, section 3.1.1.2
MAX_CHARACTERS = 200  # ours; 64 at least have to be allowed (ibid.)
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")
_SHORTEST_NAME = 4  # letters of a part of a name that is looked for
_LONGEST_UNIT = 6  # a unit this short that is only repeated counts as repetition
# Long ones that turn up in published lists of leaked passwords, and what people of this trade would think of first;
# letters and digits only, lower case. Shorter ones need not be there: length refuses them.
_COMMON_FILE = Path(__file__).with_name("common_passphrases.txt")


#: What phones and word processors write for the signs that were typed (decision 16); spaces are known by category.
_PLAIN_SIGNS = (
    (re.compile("[\u2018\u2019\u201a\u201b\u02bc]"), "'"),
    (re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb]"), '"'),
    (re.compile("[-\u2010-\u2015\u2212]+"), "-"),  # two hyphens become one dash
    (re.compile("\u2026"), "..."),
    (re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"), ""),
    (re.compile(r"\s"), " "),
)


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
        passphrase: As typed; its length counts after NFC, from 15 to 200 characters, in the shorter of its forms.
        names: What it must not contain: the lead's name, the site's, the service's. Parts under four letters do not
            count.

    Returns:
        What is wrong with it, or None if it will do.
    """
    typed = min(passphrase_forms(passphrase), key=len)
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


def plain_passphrase(passphrase: str) -> str:
    """Give the form in which a new passphrase is kept: NFC, with plain quotes, hyphens, dots and spaces.

    Signs that are not seen go too. It is what a phone that changes them and a keyboard that does not have in common.
    """
    plain = unicodedata.normalize("NFC", passphrase)
    for typographic, sign in _PLAIN_SIGNS:
        plain = typographic.sub(sign, plain)
    return plain


def passphrase_forms(passphrase: str) -> tuple[str, ...]:
    """Give the forms in which a passphrase may have been kept: plain; and as typed (NFC) where that is another.

    Each form that fails costs one more derivation, so there are two at most (decision 16).
    """
    return tuple(dict.fromkeys((plain_passphrase(passphrase), unicodedata.normalize("NFC", passphrase))))


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
