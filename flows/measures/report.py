"""The report of a year as data: sections with a sentence and a table each, of which text, CSV, PDF and SVG are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias

from flows.measures.figures import Published
from flows.measures.stats import ASKED, CAME, SAID, SOON, ChartData, YearTables, charts, period
from flows.measures.terms import Period
from flows.values.text import Moment, Text

#: A cell: a label, a number, or None for what is not told.
Cell: TypeAlias = Text | int | None

_NOON: Final = time(12)  # of a day in UTC, which is on the same day nearly everywhere


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a report.

    Attributes:
        title: What it is of.
        chart: Its chart; what it says, in words, is the title of that.
        head: The label of each column.
        rows: Each with as many cells as the head; None is not told.
    """

    title: Text
    chart: ChartData
    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its title, what is counted in it, its sections, and how its numbers were made."""

    title: Text
    scope: Text
    sections: tuple[Section, ...]
    notes: tuple[Text, ...]


COUNTED: Final = Text(
    "Counted are only cases that nobody was kept out of and that are about no adult. "
    "The others stand in a second report, for those who read them.",
    "desk",
)
APART: Final = Text(
    "Counted are only cases that somebody was kept out of, or that are about an adult, and that you can open. "
    "Give it only to somebody who reads them too.",
    "desk",
)
NOTES: Final = (
    Text(
        "Each number is rounded down to fives. Fewer than five, and a second number beside them, are not shown.", "desk"
    ),
    Text("Per cent are of what is shown, from 30 on. More reports may mean more trust: compare no schools.", "desk"),
)
NOT_SHOWN: Final = Text("not shown", "desk")


def day_of(day: date) -> Moment:
    """Give a day of the site's calendar as it is shown."""
    return Moment(datetime.combine(day, _NOON, UTC), "date")


def span(of: Period) -> Text:
    """Give a term or a year in words: its first and its last day."""
    return Text("{first} to {last}", "desk", {"first": day_of(of.begin), "last": day_of(of.end - timedelta(days=1))})


def report_of(tables: YearTables, site: str, *, counted: bool) -> Report:
    """Give the report of a year, with a column for each term that is over and one for all where the year is.

    Args:
        tables: What may be told.
        site: The site's name.
        counted: Whether it is of the cases that are told of to everybody; else of the others.
    """
    said = charts(tables)
    head = _head(tables)
    sections = [
        Section(Text("How soon a human answered", "desk"), said[0], head, _rows(tables.soon, SOON)),
        Section(Text("What came of it", "desk"), said[1], head, _rows(tables.came, CAME)),
    ]
    if tables.asked is not None and tables.felt is not None:
        rows = list(_rows(tables.asked, {"asked": Text("People who were asked", "desk")}))
        for question, table in tables.felt.items():
            labels = {name: _of(ASKED[question], answer) for name, answer in SAID.items()}
            rows += _rows(table, labels)
        sections.append(Section(Text("How people felt", "desk"), said[2], head, tuple(rows)))
    title = Text("{site}: {span}", "desk", {"site": site, "span": span(period(tables.year))})
    return Report(title, COUNTED if counted else APART, tuple(sections), NOTES)


def _of(question: Text, answer: Text) -> Text:
    return Text("{question} {answer}", "desk", {"question": question, "answer": answer})


def _head(tables: YearTables) -> tuple[Text, ...]:
    whole = (Text("The year", "desk"),) if tables.year.whole else ()
    return (Text("Term", "desk"), *(span(term) for term in tables.year.terms), *whole)


def _rows(table: Published, labels: Mapping[str, Text]) -> tuple[tuple[Cell, ...], ...]:
    columns: Sequence[Mapping[str, int | None]] = (*table.terms, *((table.year,) if table.year is not None else ()))
    return tuple((label, *(column[name] for column in columns)) for name, label in labels.items())
