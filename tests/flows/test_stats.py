"""Charts and reports as data: each sentence, what is counted where, and figures of nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.cases.triage import GROUPS, OUTCOMES
from flows.measures.box import Felt, Question
from flows.measures.report import APART, COUNTED, report_of
from flows.measures.stats import BoxFigures, CaseFigure, ChartData, charts, period, tables_of
from flows.measures.terms import CALENDAR, Period, Year
from flows.values.text import Text
from tests.handlers.world import translators

LONDON = ZoneInfo("Europe/London")
WHOLE = CALENDAR.year(2025, date(2026, 9, 1))
FIRST = CALENDAR.year(2025, date(2026, 1, 1))
AT = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)
NOBODY: Mapping[tuple[Question, Felt], int] = {}


COUNTS = True


def cases(count: int, waited: timedelta, at: datetime = AT, outcome: str = "support_in_house") -> list[CaseFigure]:
    return [CaseFigure(COUNTS, at, at + waited, at + timedelta(days=9), outcome)] * count


def said(year: Year, found: list[CaseFigure], box: BoxFigures | None = None) -> list[str]:
    return [translators()["en"].say(chart.title) for chart in charts(tables_of(found, box, year, LONDON))]


def test_half_is_told_from_thirty_on() -> None:
    quick, slow = timedelta(minutes=40), timedelta(days=5)
    assert said(FIRST, cases(25, quick) + cases(10, slow))[0] == "Half of all human answers came within an hour."
    assert (
        said(FIRST, cases(10, quick) + cases(25, slow))[0] == "Half of all human answers took longer than three days."
    )
    assert said(FIRST, cases(10, quick) + cases(6, slow))[0] == (
        "Of about 15 human answers: within an hour: about 10 and later: about 5."
    )


def test_outcomes_are_told_in_their_order_and_in_per_cent_from_thirty_on() -> None:
    day = timedelta(hours=2)
    found = cases(6, day, outcome="police") + cases(9, day)
    assert said(FIRST, found)[1] == "What came of about 10 cases: Helped here: about 5 and Passed on: about 5."
    found = cases(11, day, outcome="police") + cases(34, day)
    assert said(FIRST, found)[1] == "What came of about 40 cases: Helped here: 75 % and Passed on: 25 %."
    assert {name for group in GROUPS.values() for name in group.outcomes} == OUTCOMES.keys()


def test_figures_of_nothing_and_of_too_few_are_the_same_sentences_without_a_chart() -> None:
    box = BoxFigures((0,), (NOBODY,))
    few = BoxFigures((4,), ({("C24", "no"): 4},))
    nothing = [
        "There were too few human answers to tell how soon they came.",
        "Too few cases were closed to tell what came of them.",
        "Too few people have said how it was for them.",
    ]
    assert said(FIRST, [], box) == said(FIRST, cases(4, timedelta(hours=1)), few) == nothing
    assert all(chart.is_empty for chart in charts(tables_of([], box, FIRST, LONDON)))
    assert said(FIRST, []) == nothing[:2]


def test_how_people_felt_is_told_with_how_many_were_asked() -> None:
    letters: Mapping[tuple[Question, Felt], int] = {("C24", "yes"): 12, ("C24", "a_bit"): 6, ("C24a", "no"): 5}
    found = BoxFigures((23,), (letters,))
    assert said(FIRST, [], found)[2] == (
        "About 20 people were asked. Did you feel listened to? Yes: about 10. Do you feel safer? No: about 5."
    )
    [_, _, chart] = charts(tables_of([], found, FIRST, LONDON))
    assert [shown for _, shown, _ in chart.bars] == [10, None, None, None, None, 5]  # a bit: hidden with no


def test_an_answer_counts_when_it_came_and_an_outcome_when_the_case_was_closed_by_the_clock_of_the_site() -> None:
    # Half past midnight in London, still the day before in UTC: another term.
    late = datetime(2026, 4, 30, 23, 30, tzinfo=UTC)
    found = [CaseFigure(COUNTS, late - timedelta(hours=2), late, late + timedelta(days=140), "health")] * 5
    tables = tables_of(found, None, WHOLE, LONDON)
    assert [column["day"] for column in tables.soon.terms] == [None, None, 5]
    assert [column["passed_on"] for column in tables.came.terms] == [None, None, None]  # closed in the year after
    assert tables.soon.year is not None


@pytest.mark.parametrize(
    ("waited", "band"),
    [(0, "hour"), (60, "hour"), (61, "day"), (24 * 60, "day"), (24 * 60 + 1, "three_days"), (3 * 24 * 60 + 1, "later")],
)
def test_bands_take_what_is_exactly_as_long(waited: int, band: str) -> None:
    tables = tables_of(cases(10, timedelta(minutes=waited)), None, FIRST, LONDON)
    assert {name: shown for name, shown in tables.soon.terms[0].items() if shown} == {band: 10}


def test_charts_are_of_the_year_once_it_is_over_and_else_of_the_last_term() -> None:
    assert period(WHOLE) == Period(date(2025, 9, 1), date(2026, 9, 1))
    assert period(FIRST) == Period(date(2025, 9, 1), date(2026, 1, 1))


def test_the_report_has_a_column_for_each_term_that_is_over_and_says_what_is_counted() -> None:
    box = BoxFigures((7, 0, 5), ({("C24", "yes"): 7}, NOBODY, NOBODY))
    tables = tables_of(cases(12, timedelta(hours=1)), box, WHOLE, LONDON)
    whole = report_of(tables, "Oakfield", counted=True)
    assert whole.scope == COUNTED
    assert [len(section.head) for section in whole.sections] == [5, 5, 5]
    assert all(len(row) == 5 for section in whole.sections for row in section.rows)
    assert whole.sections[2].rows[0][1:] == (5, None, 5, 10)
    begun = report_of(tables_of([], None, FIRST, LONDON), "Oakfield", counted=False)
    assert begun.scope == APART
    assert [len(section.head) for section in begun.sections] == [2, 2]


def test_a_chart_is_empty_only_where_nothing_of_it_is_shown() -> None:
    assert ChartData(Text("x"), ()).is_empty
    assert not ChartData(Text("x"), ((Text("a"), None, None), (Text("b"), 5, None))).is_empty
