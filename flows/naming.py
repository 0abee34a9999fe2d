"""Whether a text names somebody: by surname as a whole word, or by a title and any of their names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from flows.folding import plain

_WORD: Final = re.compile(r"[^\W_]+")

#: Forms of address that are no part of a name, in the languages of the catalogues, as `plain` gives them.
TITLES: Final = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "sir", "madam", "madame", "coach"),
        *("senor", "senora", "senorita", "sr", "sra", "srta", "don", "dona", "profe", "profesor", "profesora"),
        *("استاذ", "استاذه", "الاستاذ", "الاستاذه", "السيد", "السيده", "انسه", "الانسه", "مس", "مستر"),
        *("دكتور", "دكتوره", "الدكتور", "الدكتوره"),
    }
)

#: Parts of surnames that stand in ordinary sentences.
_PARTICLES: Final = frozenset(
    {
        *("de", "da", "di", "do", "dos", "das", "del", "della", "la", "le", "las", "les", "los", "of", "the", "y", "e"),
        *("van", "von", "der", "den", "ter", "bin", "bint", "ibn", "al", "el", "بن", "بنت", "ابن"),
    }
)

#: Letters that Arabic writes onto the front of a word: and, with, to, as, so.
_ARABIC_FRONT: Final = frozenset("وبلكف")


def names(text: str, name: str) -> bool:
    """Whether `text` names the bearer of `name` ("Mr Ayo Bell", "Bell", "أ. محمد علي").

    Case, accents and possessives make no difference. A given name alone is not enough ("will", "grace" and "mark" are
    words too), a title with it is ("Miss Asha"). It errs on the side of a match: an alternate checks.
    """
    own = [word for word in _words(name) if word not in TITLES]
    if not own:
        return False
    if any(_is_unspaced(word) for word in own):
        return "".join(own) in "".join(_words(text))
    said = _words(text)
    surnames = _surnames(own)
    titled = {word for title, word in pairwise(said) if title in TITLES}
    return not surnames.isdisjoint(_with_fronts(said)) or not titled.isdisjoint(own)


def _words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def _surnames(own: list[str]) -> frozenset[str]:
    """All but the given name; every part of a surname of several counts, other than particles and initials."""
    parts = own[1:] or own
    return frozenset(word for word in parts if len(word) > 1 and word not in _PARTICLES)


def _with_fronts(said: list[str]) -> frozenset[str]:
    bare = {word[1:] for word in said if len(word) > 3 and word[0] in _ARABIC_FRONT}
    return frozenset(said) | bare


def _is_unspaced(word: str) -> bool:
    """Whether `word` is of a script that puts no spaces between words (Thai, or from the CJK blocks on, but Hangul)."""
    return any("\u0e00" <= sign <= "\u0e7f" or "\u2e80" <= sign <= "\ua4cf" for sign in word)
