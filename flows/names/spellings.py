"""How one part of a name may be spelt, each spelling folded, and how much a spelling may need beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

from flows.names.folding import fold
from flows.names.lists import ARABIC_FRONTS, FRONTS, HEBREW_FRONTS, PARTICLES

_WRITTEN_OUT: Final = (
    str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}),
    str.maketrans({"å": "aa"}),
)
_CONTRACTED: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
_SAME_FRONTS: Final = (("mac", "mc"), ("saint", "st"), ("abdul", "abdel"), ("abdul", "abdal"), ("al", "el"))
_PIECE: Final = re.compile(r"[^\W_]+")


class Evidence(IntEnum):
    """What a word needs to be a name, from nothing to most; each is enough for all before it."""

    WORD = 0
    NO_ARTICLE = 1
    CAPITAL = 2
    TITLE = 3
    NAMED = 4  # a title that is not said alone, or a capital behind one that is


def fold_piece(piece: str) -> str:
    """Return `piece` folded, without apostrophes and other signs."""
    return "".join(_PIECE.findall(fold(piece)))


def shortened(word: str) -> frozenset[str]:
    """Return `word` and every form of it with one letter left out, but the first.

    Two words that have a form in common differ by one slip: a letter that is missing, too many or another, or two
    letters in each other's place.
    """
    return frozenset(_shortened(word))


def collapsed(word: str) -> str:
    """Return `word` with no letter twice in a row, marked so that it is no word."""
    return "~" + re.sub(r"(.)\1+", r"\1", word)


def spellings(piece: str) -> tuple[str, ...]:
    """Return every spelling of one piece: umlauts written out or contracted, particles in other forms or left out.

    Args:
        piece: One word of a name, with a letter at least; the first that is given is the piece itself, folded.
    """
    whole = fold_piece(piece)
    composed = unicodedata.normalize("NFC", piece).casefold()
    tail = _PIECE.findall(fold(piece))[-1]
    short = whole
    for long, contracted in _CONTRACTED:
        short = short.replace(long, contracted)
    forms = [whole, *(fold_piece(composed.translate(table)) for table in _WRITTEN_OUT), short]
    if len(tail) > 3:
        forms.append(tail)  # O'Brien: brien
    for form in tuple(forms):
        forms += other_fronts(form)
    return tuple(dict.fromkeys(forms))


def other_fronts(form: str) -> Iterator[str]:
    """Yield `form` with other beginnings: Mac and Mc, Saint and St, Abdul and Abdel, Al, El or neither."""
    if form.startswith(("mac", "mc")) and len(form) >= 6:
        yield "m" + form.removeprefix("mac").removeprefix("mc")
    for one, other in _SAME_FRONTS:
        for this, that in ((one, other), (other, one)):
            if form.startswith(this) and len(form) >= len(this) + 4:
                yield that + form[len(this) :]
    if (form.startswith("ال") and len(form) > 4) or (form.startswith(("al", "el")) and len(form) > 6):
        yield form[2:]
    elif len(form) > 3 and form.isascii():
        yield f"al{form}"
        yield f"el{form}"


def fronted(form: str) -> Iterator[str]:
    """Yield `form` with the letters before it that Arabic and Hebrew join to a word."""
    yield form
    if len(form) < 3:
        return
    if "\u0600" <= form[0] <= "\u06ff":
        yield from (front + form for front in ARABIC_FRONTS[1:])
        bare = form.removeprefix("ال")
        yield from (f"{front}ال{bare}" for front in ARABIC_FRONTS)
        yield from (f"{front}لل{bare}" for front in ("", "و"))
    elif "\u0590" <= form[0] <= "\u05ff":
        yield from (front + form for front in HEBREW_FRONTS[1:])


def parted(form: str) -> Iterator[tuple[tuple[str, ...], Evidence]]:
    """Yield the rows of words that `form` may be typed as: its beginning parted from the rest, or parted anywhere."""
    for front in FRONTS:
        rest = form.removeprefix(front)
        if rest != form and len(rest) > 2:
            yield (front, rest), Evidence.WORD
            yield from (((front, *more), need) for more, need in parted(rest) if front in PARTICLES and len(more) == 2)
    for at in range(3, len(form) - 2):
        yield (form[:at], form[at:]), Evidence.CAPITAL


def _shortened(word: str) -> Iterator[str]:
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(1, len(word)))
