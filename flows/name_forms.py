"""The forms in which one person's name may be typed, and what else has to stand there for each to be that name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import chain
from typing import Final

from flows.name_folding import fold
from flows.name_lists import (
    ARABIC_FRONTS,
    ARTICLES,
    BINDING,
    FAMILY_FIRST,
    FRONTS,
    GRAMMAR,
    HEBREW_FRONTS,
    NOUNS,
    ORDINARY,
    PARTICLES,
    TITLES,
)

_WRITTEN_OUT: Final = (
    str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}),
    str.maketrans({"å": "aa"}),
)
_CONTRACTED: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
_SAME_FRONTS: Final = (("mac", "mc"), ("saint", "st"), ("abdul", "abdel"), ("abdul", "abdal"), ("al", "el"))
_PIECE: Final = re.compile(r"[^\W_]+")
_ABBREVIATED: Final = re.compile(r"[\u0600-\u06ff]\.")


class Evidence(IntEnum):
    """What a word needs to be a name, from nothing to most; each is enough for all before it."""

    WORD = 0
    NO_ARTICLE = 1
    CAPITAL = 2
    TITLE = 3
    NAMED = 4  # a title that is not said alone, or a capital behind one that is


@dataclass(frozen=True)
class NameForms:
    """One name, ready to be looked for; all of it folded.

    `words` are single words with what each needs; `rows` words that stand one after the other, likewise. `own` are all
    words and initials of the name: one beside a word is evidence. `slips` are the long surnames with one letter left
    out, `spelt` what may be spelt letter by letter, `pieces` the name as it stands.
    """

    words: dict[str, Evidence]
    rows: tuple[tuple[tuple[str, ...], Evidence], ...]
    own: frozenset[str]
    slips: frozenset[str]
    spelt: tuple[str, ...]
    pieces: tuple[str, ...]


@lru_cache(maxsize=1_024)
def name_forms(name: str) -> NameForms | None:
    """The forms of `name` ("Mr Ayo Bell", "أ. محمد علي"), or None if it has none beside forms of address."""
    parts = _parts(name)
    if not parts:
        return None
    given, family = _split(parts)
    words: dict[str, Evidence] = {}
    rows: dict[tuple[str, ...], Evidence] = {}
    for piece in given:
        for form in _spellings(piece):
            _take(words, form, Evidence.NAMED if form in GRAMMAR else Evidence.TITLE)
    for piece in _bare(family):
        _take_surname(words, rows, piece)
    for row in _rows(given, family):
        _take_row(words, rows, row)
    surnames = _bare(family)
    pieces = tuple(_joined(part) for part in chain(given, family))
    return NameForms(
        words=words,
        rows=tuple(rows.items()),
        own=_own(given, surnames),
        slips=frozenset().union(
            *(shortened(form) for piece in surnames for form in _spellings(piece) if len(form) >= 5)
        ),
        spelt=tuple(dict.fromkeys(form for form in map(_joined, surnames) if len(form) >= 3)),
        pieces=pieces,
    )


def shortened(word: str) -> frozenset[str]:
    """`word` and every form of it with one letter left out, but the first."""
    return frozenset(_shortened(word))


def collapsed(word: str) -> str:
    """`word` with no letter twice in a row, marked so that it is no word."""
    return "~" + re.sub(r"(.)\1+", r"\1", word)


def _parts(name: str) -> list[list[str]]:
    """The words of a name as typed, each as its parts between hyphens, without forms of address."""
    typed = [word for word in name.split() if not _ABBREVIATED.fullmatch(word)]
    parts = [re.split(r"[-\u2010-\u2015_.]+", word) for word in typed]
    kept = [[one for one in part if _PIECE.search(fold(one))] for part in parts]
    return [part for part in kept if part and not all(_joined(one) in TITLES for one in part)]


def _split(parts: list[list[str]]) -> tuple[list[str], list[str]]:
    """Given and family names; a name of one word, or that begins with a family name, is all family name."""
    first = 0 if len(parts) == 1 or _joined(parts[0][0]) in FAMILY_FIRST | PARTICLES else 1
    return list(chain.from_iterable(parts[:first])), list(chain.from_iterable(parts[first:]))


def _bare(family: list[str]) -> list[str]:
    """The pieces that are surnames by themselves: not particles, initials, or what a binding particle stands before."""
    bare = [
        piece
        for before, piece in zip(["", *family], family, strict=False)
        if _joined(before) not in BINDING and len(_joined(piece)) > 1 and _joined(piece) not in PARTICLES
    ]
    return bare or [piece for piece in family if len(family) == 1]


def _joined(piece: str) -> str:
    return "".join(_PIECE.findall(fold(piece)))


def _own(given: list[str], surnames: list[str]) -> frozenset[str]:
    """Words of the name that tell it beside another of them, and its initials that are no words."""
    initials = {_joined(piece)[0] for piece in (*given, *surnames)} - set("aioye")
    return frozenset(map(_joined, (*given, *surnames))) | initials


def _is_common(word: str) -> bool:
    return word in GRAMMAR or word in ORDINARY or word in NOUNS


def _needed(word: str) -> Evidence:
    if word in GRAMMAR:
        return Evidence.TITLE
    if word in ORDINARY:
        return Evidence.CAPITAL
    return Evidence.NO_ARTICLE if word in NOUNS else Evidence.WORD


def _take(words: dict[str, Evidence], form: str, need: Evidence) -> None:
    words[form] = min(need, words.get(form, need))
    once = collapsed(form)
    words[once] = min(need, words.get(once, need))


def _take_surname(words: dict[str, Evidence], rows: dict[tuple[str, ...], Evidence], piece: str) -> None:
    whole = _joined(piece)
    for form in _spellings(piece):
        if form != whole and (len(form) < 3 or form in GRAMMAR):
            continue
        for fronted in _fronted(form):
            # علي is the word "on" as well, which لعلي is not.
            _take(words, fronted, _needed(fronted) if form in GRAMMAR else max(_needed(fronted), _needed(form)))
        for plural in (f"{form}s", f"{form}es"):
            _take(
                words,
                plural,
                Evidence.WORD if len(form) > 2 and not _is_common_plural(form, plural) else Evidence.TITLE,
            )
        once = collapsed(form)[1:]
        if once != form and len(once) > 1:
            words[once] = min(Evidence.TITLE, words.get(once, Evidence.TITLE))
        for row, need in _parted(form) if form == whole or not form.startswith(("al", "el")) else ():
            for first in _fronted(row[0]):
                rows.setdefault((first, *row[1:]), need)


def _is_common_plural(form: str, plural: str) -> bool:
    return _is_common(form) or _is_common(plural) or form.endswith("s")


def _spellings(piece: str) -> tuple[str, ...]:
    """Every spelling of one piece: as it is, umlauts written out or contracted, particles in other forms or left out."""
    whole = _joined(piece)
    composed = unicodedata.normalize("NFC", piece).casefold()
    tail = _PIECE.findall(fold(piece))[-1]
    short = whole
    for long, contracted in _CONTRACTED:
        short = short.replace(long, contracted)
    forms = [whole, *(_joined(composed.translate(table)) for table in _WRITTEN_OUT), short]
    if len(tail) > 3:
        forms.append(tail)  # O'Brien: brien
    for form in tuple(forms):
        forms += _other_fronts(form)
    return tuple(dict.fromkeys(forms))


def _other_fronts(form: str) -> Iterator[str]:
    if form.startswith(("mac", "mc")) and len(form) >= 6:
        yield "m" + form.removeprefix("mac").removeprefix("mc")
    for one, other in _SAME_FRONTS:
        for this, that in ((one, other), (other, one)):
            if form.startswith(this) and len(form) >= len(this) + 4:
                yield that + form[len(this) :]
    if form.startswith("ال") and len(form) > 4:
        yield form[2:]
    elif form.startswith(("al", "el")) and len(form) > 6:
        yield form[2:]
    elif len(form) > 3 and form.isascii():
        yield f"al{form}"
        yield f"el{form}"


def _fronted(form: str) -> Iterator[str]:
    """`form` with the letters before it that Arabic and Hebrew join to a word."""
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


def _parted(form: str) -> Iterator[tuple[tuple[str, ...], Evidence]]:
    """The rows of words that `form` may be typed as."""
    for front in FRONTS:
        rest = form.removeprefix(front)
        if rest != form and len(rest) > 2:
            yield (front, rest), Evidence.WORD
            yield from (((front, *more), need) for more, need in _parted(rest) if front in PARTICLES and len(more) == 2)
    for at in range(3, len(form) - 2):
        yield (form[:at], form[at:]), Evidence.CAPITAL


def _rows(given: list[str], family: list[str]) -> Iterator[tuple[str, ...]]:
    """Pieces of a name that stand beside each other, which may be joined as well: all of two to five."""
    if len(family) > 1 or given:
        pieces = [_joined(piece) for piece in (*given, *family)]
        for first in range(len(pieces)):
            for last in range(max(first + 2, len(given) + 1), min(len(pieces), first + 5) + 1):
                if pieces[last - 1] not in PARTICLES and len(pieces[last - 1]) > 1:
                    yield tuple(pieces[first:last])
        if given:
            yield pieces[-1], pieces[0]


def _take_row(words: dict[str, Evidence], rows: dict[tuple[str, ...], Evidence], row: tuple[str, ...]) -> None:
    joined = "".join(row)
    if len(joined) > 3:
        for form in (joined, *_other_fronts(joined)):
            for fronted in _fronted(form):
                _take(words, fronted, _needed(fronted))
            _take(words, f"{form}s", Evidence.WORD if not _is_common(f"{form}s") else Evidence.TITLE)
    if all(word in ARTICLES or _is_common(word) for word in row):
        rows.setdefault(row, Evidence.CAPITAL)
        return
    for first in (*_fronted(row[0]), *(("saint",) if row[0] == "st" else ())):
        rows[first, *row[1:]] = Evidence.WORD


def _shortened(word: str) -> Iterator[str]:
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(1, len(word)))
