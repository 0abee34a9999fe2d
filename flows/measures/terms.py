"""The terms of a site's year, by the first day of each, and which of them are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

_COMMON: Final = 2001  # no leap year: a term begins on a day that every year has
#: What a site has that gave no terms: three of four months, from September.
DEFAULT: Final = ("09-01", "01-01", "05-01")
MOST: Final = 6


class TermsError(ValueError):
    """First days of terms that cannot be used."""


@dataclass(frozen=True, slots=True)
class Period:
    """A term, from its first day until the day before the next one begins."""

    begin: date
    end: date

    def __contains__(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.begin <= day < self.end


@dataclass(frozen=True, slots=True)
class Year:
    """A year with those of its terms that are over, in order.

    Attributes:
        begin: The first day of its first term.
        terms: Those that are over.
        whole: Whether all are.
    """

    begin: date
    terms: tuple[Period, ...]
    whole: bool

    @property
    def end(self) -> date:
        """The day after the last of its terms that are over; its own first day where none is."""
        return self.terms[-1].end if self.terms else self.begin


@dataclass(frozen=True, slots=True)
class Terms:
    """When terms begin: month and day, the first of them with the year, in the order of a year that begins there."""

    starts: tuple[tuple[int, int], ...]

    def year_of(self, day: date) -> int:
        """Give in which calendar year the year of terms began that a day is in."""
        return day.year - ((day.month, day.day) < self.starts[0])

    def terms_of(self, year: int) -> tuple[Period, ...]:
        """Give all terms of the year that began in a calendar year."""
        first = self.starts[0]
        begins = [date(year + (start < first), *start) for start in self.starts]
        return tuple(Period(begin, end) for begin, end in pairwise((*begins, date(year + 1, *first))))

    def term_of(self, day: date) -> Period:
        """Give the term that a day is in."""
        return next(one for one in self.terms_of(self.year_of(day)) if day in one)

    def year(self, year: int, today: date) -> Year:
        """Give a year with its terms that are over on a day; `year` is the calendar year that it began in."""
        every = self.terms_of(year)
        over = tuple(one for one in every if one.end <= today)
        return Year(every[0].begin, over, len(over) == len(every))

    def latest(self, today: date) -> Year:
        """Give the year of the term that ended last: the present one, or the one before while its first term runs."""
        present = self.year(self.year_of(today), today)
        return present if present.terms else self.year(self.year_of(today) - 1, today)


def read_terms(starts: Sequence[str]) -> Terms:
    """Read the first days of terms, such as "09-01": month and day, the first of them beginning the year.

    Raises:
        TermsError: There are none or more than six, one is no day of every year, or they are not in order.
    """
    try:
        days = [date.fromisoformat(f"{_COMMON}-{one.strip()}") for one in starts]
    except ValueError:
        raise TermsError from None
    found = tuple(dict.fromkeys((day.month, day.day) for day in days))
    in_order = tuple(sorted(found, key=lambda day: (day < found[0], day)))
    if not 1 <= len(starts) <= MOST or len(found) != len(starts) or found != in_order:
        raise TermsError
    return Terms(found)


#: The terms of a site that gave none.
CALENDAR: Final = read_terms(DEFAULT)
