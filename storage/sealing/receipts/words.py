"""The word lists of receipts, and how what a person typed is brought to their form.

The lists stand in `words/`, one file per language; their order is part of every receipt, so they never change.
"""

import re
import secrets
import unicodedata
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from flows.values.normalise import LATIN_FOR

LANGUAGES = ("en", "es")
SHORTEST, LONGEST = 3, 11  # letters of a word
_FOLDER = Path(__file__).parent / "word_lists"
_LETTERS = re.compile(r"[^\W\d_]+")


def list_language(tag: str) -> str:
    """Tell which list serves a language tag such as `es-MX`; English where there is none."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else "en"


@cache
def words_of(language: str) -> tuple[str, ...]:
    """Give the 2,048 words of a list, as shown, in their order; read from its file once a process.

    Raises:
        FileNotFoundError: There is no such list (a bug: `list_language` names one that there is).
    """
    return tuple((_FOLDER / f"{language}.txt").read_text(encoding="utf-8").split())


def draw_words(count: int) -> tuple[str, ...]:
    """Draw English words at random, each of 11 bits; what they open is the caller's to say."""
    return tuple(secrets.choice(words_of("en")) for _ in range(count))


@cache
def places_of(language: str) -> dict[str, int]:
    """Give the place of each folded word in a list."""
    return {fold(word): place for place, word in enumerate(words_of(language))}


@cache
def every_word() -> dict[str, tuple[str, int]]:
    """Give the list and the place of each folded word; no word is in two lists."""
    return {word: (language, place) for language in LANGUAGES for word, place in places_of(language).items()}


def fold(text: str) -> str:
    """Bring text to the form in which words are compared.

    Compatibility forms, diacritics and case are set aside, and letters of other scripts that look like Latin ones.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    seen = "".join(sign for sign in decomposed if unicodedata.category(sign) not in {"Mn", "Cf"})
    return seen.translate(LATIN_FOR).casefold()


def split_words(text: str) -> list[str]:
    """Give the folded words of a text, whatever stands between them: spaces, lines, commas, hyphens, numbers."""
    return _LETTERS.findall(fold(text))


def likeliest_language(words: list[str]) -> str:
    """Tell which list knows most of these folded words; the first of `LANGUAGES` if several do."""
    return max(LANGUAGES, key=lambda language: sum(word in places_of(language) for word in words))


def nearest(word: str, language: str) -> str | None:
    """Give the word of a list that a folded, unknown word was probably meant to be, as shown; or None.

    The first that begins with the same four letters, else the closest by `difflib`, from a likeness of 0.7.
    """
    known = places_of(language)
    same_start = [other for other in known if other[:4] == word[:4]]
    close = same_start or get_close_matches(word, known, n=1, cutoff=0.7)
    return words_of(language)[known[close[0]]] if close else None
