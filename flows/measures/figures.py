"""Counts in, a publishable table out: whole terms and years, lots of five, nothing to be subtracted (decision 38).

Whatever leaves the desk as a number of cases or people is made here and nowhere else. From the terms and the year of a
table together, each cell could have been at least five numbers; a cell that is hidden could have been any of 0 to 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

#: Figures are shown in whole lots, rounded down; fewer than one lot is hidden.
LOT: Final = 5
#: From how many on shares are told in per cent.
RATES_FROM: Final = 30
_MOST_OVER: Final = LOT - 1  # what a figure loses by rounding, at most

#: What is told of one period, by row, in the order of the rows; None: hidden.
Column: TypeAlias = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it may be told.

    Attributes:
        terms: A column for each term that is over, in order.
        year: All terms together; None unless all of them are over.
    """

    terms: tuple[Column, ...]
    year: Column | None


def publish(counts: Mapping[str, Sequence[int]], *, whole: bool = True) -> Published:
    """Turn counts into what may be told of them. Rows stay in their order: nothing is ranked.

    Each figure is rounded down to whole lots. Fewer than five are hidden; where that is one cell of a column, the
    smallest other one is hidden with it. A year is told as at least the lots of its terms, and as more only as far as
    no term is narrowed by that. There are no sums of columns: rows that are no part of each other belong in one table.

    Args:
        counts: By row, the exact number in each term of one year, in order; each row has as many.
        whole: Whether the year is over, so that its terms are all there.

    Raises:
        ValueError: Rows have different numbers of terms, or a count is negative (a bug).
    """
    lengths = {len(row) for row in counts.values()}
    if len(lengths) > 1 or any(count < 0 for row in counts.values() for count in row):
        raise ValueError("counts are of as many terms in each row, and none is negative")
    length = max(lengths, default=0)
    terms = tuple(_column({name: _lot(row[at]) for name, row in counts.items()}) for at in range(length))
    if not whole:
        return Published(terms, None)
    return Published(terms, _column({name: _year(row) for name, row in counts.items()}))


def _lot(count: int) -> int:
    return count - count % LOT


def _year(row: Sequence[int]) -> int:
    """Give a year in lots, from which none of its terms could be told closer than to a lot.

    What was rounded off the terms is told only as far as the others may have lost it: with three terms one lot.
    """
    rounded_off = sum(count % LOT for count in row)
    untold = _MOST_OVER * (len(row) - 1)
    return sum(map(_lot, row)) + _lot(min(rounded_off, max(untold, 0)))


def _column(lots: Mapping[str, int]) -> Column:
    """Hide what is less than a lot, and a second one with it, so that one sum from elsewhere tells neither."""
    hidden = {name for name, lot in lots.items() if lot < LOT}
    left = [name for name in lots if name not in hidden]
    if len(hidden) == 1 and left:
        hidden.add(min(left, key=lambda name: lots[name]))
    return MappingProxyType({name: None if name in hidden else lot for name, lot in lots.items()})


def base(column: Column) -> int:
    """Give about how many there are together: the sum of what is shown, so at most as many as there were."""
    return sum(shown for shown in column.values() if shown is not None)


def shares(column: Column) -> Mapping[str, int] | None:
    """Give the share of each row that is shown, in whole per cent of all that is shown; None below 30.

    They are made of what is told and of nothing else, so they tell no more.
    """
    whole = base(column)
    if whole < RATES_FROM:
        return None
    return {name: round(100 * shown / whole) for name, shown in column.items() if shown is not None}


def halfway(column: Column) -> str | None:
    """Give the row by which, in their order, half of all that is shown is reached; None below 30."""
    whole, reached = base(column), 0
    if whole < RATES_FROM:
        return None
    for name, shown in column.items():
        reached += shown or 0
        if 2 * reached >= whole:
            return name
    return None
