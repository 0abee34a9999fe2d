"""How hard a sentence is to read: its length, and the reading age of a text by a measure stated for each language.

| language | measure | source |
|---|---|---|
| English | Flesch-Kincaid grade, and five years | Kincaid and others, 1975 |
| Spanish | Crawford's years of school, and six years | Crawford, 1984: made for primary school |
| Arabic, others | words a sentence, on average | our own bound: without vowel signs syllables cannot be counted |

The figures are those commonly given; nobody has checked them against the papers, nor on children. Syllables are counted
by groups of vowels, which is close enough for a whole text and too coarse for a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from flows.folding import plain

#: Words of one sentence (domain, section 7).
MOST_WORDS: Final = 15
#: Words a sentence, on average, where syllables cannot be counted.
MOST_ON_AVERAGE: Final = 9.0
#: Reading age in years that a conversation for children, and any other text, may have at most (domain, section 7).
FOR_CHILDREN: Final = 8.0
FOR_ALL: Final = 9.0
#: A shorter text is judged by the length of its sentences alone: one long word decides the figure.
FEWEST_WORDS: Final = 12

_SENTENCE: Final = re.compile(r"(?<=[.?!:;\u061f])\s+|\n+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_HOLE: Final = re.compile(r"\{[a-z_]+\}")
_ENGLISH: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxc])es$")
#: Strong vowels are a syllable each; weak ones join them or each other.
_SPANISH: Final = re.compile(r"[iuy]*[aeo][iuy]?(?![aeo])|[iuy]*[aeo]|[iuy]+")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`; a line is one at least."""
    return tuple(part.strip() for part in _SENTENCE.split(text) if part.strip())


def too_long(text: str) -> tuple[str, ...]:
    """The sentences of `text` that have more than `MOST_WORDS` words."""
    return tuple(one for one in sentences(text) if len(one.split()) > MOST_WORDS)


def words_a_sentence(texts: Iterable[str]) -> float:
    """How many words a sentence of `texts` has on average; 0.0 without any."""
    lengths = [len(one.split()) for text in texts for one in sentences(text)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def reading_age(texts: Iterable[str], language: str) -> float | None:
    """The age in years at which `texts`, taken together, are read with ease; None where no measure is stated."""
    said = [one for text in texts for one in sentences(_HOLE.sub("it", text))]
    words = [word for one in said for word in _WORD.findall(one)]
    if not words or language not in {"en", "es"}:
        return None
    a_sentence, a_word = len(words) / len(said), sum(_syllables(word, language) for word in words) / len(words)
    if language == "en":
        return 0.39 * a_sentence + 11.8 * a_word - 15.59 + 5
    return -0.205 * 100 / a_sentence + 0.049 * 100 * a_word - 3.407 + 6


def _syllables(word: str, language: str) -> int:
    """At least one. Accents fall away first, but for the í and ú that stand apart from the vowel beside them."""
    if language == "es":
        return max(1, len(_SPANISH.findall(plain(re.sub("[íú]", "e", word.lower())))))
    return max(1, len(_ENGLISH.findall(_SILENT.sub("", plain(word)))))
