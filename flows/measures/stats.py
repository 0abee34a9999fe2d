"""Three charts of a year or a term: how soon a human answered, what came of it, how people felt; as data and sentences.

Every number in them was made by `figures.publish`. Pictures are drawn elsewhere, of the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal, TypeAlias, get_args

from flows.cases.triage import GROUPS
from flows.measures.box import FELT, QUESTIONS, Felt, Question, told
from flows.measures.figures import Column, Published, base, halfway, publish, shares
from flows.measures.terms import Period, Year
from flows.values.text import Listed, Text

#: How long it took until a human answered; the next longer one comes after it.
Band: TypeAlias = Literal["hour", "day", "three_days", "later"]
BANDS: Final[tuple[Band, ...]] = get_args(Band)
_WITHIN: Final[Mapping[Band, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "three_days": timedelta(days=3),
}


def desk(msgid: str, **args: int | Text | Listed) -> Text:
    """A sentence for leads."""
    return Text(msgid, "desk", args)


SOON: Final[Mapping[str, Text]] = {
    "hour": desk("within an hour"),
    "day": desk("within a day"),
    "three_days": desk("within three days"),
    "later": desk("later"),
}
CAME: Final[Mapping[str, Text]] = {name: group.label for name, group in GROUPS.items()}
SAID: Final[Mapping[str, Text]] = {"yes": desk("Yes"), "a_bit": desk("A bit"), "no": desk("No")}
ASKED: Final[Mapping[Question, Text]] = {
    "C24": desk("Did you feel listened to?"),
    "C24a": desk("Do you feel safer?"),
}


@dataclass(frozen=True, slots=True)
class CaseFigure:
    """What is counted of one case, by its header; times are aware.

    Attributes:
        counted: Whether it is among those that figures are told of to everybody (`counted.py`).
        sent: When it was sent.
        answered: When a human answered first; None where nobody has, or where that is not known.
        closed: When it was closed; None while it is open.
        outcome: What came of it, by its code.
    """

    counted: bool
    sent: datetime
    answered: datetime | None = None
    closed: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class BoxFigures:
    """What the boxes of some terms tell, exact: how many were asked, and how many gave each answer, by term."""

    asked: tuple[int, ...]
    felt: tuple[Mapping[tuple[Question, Felt], int], ...]


@dataclass(frozen=True, slots=True)
class YearTables:
    """What may be told of a year: each table with a column for each of its terms that are over, and one for all.

    `asked` and `felt` are None for who opens no box.
    """

    year: Year
    soon: Published
    came: Published
    asked: Published | None
    felt: Mapping[Question, Published] | None


#: A label, how many (None: not told), and its share in whole per cent (None: not told).
Bar: TypeAlias = tuple[Text, int | None, int | None]


@dataclass(frozen=True, slots=True)
class ChartData:
    """One chart: a sentence that tells all of it, and its bars from the top down.

    Attributes:
        title: The sentence.
        bars: What is counted.
        headline: A shorter sentence that stands above the bars in a picture, where letters have to be large.
        drawn: The bars of the picture, where these are not all of them.
    """

    title: Text
    bars: tuple[Bar, ...]
    headline: Text | None = None
    drawn: tuple[Bar, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw, so that only the sentence is shown."""
        return all(shown is None for _, shown, _ in self.bars)


def tables_of(cases: Iterable[CaseFigure], box: BoxFigures | None, year: Year, zone: tzinfo) -> YearTables:
    """Count the cases of a year and turn the counts into what may be told.

    Answers are counted in the term in which they came, and outcomes in the one in which the case was closed: so no two
    tables have rows that add up to the same number (decision 38).

    Args:
        cases: Those that are to be counted.
        box: What the boxes of the year's terms that are over tell, in order; None for who opens none.
        year: With its terms that are over.
        zone: The site's.
    """
    soon: dict[str, list[int]] = {band: [0] * len(year.terms) for band in BANDS}
    came: dict[str, list[int]] = {group: [0] * len(year.terms) for group in GROUPS}
    for case in cases:
        if case.answered is not None and (term := _term(year, case.answered, zone)) is not None:
            soon[_band(case.answered - case.sent)][term] += 1
        if case.closed is not None and (term := _term(year, case.closed, zone)) is not None:
            group = next((name for name, one in GROUPS.items() if case.outcome in one.outcomes), None)
            if group is not None:
                came[group][term] += 1
    asked, felt = None, None
    if box is not None:
        asked = publish({"asked": box.asked}, whole=year.whole)
        felt = {question: publish(_felt(box, question), whole=year.whole) for question in QUESTIONS}
    return YearTables(year, publish(soon, whole=year.whole), publish(came, whole=year.whole), asked, felt)


