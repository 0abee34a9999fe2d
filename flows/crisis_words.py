"""A text as a row of words that crisis phrases are compared with: plain, without signs, tricks of typing undone."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from flows.folding import change_signs, plain

#: Digits and signs that stand for letters inside a word ("k1ll").
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_LEET_WORD: Final = re.compile(r"(?<!\S)(?=\S*[a-z])(?=\S*[0-9@$!])\S+")

#: Signs inside a word that are not heard: "don't", "s'il".
_UNHEARD: Final = re.compile("['\u2018\u2019\u02bc`\u00b4]")

_TWICE: Final = re.compile(r"(\w)\1+")
_SPELT: Final = re.compile(r"(?<!\S)\w(?: \w){3,}(?!\S)")


def words_of(text: str) -> str:
    """`text` as words with one space between: plain letters, no letter twice, an emoji a word of its own.

    "K1LL my-self!!" and "kiill my self" both give "kil my self". It never fails and never gives a sign that is
    special to a pattern, other than digits and letters of any script and emoji.
    """
    folded = _UNHEARD.sub("", plain(text))
    heard = _LEET_WORD.sub(_letters, folded)
    spaced = change_signs(heard, _spaced)
    joined = _SPELT.sub(lambda spelt: spelt[0].replace(" ", ""), " ".join(spaced.split()))
    return " ".join(_TWICE.sub(lambda run: run[0] if run[1].isdecimal() else run[1], joined).split())


def _letters(word: re.Match[str]) -> str:
    body = word[0].rstrip("!.,?;:")
    return body.translate(_LEET) + word[0][len(body) :]


def _spaced(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] in "LNM":
        return sign
    return f" {sign} " if kind in {"So", "Sk"} else " "
