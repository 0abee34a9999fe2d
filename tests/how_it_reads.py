"""Counts what `docs/how-it-reads.md` says of taps, screens, words and reading ages, from transcripts and catalogues.

`python -m tests.how_it_reads TREE WHEN` prints the rows of any tree, such as that of an older commit.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from flows.loading.checks.readability import reading_age, words_a_sentence

#: Transcript, and words a minute: aloud at nine and at twelve (Hasbrouck and Tindal, 2017: the middle child of grades 3
#: and 6 in spring), silent for adults (Brysbaert, 2019: what is no story).
REGISTERS: Final = {
    "under 12": ("child_under_12", 112),
    "12 to 17": ("teenager_12_17", 146),
    "parent": ("parent", 238),
    "staff": ("staff", 238),
}
#: Seconds to decide and to point: 1.35 and 1.1 in the keystroke-level model (Card, Moran and Newell, 1980).
A_TAP: Final = 2.45
RECEIPT: Final = "{receipt}"
#: Contexts of the catalogues: the conversation for children, and with it what everybody is told, asked and answered.
CHILD: Final[frozenset[str | None]] = frozenset({"child"})
CHILDREN: Final = CHILD | {"reply", "feedback", None}

_WHO: Final = ("[I am ", "[I work ")
_OVER: Final = "You can write more here at any time."
#: The row that stands below every screen is not read each time.
_ALWAYS: Final = "[Help now]"
_WORD: Final = re.compile(r"\w\S*")


@dataclass(frozen=True)
class Step:
    """One thing the person did (a tap stands in brackets), and the lines that are shown then, keys in brackets too."""

    did: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Effort:
    """What a stretch of a talk takes: `seconds` for reading `words` and tapping; one's own words take what they take.

    `words` are all of them, those of every key included; `needed` are without the keys that were left alone.
    """

    taps: int
    written: int
    screens: int
    words: int
    needed: int
    age: float
    seconds: float
    needed_seconds: float

    def cells(self) -> str:
        """The figures as cells of a table."""
        counts = f"{self.taps} | {self.written} | {self.screens} | {self.words} | {self.needed}"
        return f"{counts} | {self.age:.1f} | {round(self.seconds / 5) * 5} | {round(self.needed_seconds / 5) * 5}"


def efforts(transcript: str, words_a_minute: int) -> tuple[Effort, Effort, Effort]:
    """What it takes from the first screen until it is sent, until the receipt is read, and from there to the end.

    The end is where the questions are over.
    """
    steps = _steps(transcript)
    first = next(at for at, step in enumerate(steps) if step.did.startswith(_WHO))
    receipt = next(at for at, step in enumerate(steps) if RECEIPT in step.lines)
    over = next(at for at, step in enumerate(steps) if at > receipt and any(_OVER in line for line in step.lines))
    before = [Step("", steps[first - 1].lines), *steps[first : receipt + 1]]
    sent = [*before[:-1], Step(before[-1].did, ())]
    return (
        _effort((), sent, words_a_minute),
        _effort((), before, words_a_minute),
        _effort(steps[receipt].lines, steps[receipt + 1 : over + 1], words_a_minute),
    )


def rows(tree: Path, when: str) -> Iterator[str]:
    """Every row that is counted from the files of `tree`."""
    yield from register_rows(tree / "tests" / "conversations", when)
    yield from language_rows(tree / "locales", when)


def register_rows(folder: Path, when: str) -> Iterator[str]:
    """A row for each register and stretch, from the transcripts in `folder`."""
    for register, (name, words_a_minute) in REGISTERS.items():
        sent, until, after = efforts((folder / f"{name}.txt").read_text("utf-8"), words_a_minute)
        yield f"| {register}, until it is sent | {when} | {sent.cells()} |"
        yield f"| {register}, to the receipt | {when} | {until.cells()} |"
        yield f"| {register}, after it | {when} | {after.cells()} |"


def language_rows(catalogues: Path, when: str) -> Iterator[str]:
    """A row for each language: what children read, in the conversation for them and with what is said around it."""
    for name, language in (("English", "en"), ("Spanish", "es"), ("Arabic", "ar")):
        read = [child_texts(catalogues, language, contexts) for contexts in (CHILD, CHILDREN)]
        ages = [reading_age(said, language) for said in read]
        shown = [f"{age:.1f}" if age else "none" for age in ages]
        lengths = [f"{words_a_sentence(said):.1f}" for said in read]
        yield f"| {name} | {when} | {shown[0]} | {lengths[0]} | {shown[1]} | {lengths[1]} |"


def child_texts(catalogues: Path, language: str, contexts: frozenset[str | None]) -> list[str]:
    """The texts of `contexts` that end as sentences do; in English nothing is translated, and the id is said."""
    path = catalogues / "hark.pot" if language == "en" else catalogues / language / "LC_MESSAGES" / "hark.po"
    with path.open("rb") as file:
        read = [message for message in read_po(file, locale=language) if message.id and message.context in contexts]
    said = [message.id if language == "en" else message.string for message in read]
    forms = [form for one in said for form in (one if isinstance(one, list | tuple) else [str(one)])]
    return [form for form in forms if form.endswith((".", "?", "\u061f"))]


def _steps(transcript: str) -> list[Step]:
    steps: list[tuple[str, list[str]]] = []
    for line in transcript.splitlines():
        if line.startswith((">", "*")):
            steps.append((line[1:].strip(), []))
        elif line.startswith(("<", "=", "  ")) and steps:
            steps[-1][1].append(line[2:].strip())
    return [Step(did, tuple(lines)) for did, lines in steps]


def _effort(shown: Sequence[str], steps: Sequence[Step], words_a_minute: int) -> Effort:
    """What `steps` take; a line that stood on the screen before, at first `shown`, is not read again."""
    read: list[str] = []
    pressed: list[str] = []
    for step in steps:
        if step.did.startswith("["):
            pressed.append(next((line for line in shown if line.startswith(step.did[:-1])), step.did))
        read += [line for line in step.lines if line not in shown and _ALWAYS not in line]
        shown = step.lines
    words, needed = _words(*read), _words(*pressed, *(line for line in read if not line.startswith("[")))
    return Effort(
        taps=len(pressed),
        written=sum(bool(step.did) and not step.did.startswith("[") for step in steps),
        screens=sum(bool(step.lines) for step in steps),
        words=words,
        needed=needed,
        age=reading_age({line for line in read if line.endswith((".", "?"))}, "en") or 0,
        seconds=words / words_a_minute * 60 + len(pressed) * A_TAP,
        needed_seconds=needed / words_a_minute * 60 + len(pressed) * A_TAP,
    )


def _words(*lines: str) -> int:
    """The receipt has eight words."""
    return sum(8 if line == RECEIPT else len(_WORD.findall(line)) for line in lines)


if __name__ == "__main__":
    sys.stdout.write("\n".join(rows(Path(sys.argv[1]), sys.argv[2])) + "\n")
