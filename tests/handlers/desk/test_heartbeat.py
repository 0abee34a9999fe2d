"""Silence, a gap and tampering become alerts and end; once a week the leads are told that Hark works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from sqlalchemy import text

from bot.delivery.heartbeat import Heartbeat
from bot.monitoring.health import Pulse, answered, contested
from flows.duty.escalation import beats
from flows.values.ids import Door
from tests.handlers.desk.house import House

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass
class Ward:
    """A heartbeat, and the seconds that its pulse goes by."""

    house: House
    seconds: float = 0.0
    pulse: Pulse = field(init=False)
    heartbeat: Heartbeat = field(init=False)

    def __post_init__(self) -> None:
        self.pulse = Pulse(lambda: self.seconds)
        self.heartbeat = Heartbeat(self.house.store, self.pulse, self.house.clock, lambda: self.seconds)

    def answers(self, door: Door = "telegram") -> None:
        """A door answers a fetch."""
        self.pulse.beat(door)
        self.pulse.beat(answered(door))

    async def standing(self) -> set[str]:
        """What stands after a look."""
        await self.heartbeat.look()
        await self.heartbeat.checked()
        return {alert.kind for alert in await self.house.store.alerts.standing()}


@pytest.fixture
async def ward(house: House) -> AsyncIterator[Ward]:
    made = Ward(house)
    yield made
    await made.heartbeat.checked()


@pytest.mark.parametrize("door", get_args(Door))
async def test_a_door_that_is_silent_for_minutes_is_an_alert_until_it_answers(ward: Ward, door: Door) -> None:
    ward.pulse.beat(door)
    ward.seconds = 299
    assert await ward.standing() == set()
    ward.seconds = 301
    assert await ward.standing() == {"silence"}
    ward.answers(door)
    assert await ward.standing() == set()


@pytest.mark.parametrize("silent", get_args(Door))
async def test_a_door_that_answers_does_not_speak_for_one_that_is_silent(ward: Ward, silent: Door) -> None:
    for door in get_args(Door):
        ward.answers(door)
    ward.seconds = 301
    for door in {*get_args(Door)} - {silent}:
        ward.answers(door)
    assert await ward.standing() == {"silence"}
    assert await ward.standing() == {"silence"}


async def test_only_telegram_forgets_what_was_not_fetched_for_a_day(ward: Ward) -> None:
    ward.answers("web")
    assert await ward.standing() == set()
    assert await ward.house.store.last_runs.at("fetched") is None
    ward.house.clock.pass_(hours=25)
    ward.answers("web")
    assert await ward.standing() == set()


async def test_somebody_else_at_the_same_token_is_one_alert_until_an_hour_was_quiet_also_after_a_restart(
    ward: Ward,
) -> None:
    await ward.house.lead("Ms Khan")
    await ward.house.notices()
    ward.answers()
    assert await ward.standing() == set()
    ward.pulse.beat(contested("telegram"))
    assert await ward.standing() == {"conflict"}
    for _ in range(3):
        ward.seconds += 61
        ward.house.clock.pass_(minutes=10)
        ward.answers()
        assert await ward.standing() == {"conflict"}
        ward.pulse.beat(contested("telegram"))
        assert await ward.standing() == {"conflict"}
    assert [notice.kinds for notice in await ward.house.notices()] == [frozenset({"alert"})]
    again = Ward(ward.house)
    ward.house.clock.pass_(minutes=61)
    again.answers()
    assert await again.standing() == set()


async def test_being_away_for_longer_than_telegram_keeps_updates_is_an_alert_for_three_days(ward: Ward) -> None:
    ward.answers()
    assert await ward.standing() == set()
    ward.house.clock.pass_(hours=25)
    ward.answers()
    assert await ward.standing() == {"gap"}
    ward.house.clock.pass_(hours=1)
    again = Ward(ward.house)
    again.answers()
    assert await again.standing() == {"gap"}
    (alert,) = await ward.house.store.alerts.standing()
    assert alert.times == 1
    for _ in range(4):
        ward.house.clock.pass_(hours=20)
        ward.answers()
        await ward.heartbeat.look()
    assert await ward.standing() == set()


async def test_that_a_notice_was_given_up_stands_for_three_days(ward: Ward) -> None:
    await ward.house.store.alerts.note("undelivered")
    for hours in (71, 2):
        assert await ward.standing() == {"undelivered"}
        ward.house.clock.pass_(hours=hours)
        ward.answers()
    assert await ward.standing() == set()


async def test_a_fetch_that_only_began_does_not_count_as_fetched(ward: Ward) -> None:
    ward.pulse.beat("telegram")
    await ward.heartbeat.look()
    assert await ward.house.store.last_runs.at("fetched") is None


async def test_what_was_changed_from_outside_is_an_alert_within_a_day(ward: Ward) -> None:
    await ward.house.lead("Ms Khan")
    assert await ward.standing() == set()
    async with ward.house.store._core.writer._connections.begin() as connection:
        await connection.execute(text("UPDATE audit SET action = 'other' WHERE number = 1"))
    assert await ward.standing() == set()
    await ward.house.store.last_runs.note(
        "verified"
    )  # whatever stands there, it is the process's own clock that counts
    ward.seconds += 25 * 3600
    assert await ward.standing() == {"tampered"}


async def test_all_is_checked_at_each_start_whenever_it_was_checked_last(ward: Ward) -> None:
    await ward.house.lead("Ms Khan")
    assert await ward.standing() == set()
    async with ward.house.store._core.writer._connections.begin() as connection:
        await connection.execute(text("UPDATE audit SET action = 'other' WHERE number = 1"))
    assert await Ward(ward.house).standing() == {"tampered"}


async def test_the_leads_are_told_once_a_week_that_hark_works(ward: Ward) -> None:
    await ward.house.lead("Ms Khan")
    await ward.heartbeat.look()
    await ward.house.notices()
    ward.house.clock.pass_(days=7)
    await ward.heartbeat.look()
    await ward.heartbeat.look()
    assert [notice.kinds for notice in await ward.house.notices()] == [frozenset({"heartbeat", "digest"})]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (MONDAY - timedelta(hours=1), MONDAY, True),
        (MONDAY, MONDAY + timedelta(days=6, hours=23), False),
        (MONDAY, MONDAY + timedelta(days=7), True),
        (MONDAY - timedelta(days=6), MONDAY - timedelta(minutes=1), False),
        (MONDAY - timedelta(days=8), MONDAY - timedelta(minutes=1), True),
    ],
)
def test_the_weekly_word_is_due_from_monday_morning_on(last: datetime, now: datetime, *, due: bool) -> None:
    assert beats(last, now) is due
