"""Names of ten traditions, and how they are written: the lists of `tests/flows/names.toml`, and what holds for all."""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flows.names.matching import is_named
from flows.names.typed_words import TypedWords

FLOWS = Path(__file__).parent / "flows"


@dataclass(frozen=True)
class Tradition:
    """What is known of one: names with ways that have to match; `held_out` ones were never worked towards."""

    title: str
    ways: tuple[tuple[str, str], ...]
    held_out: tuple[tuple[str, str], ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """What is missed and what is matched wrongly, of how many; pairs of a name and a text."""

    missed: tuple[tuple[str, str], ...]
    ways: int
    false: tuple[tuple[str, str], ...]
    sentences: int


def traditions() -> tuple[Tradition, ...]:
    """The traditions of the list."""
    read = tomllib.loads((FLOWS / "names.toml").read_text("utf-8"))
    return tuple(
        Tradition(title, _pairs(table["names"]), _pairs(table["held_out"]), (*table["names"], *table["held_out"]))
        for title, table in read.items()
    )


def sentences(*, debouncer: bool = False) -> tuple[str, ...]:
    """Everything that names nobody of the list; `debouncer` ones hold nothing that calls for help either."""
    read = tomllib.loads((FLOWS / "names.toml").read_text("utf-8"))
    with (FLOWS / "crisis_corpus.csv").open(encoding="utf-8", newline="") as lines:
        corpus = [row["text"] for row in csv.DictReader(lines) if not debouncer or row["expected"] == "none"]
    return tuple(dict.fromkeys([text for table in read.values() for text in table["sentences"]] + corpus))


def measured(tradition: Tradition, *, held_out: bool = False) -> Measured:
    """Compare every way with its name, and every name with every sentence."""
    ways = tradition.held_out if held_out else tradition.ways
    missed = tuple((name, way) for name, way in ways if not is_named(TypedWords(way), name))
    texts = [TypedWords(text) for text in sentences()]
    false = tuple((name, text.text) for text in texts for name in tradition.names if is_named(text, name))
    return Measured(missed, len(ways), false, len(texts) * len(tradition.names))


def _pairs(table: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, way) for name, ways in table.items() for way in ways)


def _without_signs(name: str) -> str:
    return "".join(sign for sign in name if sign.isalpha())


def _without_accents(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))


_OUT = str.maketrans({"ü": "ue", "ö": "oe", "ä": "ae", "ø": "oe", "å": "aa", "Ø": "Oe", "Å": "Aa", "Ö": "Oe"})
_ALIKE = str.maketrans({"a": "\u0430", "e": "\u0435", "o": "\u043e", "i": "\u0456", "O": "\u041e"})
_LEET = str.maketrans({"o": "0", "e": "3", "a": "4", "i": "1"})

#: How the letters of a surname may be typed.
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "small": str.lower,
    "capitals": str.upper,
    "joined": _without_signs,
    "parted": lambda name: " ".join(name.replace("-", " ").replace("'", " ").split()),
    "curly apostrophe": lambda name: name.replace("'", "\u2019"),
    "backtick": lambda name: name.replace("'", "`"),
    "no accents": _without_accents,
    "written out": lambda name: unicodedata.normalize("NFC", name).translate(_OUT),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "zero width": "\u200b".join,
    "look-alike letters": lambda name: name.translate(_ALIKE),
    "digits": lambda name: name[0] + _without_signs(name[1:]).translate(_LEET),
    "stretched": lambda name: name + name[-1] * 4,
    "full width": lambda name: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in name),
    "spelt": lambda name: " ".join(_without_signs(name)),
}

#: What may stand around it, with `{}` for the surname. Those after the first few put a letter behind it.
FRAMES = (
    "mr {} grabs my arm every day",
    "it was Miss {}",
    "Mrs. {} hurt me",
    "mr_{}",
    "I hate mr {}, really",
    "mr {}'s hand",
    "mr {}\u2019s hand",
    "mr {}s hand",
)
