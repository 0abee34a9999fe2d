"""Until when a case is kept, as examples with their sources; and that nothing open, unread or held may be destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deployment.definition_files import read_definitions
from flows.cases.retention import (
    NOTICE,
    ClosedRecord,
    Standing,
    blocks,
    is_to_be_told,
    keep_until,
    next_month,
    read_birth,
    read_date,
    youngest,
)
from flows.cases.triage import OUTCOMES
from flows.drafts.rulebook import assemble
from flows.loading.retention import read_retention
from flows.loading.source_lines import DefinitionError

TEXTS = read_definitions()
RULES = read_retention(TEXTS["retention.toml"])
CLOSED = date(2026, 11, 23)


def record(**known: Any) -> ClosedRecord:
    plain: dict[str, Any] = {"categories": frozenset({"neglect"}), "outcome": "early_help", "adult": False}
    return ClosedRecord(**{**plain, "sent_year": 2026, **known})


#: What is known · until when it is kept · of which kind · the words of the source that say so.
EXAMPLES: tuple[tuple[Mapping[str, Any], date | None, str, str], ...] = (
    ({"child_born": 2014}, date(2040, 1, 1), "child_file", "date of birth + 25 years"),
    ({"youngest": 12}, date(2040, 1, 1), "child_file", "date of birth + 25 years"),
    ({}, date(2052, 1, 1), "child_file", "date of birth + 25 years"),
    ({"outcome": "unsubstantiated"}, date(2052, 1, 1), "unsubstantiated", "as the child's file"),
    ({"categories": {"abuse.sexual"}}, date(2101, 12, 1), "sexual_abuse", "75 years"),
    ({"categories": {"abuse.sexual", "neglect"}, "child_born": 2014}, date(2101, 12, 1), "sexual_abuse", "75 years"),
    ({"adult": True, "child_born": 2014}, date(2077, 1, 1), "allegation", "normal pension age"),
    ({"adult": True, "adult_born": 1990, "child_born": 2014}, date(2059, 1, 1), "allegation", "normal pension age"),
    ({"adult": True, "adult_born": 1955, "child_born": 2009}, date(2036, 12, 1), "allegation", "10 years"),
    ({"categories": {"staff_conduct.low_level"}, "adult": True}, None, "low_level", "until the individual leaves"),
    ({"outcome": "low_level_logged"}, None, "low_level", "until the individual leaves"),
)


@pytest.mark.parametrize(("known", "until", "kind", "source"), EXAMPLES)
def test_a_case_is_kept_for_the_longest_of_its_kinds(
    known: Mapping[str, Any], until: date | None, kind: str, source: str
) -> None:
    kept = keep_until(RULES, record(**known), CLOSED)
    assert (kept.until, kept.kind.name) == (until, kind)
    assert source in kept.kind.source


def test_every_kind_has_an_example_a_source_and_a_grade() -> None:
    assert {kind.name for kind in RULES.kinds} == {kind for _, _, kind, _ in EXAMPLES}
    told = [(one.source, one.grade) for one in RULES.kinds] + [(one.source, one.grade) for one in RULES.others]
    assert all(source and grade in {"V", "M"} for source, grade in told)


def test_categories_and_outcomes_of_the_file_are_those_that_there_are() -> None:
    categories = assemble(TEXTS).categories
    known = {*categories.codes, *categories.group_ids(), *OUTCOMES, "yes"}
    text = TEXTS["retention.toml"]
    named = {word for line in text.splitlines() if line.startswith("when") for word in line.split('"')[1::2]}
    assert named <= known


@pytest.mark.parametrize(
    ("register", "chosen", "age"),
    [
        ("12_17", {"C6": ("me",)}, 12),
        ("12_17", {}, 0),
        ("12_17", {"C6": ("me", "friend")}, 0),
        ("under_12", {"C6": ("me",)}, 0),
        ("12_17", {"C6": ("friend",), "C6a": ("6_11",)}, 6),
        ("parent", {"P4a": ("12_17",)}, 12),
        ("parent", {"P4a": ("not_sure",)}, 0),
        ("staff", {}, 0),
    ],
)
def test_what_is_not_known_of_an_age_makes_the_child_younger(register: Any, chosen: Any, age: int) -> None:
    assert youngest(register, chosen) == age


def test_a_site_has_numbers_of_its_own() -> None:
    rules = RULES.with_years({"child_file": 30, "nothing": 1})
    assert keep_until(rules, record(child_born=2014), CLOSED).until == date(2045, 1, 1)
    assert keep_until(RULES, record(child_born=2014), CLOSED).until == date(2040, 1, 1)


@pytest.mark.parametrize(
    ("overlay", "line"),
    [
        ("[kind.child_file]\nyears = 0\n", 1),
        ("[kind.child_file]\nyears = 151\n", 1),
        ('[kind.child_file]\nyears = "25"\n', 1),
        ('[kind.child_file]\nfrom = "moon"\n', 1),
        ("\n[kind.child_file]\nkept = 3\n", 2),
        ('[kind.new]\nlabel = "new"\nfrom = "closing"\nyears = 3\n', 1),
    ],
)
def test_an_overlay_that_cannot_be_used_is_refused_with_its_line(overlay: str, line: int) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_retention(TEXTS["retention.toml"], overlay, "own.toml")
    assert (refused.value.file, refused.value.line) == ("own.toml", line)


def test_an_overlay_changes_what_it_names_and_nothing_else() -> None:
    own = read_retention(TEXTS["retention.toml"], "[kind.child_file]\nyears = 31\n", "own.toml")
    assert [kind.name for kind in own.kinds] == [kind.name for kind in RULES.kinds]
    assert keep_until(own, record(child_born=2014), CLOSED).until == date(2046, 1, 1)


_ABOUT = st.sampled_from(("adult", "child"))
_DAYS = st.dates(date(2020, 1, 1), date(2100, 12, 31))


@given(_DAYS, st.integers(0, 17), st.sampled_from(sorted(OUTCOMES)), _ABOUT, st.none() | st.integers(1990, 2020))
def test_what_is_known_only_ever_makes_it_shorter(
    closed: date,
    age: int,
    outcome: str,
    about: str,
    born: int | None,
) -> None:
    unknown = record(outcome=outcome, adult=about == "adult", sent_year=closed.year)
    known = record(outcome=outcome, adult=about == "adult", sent_year=closed.year, youngest=age, child_born=born)
    longest, shorter = (keep_until(RULES, one, closed).until for one in (unknown, known))
    assert (longest is None) is (shorter is None)
    if longest is not None and shorter is not None and (born is None or born <= closed.year):
        assert next_month(closed) <= shorter <= longest
        assert shorter.day == 1


_TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
_CASES = st.builds(
    Standing,
    is_open=st.booleans(),
    unread=st.booleans(),
    clock_runs=st.booleans(),
    held=st.booleans(),
    until=st.none() | _TIMES,
    told=st.none() | _TIMES,
    early=st.booleans(),
)


@given(_CASES, _TIMES)
def test_nothing_unread_open_running_or_held_is_ever_destroyed(case: Standing, now: datetime) -> None:
    if blocks(case, now):
        return
    assert (case.is_open, case.unread, case.clock_runs, case.held) == (False,) * 4
    assert case.told is not None
    assert case.told + NOTICE <= now
    assert case.early or (case.until is not None and case.until <= now)


@given(_CASES, _TIMES)
def test_whoever_is_told_was_told_a_week_before_it_can_be_destroyed(case: Standing, now: datetime) -> None:
    if is_to_be_told(case, now):
        assert blocks(case, now)
        told = Standing(False, False, False, False, case.until, now, case.early)  # noqa: FBT003 - as it is then
        assert blocks(told, now + NOTICE - timedelta(seconds=1))
        assert not blocks(told, now + NOTICE)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2051-02", date(2051, 2, 1)), (" 2051-2 ", date(2051, 2, 1)), ("2051-13", None), ("51-02", None), ("x", None)],
)
def test_a_month_is_read_as_it_is_typed(typed: str, day: date | None) -> None:
    assert read_date(typed) == day


def test_a_year_of_birth_is_one_of_somebody_who_can_be_alive() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert [read_birth(typed, now) for typed in ("born 2014", "Born  2026", "born 2027", "born 1800", "2014")] == [
        2014,
        2026,
        None,
        None,
        None,
    ]


def test_rules_without_a_kind_for_every_case_are_refused() -> None:
    for overlay in (None, '[kind.child_file]\nwhen = { outcome = "police" }\n'):
        with pytest.raises(DefinitionError):
            read_retention("" if overlay is None else TEXTS["retention.toml"], overlay)
