"""Who goes faster than a rate, how long the next one waits, and how long after failures."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as some

from flows.values.bounds import Rate, RateLimiter, Used, backoff, exceeds, take

RATE = Rate(per_second=1.0, burst=3)


def after(*times: float) -> Used | None:
    used = None
    for at in times:
        used = take(used, at, RATE, most=6)
    return used


def test_a_few_at_once_and_then_one_a_second_is_nobodys_hurry() -> None:
    assert not exceeds(None, RATE)
    assert not exceeds(after(0, 0, 0), RATE)
    assert not exceeds(after(0, 0, 0, *range(1, 50)), RATE)


def test_more_is_a_hurry_until_it_is_made_good() -> None:
    hurried = after(0, 0, 0, 0)
    assert exceeds(hurried, RATE)
    assert not exceeds(take(hurried, 5, RATE), RATE)


def test_however_long_a_flood_was_it_is_over_soon() -> None:
    flood = after(*(0.0 for _ in range(5_000)))
    assert not exceeds(take(flood, 4, RATE), RATE)


def test_a_clock_that_goes_back_holds_nothing_against_anybody() -> None:
    assert take(after(100), 0, RATE) == Used(2.0, 0)
    limiter: RateLimiter[str] = RateLimiter(RATE, keys=10)
    for _ in range(4):
        limiter.take("ada", 1_000.0)
    assert limiter.wait("ada", 0.0) == 2.0
    assert limiter.wait("ada", 2.0) == 0.0, "it is counted from then"


@given(some.lists(some.floats(0, 3), min_size=1, max_size=60), some.integers(1, 5), some.sampled_from((0.5, 1.0, 30.0)))
def test_whoever_waits_as_long_as_is_said_keeps_to_the_rate(gaps: list[float], burst: int, per_second: float) -> None:
    limiter, now, went = RateLimiter[str](Rate(per_second, burst), keys=10), 0.0, list[float]()
    for gap in gaps:
        now += gap
        now += max(0.0, limiter.wait("ada", now))
        limiter.take("ada", now)
        went.append(now)
    for first, at in enumerate(went):
        for last in range(first + burst, len(went)):
            assert last - first + 1 <= burst + (went[last] - at) * per_second + 1e-6


def test_nobody_waits_for_another_and_who_was_silent_longest_is_forgotten() -> None:
    limiter: RateLimiter[int] = RateLimiter(Rate(per_second=0.0, burst=1), keys=2)
    assert limiter.wait(1, 0.0) == 0
    limiter.take(1, 0.0)
    assert limiter.wait(1, 1e9) == math.inf
    assert limiter.wait(2, 0.0) == 0
    for key in (2, 3):
        limiter.take(key, 0.0)
    assert len(limiter) == 2
    assert limiter.wait(1, 0.0) == 0


def test_the_wait_after_failures_doubles_up_to_the_longest() -> None:
    assert [backoff(failures, 5, 60) for failures in range(1, 7)] == [5, 10, 20, 40, 60, 60]
    assert backoff(10**9, 0.5, 30) == 30
