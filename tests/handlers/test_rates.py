"""Telegram's pace is kept before Telegram has to ask for it, nobody else waits for one busy chat, and what is urgent
goes first.
"""

from __future__ import annotations

import asyncio

import pytest

from flows.values.bounds import Rate
from handlers.telegram.rate_limits import Rates


class Clock:
    """A clock that waiting moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


class Crowd:
    """Many who want to speak at the same moment, each in a chat of their own, and when each of them went."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rates = Rates(clock, clock.wait)
        self.went: list[tuple[int, float]] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, *chats: int, urgent: bool = False) -> None:
        self.tasks += [asyncio.create_task(self._one(chat, urgent=urgent)) for chat in chats]
        await asyncio.sleep(0)

    async def all_went(self) -> None:
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def after(self, chat: int) -> float:
        """Seconds until a chat's message went."""
        return dict(self.went)[chat] - 100

    async def _one(self, chat: int, *, urgent: bool) -> None:
        await self.rates.admit(chat, urgent=urgent)
        self.went.append((chat, self.clock.now))


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_chat_gets_a_few_at_once_and_then_one_a_second(clock: Clock) -> None:
    rates, went = Rates(clock, clock.wait), []
    for _ in range(8):
        await rates.admit(1)
        went.append(round(clock.now - 100, 3))
    assert went == [0, 0, 0, 0, 0, 1, 2, 3]


async def test_another_chat_does_not_wait_for_it(clock: Clock) -> None:
    rates = Rates(clock, clock.wait)
    for _ in range(8):
        await rates.admit(1)
    before = clock.now
    await rates.admit(2)
    assert clock.now == before


async def test_over_all_it_keeps_to_thirty_a_second(clock: Clock) -> None:
    rates = Rates(clock, clock.wait)
    for chat in range(330):
        await rates.admit(chat)
    assert clock.now - 100 == pytest.approx(10, abs=0.1)


async def test_who_was_quiet_may_speak_at_once_again(clock: Clock) -> None:
    rates = Rates(clock, clock.wait, chat=Rate(1.0, 2))
    for _ in range(5):
        await rates.admit(1)
    clock.now += 10
    before = clock.now
    await rates.admit(1)
    await rates.admit(1)
    assert clock.now == before


async def test_ten_thousand_chats_are_not_all_remembered(clock: Clock) -> None:
    rates = Rates(clock, clock.wait)
    for chat in range(10_000):
        await rates.admit(chat)
    assert len(rates._chats) == 5_000


async def test_behind_a_thousand_answers_a_help_screen_goes_within_a_second_and_the_limit_holds(clock: Clock) -> None:
    crowd = Crowd(clock)
    await crowd.come(*range(1_000))
    await crowd.come(5_000, urgent=True)
    await crowd.all_went()
    assert crowd.after(5_000) <= 1
    assert crowd.after(999) == pytest.approx((1_001 - 30) / 30, abs=0.1)
    assert [chat for chat, _ in crowd.went if chat != 5_000] == list(range(1_000)), "the others in the order they came"
    times = [at for _, at in crowd.went]
    assert all(later - at >= (60 - 30) / 30 - 1e-6 for at, later in zip(times, times[60:], strict=False))


async def test_whoever_is_not_urgent_goes_all_the_same_while_urgent_ones_never_end(clock: Clock) -> None:
    crowd = Crowd(clock)
    await crowd.come(*range(40))
    await crowd.come(*range(1_000, 1_400), urgent=True)
    await crowd.all_went()
    assert crowd.after(39) == pytest.approx(10 * 4 / 30, abs=0.2), "one of four"


async def test_what_waits_for_a_chat_is_hurried_by_something_urgent_behind_it(clock: Clock) -> None:
    crowd = Crowd(clock)
    await crowd.come(*range(1_000))
    crowd.rates.hurry(900)
    await crowd.all_went()
    assert crowd.after(900) <= 1
    assert len(crowd.went) == 1_000


async def test_whoever_gives_up_takes_no_place_and_holds_nobody_up(clock: Clock) -> None:
    crowd = Crowd(clock)
    await crowd.come(*range(1_000))
    for task in crowd.tasks[30:900]:
        task.cancel()
    await crowd.all_went()
    assert clock.now - 100 == pytest.approx((130 - 30) / 30, abs=0.1)


async def test_a_chat_whose_message_waited_for_others_still_keeps_its_own_pace(clock: Clock) -> None:
    crowd = Crowd(clock)
    await crowd.come(*range(600))
    await crowd.all_went()
    went = []
    for _ in range(6):
        await crowd.rates.admit(599)
        went.append(clock.now)
    assert went[-1] - went[0] >= 1
