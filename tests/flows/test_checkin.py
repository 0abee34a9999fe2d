"""The weekly check-in: when a site is told, across holidays and changes of the clock, and what a week comes to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.duty.hours import ALWAYS_OPEN, read_hours
from flows.together.checkin import due_week, in_lots, told_at, week_of, week_together
from flows.together.goals import Goal, goal_of
from flows.together.goals import Written as Said
from flows.values.ids import LeadId

WEEK = {day: ["08:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
LONDON = read_hours(WEEK, ["2027-05-31", *[f"2026-12-{day}" for day in range(21, 32)], "2027-01-01"], "Europe/London")
ADA, BEA = LeadId("a"), LeadId("b")
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
TODAY = date(2026, 11, 30)


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{time}+00:00")


def test_it_is_monday_at_eight_by_the_clock_of_the_site_until_that_day_ends() -> None:
    assert due_week(LONDON, at("2026-11-30", "07:59")) is None
    assert due_week(LONDON, at("2026-11-30", "08:00")) == TODAY
    assert due_week(LONDON, at("2026-11-30", "23:59")) == TODAY
    assert due_week(LONDON, at("2026-12-01", "00:00")) is None
    tokyo = read_hours(WEEK, [], "Asia/Tokyo")
    assert due_week(tokyo, at("2026-11-29", "23:00")) == TODAY, "it is Monday there"


def test_summer_time_moves_it_and_a_holiday_puts_it_off() -> None:
    assert told_at(LONDON, date(2027, 3, 22)) == at("2027-03-22", "08:00")
    assert told_at(LONDON, date(2027, 3, 29)) == at("2027-03-29", "07:00")
    assert told_at(LONDON, date(2027, 5, 31)) == at("2027-06-01", "07:00"), "Monday is a holiday"
    assert told_at(LONDON, date(2026, 12, 21)) is None, "nobody is there all week"
    assert due_week(LONDON, at("2026-12-21", "09:00")) is None
    assert told_at(ALWAYS_OPEN, TODAY) == at("2026-11-30", "08:00")


@given(st.integers(0, 4 * 365 * 24 * 60))
def test_a_week_is_due_on_one_day_at_most_and_within_itself(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    week = due_week(LONDON, now)
    assert week is None or week == week_of(LONDON, now)
    days = [now + timedelta(hours=step) for step in range(24 * 7)]
    found = {(due_week(LONDON, one), one.astimezone(tz=None).date()) for one in days if due_week(LONDON, one) == week}
    assert week is None or len({one for one, _ in found}) == 1


def test_counts_of_all_are_whole_lots_of_five() -> None:
    assert [in_lots(count) for count in (0, 1, 4, 5, 9, 10, 14)] == [0, 0, 0, 5, 5, 10, 10]


def goal(name: str, *said: dict[str, object], days_ago: float = 1) -> Goal:
    first = {"kind": "goal", "what": name, "measure": "m", "owner": ADA, "day": "2027-03-26"}
    when = NOW - timedelta(days=days_ago)
    written = [Said(number, ADA, when, one) for number, one in enumerate((first, *said), 1)]
    return goal_of(name, written)


def plan(owner: LeadId, day: str) -> dict[str, object]:
    return {"kind": "plan", "what": "w", "owner": owner, "day": day, "of": 0}


def test_what_a_week_comes_to_own_numbers_exact_and_others_in_lots() -> None:
    late = [plan(BEA, "2026-11-27")] * 6
    goals = [
        goal("still", days_ago=30),
        goal("moved", {"kind": "step", "step": 3}),
        goal("back", {"kind": "step", "step": 3}, {"kind": "step", "step": 5}, days_ago=8),
        goal("reached", {"kind": "step", "step": 5}),
        goal("away", {"kind": "step", "step": 2}, {"kind": "drop"}),
        goal("acted", plan(ADA, "2026-11-30"), plan(ADA, "2026-12-06"), plan(ADA, "2026-12-07"), *late),
        goal("done", plan(ADA, "2026-11-27"), {"kind": "end", "of": 2, "why": ""}, plan(ADA, "2026-11-26")),
    ]
    week = week_together(goals, ADA, TODAY, NOW)
    assert (week.moved, week.goals, [one.what for one in week.reached]) == (2, 5, ["reached"])
    assert (week.own_due, week.own_late) == (2, 1)
    assert (week.done, week.late) == (0, 5)
    others = week_together(goals, BEA, TODAY, NOW)
    assert (others.own_due, others.own_late, others.late) == (0, 6, 5)
