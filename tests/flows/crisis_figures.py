"""Precision and recall of the crisis phrases on the labelled sentences of `crisis_corpus.csv`."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from flows.danger.crisis_phrases import Phrase, PhraseClass, look

CORPUS: Final = Path(__file__).parent / "crisis_corpus.csv"
LANGUAGES: Final = ("en", "es", "ar")


@dataclass(frozen=True)
class ClassFigures:
    """`found` of the `labelled` sentences of a class hold a phrase of it, certain or not. `certain` sentences hold one
    of high certainty: `own` of them have that label, `danger` have any."""

    phrase_class: str
    language: str
    found: int
    labelled: int
    own: int
    danger: int
    certain: int

    def row(self) -> str:
        """The figures as a row of a table."""
        return (
            f"| {self.phrase_class} | {self.language} | {self.found} of {self.labelled} "
            f"| {self.own} of {self.certain} | {self.danger} of {self.certain} |"
        )


def class_figures(phrases: tuple[Phrase, ...]) -> list[ClassFigures]:
    """The figures of every class in every language."""
    rows = [(row, {(hit.phrase_class, hit.certainty) for hit in look(row["text"], phrases)}) for row in corpus()]
    figures = []
    for name in get_args(PhraseClass):
        for language in LANGUAGES:
            theirs = [(row, hits) for row, hits in rows if row["language"] == language]
            own = [
                {certainty for found, certainty in hits if found == name}
                for row, hits in theirs
                if row["class"] == name
            ]
            certain = [row for row, hits in theirs if (name, "high") in hits]
            figures.append(
                ClassFigures(
                    phrase_class=name,
                    language=language,
                    found=sum(map(bool, own)),
                    labelled=len(own),
                    own=sum(row["class"] == name for row in certain),
                    danger=sum(row["expected"] != "none" for row in certain),
                    certain=len(certain),
                )
            )
    return figures


def certainty(text: str, phrases: tuple[Phrase, ...]) -> str:
    """The highest certainty of what is found in `text`: high, low or none."""
    hits = look(text, phrases)
    return hits[0].certainty if hits else "none"


def measured(
    phrases: tuple[Phrase, ...], held_out: str, languages: tuple[str, ...] = LANGUAGES
) -> Counter[tuple[str, str]]:
    """How often each expected certainty came out as which."""
    rows = [row for row in corpus() if row["held_out"] == held_out and row["language"] in languages]
    return Counter((row["expected"], certainty(row["text"], phrases)) for row in rows)


def certainty_rows(phrases: tuple[Phrase, ...]) -> Iterator[str]:
    """A row for each language: of the sentences there while the phrases were written, and of those held out."""
    for held_out, when in (("no", "there while writing"), ("yes", "held out")):
        for language in LANGUAGES:
            counts = measured(phrases, held_out, (language,))
            cells = [
                _share(counts, "high", {"high"}),
                _share(counts, "high", {"high", "low"}),
                _share(counts, "low", {"high", "low"}),
                _share(counts, "none", {"high"}),
                _share(counts, "none", {"low"}),
            ]
            yield f"| {when} | {language} | {' | '.join(cells)} |"


def corpus() -> list[dict[str, str]]:
    """The labelled sentences."""
    with CORPUS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _share(counts: Counter[tuple[str, str]], expected: str, came: set[str]) -> str:
    theirs = {got: count for (wanted, got), count in counts.items() if wanted == expected}
    return f"{sum(count for got, count in theirs.items() if got in came)} of {sum(theirs.values())}"
