"""A text as a row of words that crisis phrases are compared with: plain, without signs, tricks of typing undone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from flows.folding import SIGNS, change_signs, fold_signs, no_letters, plain_sign

#: Digits and signs that stand for letters inside a word ("k1ll").
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})

#: Signs inside a word that are not heard: "don't", "s'il".
_UNHEARD: Final = frozenset("'\u2018\u2019\u02bc`\u00b4")

# Quick to look for: those that begin at a space are tried at no letter, and any sign is the fastest class to test.
_LEET_WORD: Final = re.compile(r" [^ 0-9@$!]*+[0-9@$!][^ ]*")
_SPELT: Final = re.compile(r" \w(?: \w){3,}(?= )")
_TWICE: Final = re.compile(r"(.)(?=\1)(?<=[^\W\d])")
_LATIN: Final = re.compile("[a-z]")


def words_of(text: str) -> str:
    """`text` as words with one space between: plain letters, no letter twice, an emoji a word of its own.

    "K1LL my-self!!" and "kiill my self" both give "kil my self". It never fails and never gives a sign that is
    special to a pattern, other than digits and letters of any script and emoji.
    """
    heard = _LEET_WORD.sub(_letters, f" {fold_signs(text, _heard)}")
    spaced = f" {' '.join(change_signs(heard, _spaced, no_letters).split())} "
    joined = _SPELT.sub(lambda spelt: " " + spelt[0].replace(" ", ""), spaced)
    return _TWICE.sub("", joined).strip()


@lru_cache(SIGNS)
def _heard(sign: str) -> str:
    return "".join(" " if part.isspace() else part for part in plain_sign(sign) if part not in _UNHEARD)


def _letters(word: re.Match[str]) -> str:
    if not _LATIN.search(word[0]):
        return word[0]
    body = word[0].rstrip("!.,?;:")
    return body.translate(_LEET) + word[0][len(body) :]


def _spaced(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] in "LNM":
        return sign
    return f" {sign} " if kind in {"So", "Sk"} else " "
