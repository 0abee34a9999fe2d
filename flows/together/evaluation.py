"""The evaluation of a term: six statements in five steps, and what should change; shown from five answers on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

#: Statements; their words stand with the screens.
STATEMENTS: Final = 6
#: Steps of each, from "not at all" to "fully".
STEPS: Final = 5
#: Characters of what should change.
LONGEST: Final = 300
#: Answers before anything of a term is shown.
LEAST: Final = 5
_MONTHS: Final = 4  # of a term


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One answer, which has no author: a step for each statement, and what should change, perhaps nothing."""

    steps: tuple[int, ...]
    change: str = field(default="", repr=False)

    @property
    def fits(self) -> bool:
        """Whether it is whole, and no longer than it may be."""
        whole = len(self.steps) == STATEMENTS and all(1 <= step <= STEPS for step in self.steps)
        return whole and len(self.change) <= LONGEST


@dataclass(frozen=True, slots=True)
class Result:
    """What a term came to: the middle step of each statement, and what should change, in no order of giving."""

    answers: int
    middle: tuple[int, ...]
    changes: tuple[str, ...] = field(repr=False)


def term_of(day: date) -> str:
    """Give the term of a day, such as `2026-3`: each of a year's three has four calendar months.

    A seam of this package: sites that give terms of their own have them in `flows/measures`, once that is there.
    """
    return f"{day.year}-{(day.month - 1) // _MONTHS + 1}"


def term_before(term: str) -> str:
    """Give the term before one.

    Raises:
        ValueError: It is no term (a bug).
    """
    year, number = map(int, term.split("-"))
    return f"{year}-{number - 1}" if number > 1 else f"{year - 1}-3"


def first_day(term: str) -> date:
    """Give the first day of a term.

    Raises:
        ValueError: It is no term (a bug).
    """
    year, number = map(int, term.split("-"))
    return date(year, (number - 1) * _MONTHS + 1, 1)


def result_of(answers: Sequence[Evaluation]) -> Result | None:
    """Give what the answers come to; None for fewer than five.

    Of an even number the lower of the two in the middle counts: nothing looks better than it is. What should change is
    in the order of its letters, so that nothing tells who answered when.
    """
    if len(answers) < LEAST:
        return None
    columns = zip(*(one.steps for one in answers), strict=True)
    middle = tuple(sorted(column)[(len(column) - 1) // 2] for column in columns)
    return Result(len(answers), middle, tuple(sorted({one.change for one in answers if one.change})))
