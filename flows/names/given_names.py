"""Given names alone: which of a name they are, and whether a text calls somebody by one.

For words that others read, and that should name nobody (decision 39). There a mistake in either direction is told at
once to whoever types, so it errs further on the side of a match than `matching`, where a child tells of friends by
their given names. What a given name needs in a text:

- one that is no word otherwise ("Mia"): to stand there, however it is typed;
- a word by which people are called as well ("Grace", "Hope"): the same, so that "we hope" is asked for again too;
- of these a word of grammar or a month ("Will", "May"): a capital, wherever it stands, a verb behind it, an `s` with
  its apostrophe, or a text of one or two words; in a script without capitals, that it stands there letter for letter;
- any other word ("School", in "School nurse"): what a surname that is a word needs.

One letter, a form of address and a word such as "Mum" are no given names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from flows.names.forms import name_parts, needed
from flows.names.lists import (
    ADDRESSES,
    ADDRESSES_BEHIND,
    ARABIC_FRONTS,
    CALLED_BY,
    GRAMMAR,
    HEBREW_FRONTS,
    PARTICLES,
    RELATIONS,
    is_common,
)
from flows.names.matching import family_signs
from flows.names.spellings import collapsed, fold_piece, fronted, spellings
from flows.names.typed_words import TypedWords

_NO_NAMES: Final = ADDRESSES | ADDRESSES_BEHIND | PARTICLES | RELATIONS
_MOST: Final = 4  # given names of one person
_WITHOUT_SPACES: Final = re.compile("[\u0e00-\u0e7f\u2e80-\ua4cf\uac00-\ud7a3]+")
_THAI: Final = re.compile("[\u0e00-\u0e7f]")
_SIGNS: Final = range(2, 5)  # of a name in a script without spaces
_THAI_SIGNS: Final = range(2, 13)


def given_names(name: str) -> tuple[str, ...]:
    """Return the given names in `name` ("Mr Ayo Bell", "Bell, Ayo"), folded, four at most.

    A name of one word, or that begins with its family name, has none: each of its words is a surname. Of "Anne-Marie
    Bell" both halves and the whole are given names. In a script without spaces each part is one; of a name in one
    piece it is what follows the family name.
    """
    given, family = name_parts(name)
    pieces = [fold_piece(piece) for piece in (*given, *family)]
    if pieces and all(_WITHOUT_SPACES.fullmatch(piece) for piece in pieces):
        found = pieces if len(pieces) > 1 else [pieces[0][family_signs(pieces[0]) :]]
    else:
        pieces = pieces[: len(given)]
        found = [*pieces, "".join(pieces)]
    fitting = (one for one in found if len(one) > 1 and one not in _NO_NAMES)
    return tuple(dict.fromkeys(fitting))[:_MOST]


def may_be_names(typed: TypedWords) -> frozenset[str]:
    """Return what in a text may be a name: every word, what else it may be read as, and pieces of rows without spaces.

    Words come also without an `s` at their end, and without the letters that Arabic and Hebrew write onto their front.
    """
    parted = typed.split_up.readings if typed.split_up is not None else {}
    found = {*typed.readings, *typed.readings.values(), *parted, *typed.run_in, *typed.spelt.split()}
    found = {word.removeprefix("~") for word in found}  # what was stretched
    found |= {bare for word in found for bare in _bare(word)}
    for run in _WITHOUT_SPACES.findall(typed.folded):
        lengths = _THAI_SIGNS if _THAI.search(run) else _SIGNS
        found |= {run[at : at + length] for length in lengths for at in range(len(run) - length + 1)}
    return frozenset(word for word in found if len(word) > 1)


def is_called(typed: TypedWords, given: str) -> bool:
    """Return whether a text calls somebody by a given name alone; `given` is folded, as `given_names` gives it."""
    if len(given) < 2:
        return False
    if _WITHOUT_SPACES.fullmatch(given):
        return given in typed.folded
    return _stands(typed, given) or (typed.split_up is not None and _stands(typed.split_up, given))


def _stands(typed: TypedWords, given: str) -> bool:
    forms = _forms(given)
    if not forms.isdisjoint(typed.run_in) or (len(given) > 2 and given in typed.spelt.split()):
        return True
    return any(_shows(typed, form, place) for form in forms & typed.readings.keys() for place in typed.places(form))


def _shows(typed: TypedWords, form: str, place: int) -> bool:
    if form not in CALLED_BY:
        return typed.shows(needed(form), place, 1, frozenset())
    return form not in GRAMMAR or typed.may_be_called(place)


@lru_cache(maxsize=1_024)
def _forms(given: str) -> frozenset[str]:
    return frozenset(_spelt(given))


def _spelt(given: str) -> Iterator[str]:
    for form in spellings(given):
        if form != given and (len(form) < 3 or form in GRAMMAR):
            continue
        for word in fronted(form):
            yield word
            yield collapsed(word)
        if len(form) > 2 and not form.endswith("s") and not is_common(f"{form}s") and not is_common(form):
            yield f"{form}s"  # "mias bag"


def _bare(word: str) -> Iterator[str]:
    if word.endswith("s"):
        yield word.removesuffix("s")
    if not "\u0590" <= word[:1] <= "\u06ff":
        return
    for front in ARABIC_FRONTS[1:] if word >= "\u0600" else HEBREW_FRONTS[1:]:
        if word.startswith(front):
            yield word.removeprefix(front)
