"""How hard texts are to read, by the measure of their language: sentences by their words, passages by years of age.

| language | measure | source |
|---|---|---|
| English | words a sentence, syllables a word | Flesch and Kincaid, as a school grade; five years older |
| Spanish | sentences and syllables per hundred words | Crawford, as a school grade; six years older |
| others | words a sentence alone: Arabic without vowel signs shows no syllables | |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from flows.values.normalise import plain

#: The language of the message ids.
ENGLISH: Final = "en"
#: Words of one sentence (domain, section 7).
MOST_WORDS: Final = 15
#: Words a sentence, on average.
MOST_ON_AVERAGE: Final = 9.0
#: Reading age in years that a conversation for children, and any other text, may have at most (domain, section 7).
FOR_CHILDREN: Final = 8.0
FOR_ALL: Final = 9.0

_SENTENCE: Final = re.compile(r"(?<=[.?!:;\u061f])\s+|\n+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_HOLE: Final = re.compile(r"\{[a-z_]+\}")
_ENGLISH_VOWELS: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxc])es$")
#: Strong vowels are a syllable each; weak ones join them or each other.
_SPANISH_VOWELS: Final = re.compile(r"[iuy]*[aeo][iuy]?(?![aeo])|[iuy]*[aeo]|[iuy]+")


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`; a line is one at least."""
    return tuple(part.strip() for part in _SENTENCE.split(text) if part.strip())


def too_long(text: str) -> tuple[str, ...]:
    """Return the sentences of `text` that have more than `MOST_WORDS` words."""
    return tuple(one for one in sentences(text) if len(one.split()) > MOST_WORDS)


def words_a_sentence(texts: Iterable[str]) -> float:
    """Return how many words a sentence of `texts` has on average; 0.0 without any.

    It is the measure for languages in which nobody here can count syllables.
    """
    lengths = [len(one.split()) for text in texts for one in sentences(text)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def reading_age(texts: Iterable[str], language: str) -> float | None:
    """Return the age in years at which `texts`, taken together, are easy to read.

    English by the Flesch-Kincaid grade level (Kincaid et al., 1975), and five years; Spanish by Crawford's formula for
    texts of primary schools, and six. None for a language without a measure, and for texts without a word.
    """
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
        return max(1, len(_SPANISH_VOWELS.findall(plain(re.sub("[íú]", "e", word.lower())))))
    return max(1, len(_ENGLISH_VOWELS.findall(_SILENT.sub("", plain(word)))))


def hard_to_read(texts: Sequence[str], language: str, most: float) -> str | None:
    """Return what makes `texts`, taken together, too hard for `most` years, with the hardest sentence; None if nothing.

    Sentences are at most `MOST_ON_AVERAGE` words long on average, in every language.
    """
    age, average = reading_age(texts, language), words_a_sentence(texts)
    if age is not None and age > most:
        told = f"read with ease at {age:.1f} years, and it should be {most:.0f} at most"
    elif average > MOST_ON_AVERAGE:
        told = f"{average:.1f} words a sentence, and it should be {MOST_ON_AVERAGE:.0f} at most"
    else:
        return None
    hardest = max((one for text in texts for one in sentences(text)), key=lambda one: _hardness(one, language))
    return f"{told}; the hardest sentence: {hardest}"


def _hardness(sentence: str, language: str) -> float:
    """Years, or words where there is no measure."""
    age = reading_age([sentence], language)
    return len(sentence.split()) if age is None else age
