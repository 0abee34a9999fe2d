"""Telegram's pace is kept before Telegram has to ask for it, and nobody else waits for one busy chat."""

from __future__ import annotations

import pytest

from bot.rates import Rate, Rates


class Clock:
    """A clock that waiting moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.now += seconds


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
