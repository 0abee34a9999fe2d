"""Names in words: how many are missed and matched wrongly by tradition, and how long a long text takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from flows.danger.crisis_phrases import Phrases, look, read_phrases
from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from storage.sealing.receipts.reading import find_receipt
from tests.bench.figures import Figures
from tests.names import measured, sentences, traditions

_CRISIS = Path(__file__).parents[2] / "flows" / "definitions" / "crisis"
_LETTERS = 4_096  # what one message may hold
_READERS = 40


def measure(figures: Figures) -> None:
    """All figures of `tests/flows/names.toml`, then the time for texts as long as a message may be and longer."""
    print("Names in the words")
    for tradition in traditions():
        worked, held_out = measured(tradition), measured(tradition, held_out=True)
        missed = f"{len(worked.missed)} of {worked.ways} missed"
        unseen = f"{len(held_out.missed)} of {held_out.ways} unseen missed"
        rate = f"{len(worked.false)} false, {len(worked.false) / worked.sentences:.3%}"
        figures.add(tradition.title, missed, unseen, goal=rate)
    read = ((path.read_text("utf-8"), str(path)) for path in sorted(_CRISIS.glob("*.toml")))
    phrases = Phrases(chain.from_iterable(read_phrases(*one) for one in read))
    roster = [name for tradition in traditions() for name in tradition.names[:4]][:_READERS]
    for what, text in _texts(4 * _LETTERS).items():
        names, crisis, receipt = _looked_through(text[:_LETTERS], phrases, roster)
        took, longer = names + crisis + receipt, sum(_looked_through(text, phrases, roster))
        parts = f"names {names:.2f}, crisis {crisis:.2f}, receipt {receipt:.2f}"
        figures.add(f"{_LETTERS:,} letters, {what}", f"{took:.2f} ms", parts, goal="2 ms")
        figures.add("  four times as many", f"{longer:.2f} ms", f"{took:.2f} ms", longer / took, goal="4x")


def _looked_through(text: str, phrases: Phrases, roster: list[str]) -> tuple[float, float, float]:
    """The milliseconds that it takes to look for all names of `roster`, for crisis phrases and for a receipt."""
    return (
        _milliseconds(text, lambda one: [is_named(typed, name) for typed in [TypedWords(one)] for name in roster]),
        _milliseconds(text, lambda one: look(one, phrases)),
        _milliseconds(text, find_receipt),
    )


def _texts(letters: int) -> dict[str, str]:
    """Texts of so many letters, of sentences that differ; those of the last call for help, each of them."""
    debouncer = [text for text in sentences(debouncer=True) if text.isascii()]
    arabic = [text for text in sentences() if "\u0600" <= text[0] <= "\u06ff"]
    danger = [text for text in sentences()[::-1] if text.isascii() and text not in debouncer]
    joined = {
        "English": " ".join(debouncer),
        "Arabic": " ".join(arabic),
        "English with emoji": " \U0001f62d\U0001f64f\U0001f3fd ".join(debouncer),
        "danger only": " ".join(danger),
    }
    return {what: (text * 12)[:letters] for what, text in joined.items()}


def _milliseconds(text: str, look_through: Callable[[str], object]) -> float:
    """The shortest of twenty times, each for a text of its own, since what was found in one is remembered."""
    took = []
    for number in range(20):
        one = f"{text[:-2]}{number:2}"
        began = time.perf_counter()
        look_through(one)
        took.append(time.perf_counter() - began)
    return min(took) * 1000