def _felt(box: BoxFigures, question: Question) -> Mapping[str, Sequence[int]]:
    by_term = [told(letters, question) for letters in box.felt]
    return {felt: [one[felt] for one in by_term] for felt in FELT}


def _term(year: Year, at: datetime, zone: tzinfo) -> int | None:
    day = at.astimezone(zone).date()
    return next((number for number, term in enumerate(year.terms) if day in term), None)


def _band(waited: timedelta) -> Band:
    return next((band for band, longest in _WITHIN.items() if waited <= longest), "later")


def period(year: Year) -> Period:
    """Give what charts are of: the year where it is over, else its last term that is.

    Raises:
        IndexError: No term of it is over (a bug: see `Terms.latest`).
    """
    return Period(year.begin, year.end) if year.whole else year.terms[-1]


def charts(tables: YearTables) -> tuple[ChartData, ...]:
    """Give the charts of a year that is over, else of its last term: soon, came and, for who opens the box, felt."""
    soon, came = _last(tables.soon), _last(tables.came)
    found = [
        ChartData(_soon_sentence(soon), _bars(soon, SOON)),
        ChartData(_came_sentence(came), _bars(came, CAME), _came_headline(came)),
    ]
    if tables.asked is not None and tables.felt is not None:
        asked = _last(tables.asked)["asked"]
        columns = {question: _last(table) for question, table in tables.felt.items()}
        bars = tuple(
            (desk("{question} {answer}", question=ASKED[question], answer=label), shown, share)
            for question, column in columns.items()
            for label, shown, share in _bars(column, SAID)
        )
        first = columns[QUESTIONS[0]]
        found.append(ChartData(_felt_sentence(asked, columns), bars, _felt_headline(first), _bars(first, SAID)))
    return tuple(found)


def _last(table: Published) -> Column:
    return table.terms[-1] if table.year is None else table.year


def _bars(column: Column, labels: Mapping[str, Text]) -> tuple[Bar, ...]:
    share = shares(column) or {}
    return tuple((labels[name], shown, share.get(name)) for name, shown in column.items())


def _soon_sentence(column: Column) -> Text:
    whole, half = base(column), halfway(column)
    if not whole:
        return desk("There were too few human answers to tell how soon they came.")
    if half == "later":
        return desk("Half of all human answers took longer than three days.")
    if half is not None:
        return desk("Half of all human answers came {when}.", when=SOON[half])
    return desk("Of about {count} human answers: {answers}.", count=whole, answers=_listed(column, SOON))


def _came_sentence(column: Column) -> Text:
    whole = base(column)
    if not whole:
        return desk("Too few cases were closed to tell what came of them.")
    return desk("What came of about {count} cases: {outcomes}.", count=whole, outcomes=_listed(column, CAME))


def _came_headline(column: Column) -> Text | None:
    """The largest part, where there is one."""
    bars = [bar for bar in _bars(column, CAME) if bar[1] is not None]
    most = max((shown for _, shown, _ in bars if shown is not None), default=0)
    largest = [bar for bar in bars if bar[1] == most]
    if len(largest) != 1:
        return desk("What came of about {count} cases", count=base(column)) if bars else None
    (label, _, share), count = largest[0], base(column)
    if share is None:
        return desk("Of about {count} cases most often: {outcome}", count=count, outcome=label)
    return desk("Of about {count} cases, {share} %: {outcome}", count=count, share=share, outcome=label)


def _felt_headline(column: Column) -> Text | None:
    count, share = base(column), (shares(column) or {}).get("yes")
    if not count:
        return None
    if share is None:
        return desk("How listened to about {count} people felt", count=count)
    return desk("Of about {count} people, {share} % felt listened to", count=count, share=share)


def _felt_sentence(asked: int | None, columns: Mapping[Question, Column]) -> Text:
    if asked is None or not any(map(base, columns.values())):
        return desk("Too few people have said how it was for them.")
    said = [
        desk("{question} {answers}.", question=ASKED[question], answers=_listed(column, SAID))
        for question, column in columns.items()
        if base(column)
    ]
    if len(said) == 1:
        return desk("About {count} people were asked. {answer}", count=asked, answer=said[0])
    return desk("About {count} people were asked. {answer} {other}", count=asked, answer=said[0], other=said[1])


def _listed(column: Column, labels: Mapping[str, Text]) -> Listed:
    """Give what is shown of a column in its order, in per cent where that may be told."""
    named = []
    for label, shown, share in _bars(column, labels):
        if share is not None:
            named.append(desk("{label}: {share} %", label=label, share=share))
        elif shown is not None:
            named.append(desk("{label}: about {count}", label=label, count=shown))
    return Listed(tuple(named))
