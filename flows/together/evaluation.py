"""The evaluation of a term: six statements in five steps, and what should change; shown from five answers on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

#: Statements; their words stand with the screens.
STATEMENTS: Final = 6
#: Steps of each, from "not at all" to "fully".
STEPS: Final = 5
#: Characters of what should change.
LONGEST: Final = 300
#: Answers before anything of a term is shown.
LEAST: Final = 5


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
