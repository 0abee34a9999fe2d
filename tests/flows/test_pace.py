"""Who goes faster than a person writes."""

from __future__ import annotations

from flows.conversation.rate_limit import Pace, Spent, hurries, spend

PACE = Pace(at_once=3, per_second=1.0)


def after(*times: float) -> Spent | None:
    spent = None
    for at in times:
        spent = spend(spent, at, PACE)
    return spent


def test_a_few_at_once_and_then_one_a_second_is_nobodys_hurry() -> None:
    assert not hurries(None, PACE)
    assert not hurries(after(0, 0, 0), PACE)
    assert not hurries(after(0, 0, 0, *range(1, 50)), PACE)


def test_more_is_a_hurry_until_it_is_made_good() -> None:
    hurried = after(0, 0, 0, 0)
    assert hurries(hurried, PACE)
    assert not hurries(spend(hurried, 5, PACE), PACE)


def test_however_long_a_flood_was_it_is_over_soon() -> None:
    flood = after(*(0.0 for _ in range(5_000)))
    assert not hurries(spend(flood, 4, PACE), PACE)


def test_a_clock_that_goes_back_holds_nothing_against_anybody() -> None:
    assert spend(after(100), 0, PACE) == Spent(2.0, 0)
