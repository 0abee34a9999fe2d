"""The forms in which one person's name may be typed, and what else has to stand there for each to be that name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from flows.names.lists import (
    ADDRESSES,
    ARTICLES,
    BINDING,
    FAMILY_FIRST,
    GRAMMAR,
    NOUNS,
    ORDINARY,
    PARTICLES,
    SAID_ALONE,
    TITLES,
    is_common,
)
from flows.names.spellings import Evidence, collapsed, fold_piece, fronted, other_fronts, parted, shortened, spellings

_ABBREVIATED: Final = re.compile(r"[\u0600-\u06ff]\.")
_WITHOUT_SPACES: Final = re.compile("[\u0e00-\u0e7f\u2e80-\ua4cf\uac00-\ud7a3]+")


@dataclass(frozen=True)
class NameForms:
    """One name, ready to be looked for; all of it folded.

    `words` are single words with what each needs; `rows` words that stand one after the other, likewise, by the first
    of them. `own` are all words and initials of the name: one beside a word is evidence. `slips` are the long surnames
    with one letter left out, `spelt` what may be spelt letter by letter, `pieces` the name as it stands.
    """

    words: dict[str, Evidence]
    rows: dict[str, list[tuple[tuple[str, ...], Evidence]]]
    own: frozenset[str]
    slips: frozenset[str]
    spelt: tuple[str, ...]
    pieces: tuple[str, ...]


@lru_cache(maxsize=1_024)
def name_forms(name: str) -> NameForms | None:
    """Return the forms of `name` ("Mr Ayo Bell", "أ. محمد علي"), or None if it has none beside forms of address.

    The latest 1,024 names are remembered, so that each is taken apart once and not with each text.
    """
    parts = _parts(name)
    if not parts:
        return None
    given, family = _split(parts)
    words: dict[str, Evidence] = {}
    rows: dict[tuple[str, ...], Evidence] = {}
    for piece in given:
        for form in spellings(piece):
            _take(words, form, Evidence.NAMED if form in GRAMMAR else Evidence.TITLE)
    for piece in _bare(family):
        _take_surname(words, rows, piece)
    for row in _rows(given, family):
        _take_row(words, rows, row)
    surnames = _bare(family)
    pieces = tuple(fold_piece(part) for part in chain(given, family))
    return NameForms(
        words=words,
        rows=_by_first(rows),
        own=_own(given, surnames),
        slips=frozenset().union(
            *(shortened(form) for piece in surnames for form in spellings(piece) if len(form) >= 5)
        ),
        spelt=tuple(dict.fromkeys(form for form in map(fold_piece, surnames) if len(form) >= 3)),
        pieces=pieces,
    )


def surnames_and_initial(name: str) -> tuple[tuple[str, ...], str]:
    """Return each surname of `name`, folded and without forms of address, and the initial of what is given, or "".

    A name in one script without spaces, such as 王 小明, is one surname however it is parted. There is no surname where
    all that is left is one letter, or nothing: then there is nothing to compare. "Bell, Ayo" is Ayo Bell.
    """
    given, family = name_parts(name)
    pieces = [fold_piece(piece) for piece in (*given, *family)]
    if pieces and all(_WITHOUT_SPACES.fullmatch(piece) for piece in pieces):
        whole = "".join(pieces)
        return ((whole,) if len(whole) > 1 else ()), ""
    surnames = tuple(dict.fromkeys(one for piece in _bare(family) if len(one := fold_piece(piece)) > 1))
    return surnames, pieces[0][0] if given else ""


def name_parts(name: str) -> tuple[list[str], list[str]]:
    """Return the given and the family names of `name` as typed, without forms of address; "Bell, Ayo" is Ayo Bell."""
    before, _, behind = name.replace("\u060c", ",").partition(",")
    parts = _parts(f"{behind} {before}")
    return _split(parts) if parts else ([], [])


def needed(word: str) -> Evidence:
    """Return what a surname that is the folded `word` needs around it, which may be a word as well."""
    if word in GRAMMAR:
        return Evidence.TITLE
    if word in ORDINARY:
        return Evidence.CAPITAL
    return Evidence.NO_ARTICLE if word in NOUNS else Evidence.WORD


def _by_first(rows: dict[tuple[str, ...], Evidence]) -> dict[str, list[tuple[tuple[str, ...], Evidence]]]:
    found: defaultdict[str, list[tuple[tuple[str, ...], Evidence]]] = defaultdict(list)
    for row, need in rows.items():
        found[row[0]].append((row, need))
    return dict(found)


def _parts(name: str) -> list[list[str]]:
    """The words of a name as typed, each as its parts between hyphens, without forms of address."""
    typed = [word for word in name.split() if not _ABBREVIATED.fullmatch(word)]
    parts = [re.split(r"[-\u2010-\u2015_.]+", word) for word in typed]
    kept = [[one for one in part if fold_piece(one)] for part in parts]
    named = [part for part in kept if part and not all(fold_piece(one) in TITLES for one in part)]
    while len(named) > 2 and fold_piece(named[0][0]) in ADDRESSES - SAID_ALONE:
        del named[0]  # Rev John Hill; a name of two words may begin with one that is an address elsewhere
    return named


def _split(parts: list[list[str]]) -> tuple[list[str], list[str]]:
    """Given and family names; a name of one word, or that begins with a family name, is all family name."""
    first = 0 if len(parts) == 1 or fold_piece(parts[0][0]) in FAMILY_FIRST | PARTICLES else 1
    return list(chain.from_iterable(parts[:first])), list(chain.from_iterable(parts[first:]))


def _bare(family: list[str]) -> list[str]:
    """The pieces that are surnames by themselves: not particles, initials, or what a binding particle stands before."""
    bare = [
        piece
        for before, piece in zip(["", *family], family, strict=False)
        if fold_piece(before) not in BINDING and len(fold_piece(piece)) > 1 and fold_piece(piece) not in PARTICLES
    ]
    return bare or [piece for piece in family if len(family) == 1]


def _own(given: list[str], surnames: list[str]) -> frozenset[str]:
    """Words of the name that tell it beside another of them, and its initials that are no words."""
    initials = {fold_piece(piece)[0] for piece in (*given, *surnames)} - set("aioye")
    return frozenset(map(fold_piece, (*given, *surnames))) | initials


def _take(words: dict[str, Evidence], form: str, need: Evidence) -> None:
    words[form] = min(need, words.get(form, need))
    once = collapsed(form)
    words[once] = min(need, words.get(once, need))


def _take_surname(words: dict[str, Evidence], rows: dict[tuple[str, ...], Evidence], piece: str) -> None:
    whole = fold_piece(piece)
    for form in spellings(piece):
        if form != whole and (len(form) < 3 or form in GRAMMAR):
            continue
        for word in fronted(form):
            # علي is the word "on" as well, which لعلي is not.
            _take(words, word, needed(word) if form in GRAMMAR else max(needed(word), needed(form)))
        for plural in (f"{form}s", f"{form}es"):
            is_a_word = len(form) < 3 or form.endswith("s") or is_common(form) or is_common(plural)
            _take(words, plural, Evidence.TITLE if is_a_word else Evidence.WORD)
        once = collapsed(form)[1:]
        if once != form and len(once) > 1:
            words[once] = min(Evidence.TITLE, words.get(once, Evidence.TITLE))
        for row, need in parted(form) if form == whole or not form.startswith(("al", "el")) else ():
            for first in fronted(row[0]):
                rows.setdefault((first, *row[1:]), need)


def _rows(given: list[str], family: list[str]) -> Iterator[tuple[str, ...]]:
    """Pieces of a name that stand beside each other, which may be joined as well: all of two to five."""
    if len(family) > 1 or given:
        pieces = [fold_piece(piece) for piece in (*given, *family)]
        for first in range(len(pieces)):
            for last in range(max(first + 2, len(given) + 1), min(len(pieces), first + 5) + 1):
                if pieces[last - 1] not in PARTICLES and len(pieces[last - 1]) > 1:
                    yield tuple(pieces[first:last])
        if given:
            yield pieces[-1], pieces[0]


def _take_row(words: dict[str, Evidence], rows: dict[tuple[str, ...], Evidence], row: tuple[str, ...]) -> None:
    joined = "".join(row)
    if len(joined) > 3:
        for form in (joined, *other_fronts(joined)):
            for word in fronted(form):
                _take(words, word, needed(word))
            _take(words, f"{form}s", Evidence.WORD if not is_common(f"{form}s") else Evidence.TITLE)
    if all(word in ARTICLES or is_common(word) for word in row):
        rows.setdefault(row, Evidence.CAPITAL)
        return
    for first in (*fronted(row[0]), *(("saint",) if row[0] == "st" else ())):
        rows[first, *row[1:]] = Evidence.WORD
