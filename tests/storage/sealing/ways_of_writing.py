"""The ways in which people write down eight words, and in which phones and documents change them."""

# Letters that look like others are what this is about.
# ruff: noqa: RUF001

import unicodedata
from collections.abc import Callable

_CYRILLIC = str.maketrans("aeopcxyi", "аеорсхуі")
_GREEK = str.maketrans("AEHIKMNOPTXZ", "ΑΕΗΙΚΜΝΟΡΤΧΖ")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")


def _each(write: Callable[[int, str], str], between: str = "\n") -> Callable[[list[str]], str]:
    return lambda words: between.join(write(number, word) for number, word in enumerate(words, 1))


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _wide(words: list[str]) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in _bare("".join(words)))


def _bold(words: list[str]) -> str:
    return " ".join("".join(chr(0x1D41A + ord(sign) - ord("a")) for sign in _bare(word)) for word in words)


WAYS: dict[str, Callable[[list[str]], str]] = {
    "as shown": " ".join,
    "capitals": lambda words: " ".join(words).upper(),
    "lines": "\n".join,
    "tabs": "\t".join,
    "no-break spaces": "\u00a0".join,
    "ideographic spaces": "\u3000".join,
    "zero-width spaces and spaces": "\u200b ".join,
    "commas": ", ".join,
    "semicolons": ";".join,
    "sentences": lambda words: ". ".join(word.title() for word in words) + ".",
    "slashes": "/".join,
    "hyphens": "-".join,
    "long dashes": "\u2014".join,
    "underscores": "_".join,
    "arrows": " → ".join,
    "quoted": lambda words: "“" + " ".join(words) + "”",
    "numbers": _each(lambda number, word: f"{number}. {word}"),
    "numbers in one line": _each(lambda number, word: f"{number}){word}", " "),
    "keycaps": _each(lambda number, word: f"{number}\ufe0f\u20e3 {word}"),
    "arabic numbers": _each(lambda number, word: f"{chr(0x660 + number)}. {word}"),
    "bullets": _each(lambda _, word: f"• {word}"),
    "dashes before each": _each(lambda _, word: f"- {word}"),
    "stars": _each(lambda _, word: f"*{word}*", " "),
    "boxes": _each(lambda _, word: f"☐ {word}"),
    "letters": _each(lambda number, word: f"{'abcdefgh'[number - 1]}) {word}"),
    "roman numbers": _each(lambda number, word: f"{_ROMAN[number - 1]}. {word}"),
    "word by word": _each(lambda number, word: f"Word {number}: {word}"),
    "joined": "".join,
    "joined in capitals": lambda words: "".join(words).upper(),
    "camel case": lambda words: "".join(word.title() for word in words),
    "in pairs": lambda words: " ".join(words[at] + words[at + 1] for at in range(0, 8, 2)),
    "letter by letter": lambda words: " ".join("".join(words)),
    "with and": lambda words: ", ".join(words[:7]) + " and " + words[7],
    "a heading": lambda words: "My words: " + " ".join(words),
    "a sentence": lambda words: "my words are " + " ".join(words) + " thanks",
    "a spanish sentence": lambda words: "Mis palabras son: " + " ".join(words) + ". ¡Gracias!",
    "an arabic heading": lambda words: "كلماتي هي: " + " ".join(words),
    "a command": lambda words: "/return " + " ".join(words),
    "twice over": lambda words: " ".join(words + words),
    "twice, in two paragraphs": lambda words: " ".join(words) + "\n\n" + "\n".join(words),
    "twice and joined": lambda words: "".join(words + words),
    "cyrillic letters among them": lambda words: " ".join(words).translate(_CYRILLIC),
    "greek capitals among them": lambda words: _bare(" ".join(words)).upper().translate(_GREEK),
    "joined with cyrillic letters": lambda words: "".join(words).translate(_CYRILLIC),
    "wide letters": lambda words: "\u3000".join(_wide([word]) for word in words),
    "wide and joined": _wide,
    "mathematical letters": _bold,
    "accents apart": lambda words: unicodedata.normalize("NFD", " ".join(words)),
    "accents where none are": lambda words: " ".join(word[0] + "\u0301" + word[1:] for word in words),
    "soft hyphens": lambda words: " ".join(word[:2] + "\u00ad" + word[2:] for word in words),
    "direction marks": lambda words: "\u2067" + "\u200e \u200f".join(words) + "\u2069",
    "a byte order mark": lambda words: "\ufeff" + " ".join(words),
    "emoji around them": lambda words: "🔑 " + " ".join(words) + " 👨‍👩‍👧",
}
