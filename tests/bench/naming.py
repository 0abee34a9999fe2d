"""Names in words: how many are missed and matched wrongly by tradition, and how long a long text takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from flows.crisis import Phrases, look, read_phrases
from flows.naming import is_named
from flows.typed_words import TypedWords
from storage.sealing.receipt_reading import find_receipt
from tests.bench.figures import Figures
from tests.names import measured, sentences, traditions

_CRISIS = Path(__file__).parents[2] / "flows" / "definitions" / "crisis"
_LETTERS = 4_096  # what one message may hold
_READERS = 40


def measure(figures: Figures) -> None:
    """All figures of `tests/flows/names.toml`, then the time for texts that are as long as a message may be."""
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
    for what, text in _texts().items():
        names = _milliseconds(
            text, lambda one: [is_named(typed, name) for typed in [TypedWords(one)] for name in roster]
        )
        crisis = _milliseconds(text, lambda one: look(one, phrases))
        receipt = _milliseconds(text, find_receipt)
        parts = f"names {names:.2f}, crisis {crisis:.2f}, receipt {receipt:.2f}"
        figures.add(f"{_LETTERS:,} letters, {what}", f"{names + crisis + receipt:.2f} ms", parts, goal="2 ms")


def _texts() -> dict[str, str]:
    """Texts as long as a message may be, of sentences that differ; those of the last call for help, each of them."""
    calm = [text for text in sentences(calm=True) if text.isascii()]
    arabic = [text for text in sentences() if "\u0600" <= text[0] <= "\u06ff"]
    danger = [text for text in sentences()[::-1] if text.isascii() and text not in calm]
    joined = {
        "English": " ".join(calm),
        "Arabic": " ".join(arabic),
        "English with emoji": " \U0001f62d\U0001f64f\U0001f3fd ".join(calm),
        "danger only": " ".join(danger),
    }
    return {what: (text * 9)[:_LETTERS] for what, text in joined.items()}


def _milliseconds(text: str, look_through: Callable[[str], object]) -> float:
    """The shortest of twenty times, each for a text of its own, since what was found in one is remembered."""
    took = []
    for number in range(20):
        one = f"{text[:-2]}{number:2}"
        began = time.perf_counter()
        look_through(one)
        took.append(time.perf_counter() - began)
    return min(took) * 1000
