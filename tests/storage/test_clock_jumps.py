"""The server's clock is set forward or back: nothing that is kept is lost for it, or done twice, or stays too long."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.values.draft import Draft
from flows.values.ids import SiteId
from storage.values import Address
from storage.values.errors import AlreadySeen

YEAR = timedelta(days=365)
ANN = Address("web", 1)


def a_draft(school: Any) -> Draft:
    return Draft("12_17", "en", SiteId("oakfield"), "a-hash", school.now, school.now)


@dataclass
class Gone:
    """Seconds that nobody can set."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Machine:
    """A school whose clock can be set."""

    school: Any
    gone: Gone

    def passes(self, **span: float) -> None:
        """Let time go by, as it does."""
        self.school.later(**span)
        self.gone.seconds += timedelta(**span).total_seconds()

    async def sweeps(self) -> Any:
        """What the watch loop does every minute."""
        return await self.school.store.watch.sweep()

    async def alerts(self) -> list[str]:
        """The alerts that stand."""
        await self.school.store.fault_alerts.tell()
        return [alert.kind for alert in await self.school.store.alerts.standing()]


@pytest.fixture
async def machine(tmp_path: Path, another_school: Any) -> AsyncIterator[Machine]:
    gone = Gone()
    school = another_school(tmp_path, gone=gone)
    await school.open()
    yield Machine(school, gone)
    await school.store.close()


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1), -YEAR, YEAR], ids=str)
async def test_a_draft_a_case_and_what_was_seen_outlive_a_jump_that_is_put_right(
    machine: Machine, jump: timedelta
) -> None:
    school = machine.school
    ada = await school.join("Ada Lord")
    arrival = school.arrival(1, message_id=7)
    await school.store.drafts.keep(arrival, a_draft(school), "[step]", None)
    sent = await school.send((ada,), chat=2)
    await machine.sweeps()
    school.now += jump
    for _ in range(30):  # half an hour until somebody puts it right
        machine.passes(minutes=1)
        swept = await machine.sweeps()
        assert (swept.drafts, swept.day_keys, swept.marks, swept.messages) == (0, 0, 0, 0)
    assert "clock" in await machine.alerts()
    with pytest.raises(AlreadySeen):
        await school.store.seen(arrival)
    await school.store.drafts.keep(school.arrival(3), a_draft(school), "[step]", None)  # somebody begins meanwhile
    school.now -= jump
    for _ in range(59):
        machine.passes(minutes=1)
        await machine.sweeps()
    # Who began while the clock was a year behind has this hour to go on.
    assert await school.store.drafts.get(Address("web", 3)) is not None
    machine.passes(minutes=2)
    await machine.sweeps()
    assert await school.store.drafts.get(ANN) is not None
    with pytest.raises(AlreadySeen):
        await school.store.seen(arrival)
    assert (await school.store.watch.verify()).cases == 1
    assert await school.store.talks.open(school.arrival(9), sent.words) is not None


@pytest.mark.sqlite_only("the time of the file is the proof of a clock that was right")
async def test_a_year_ahead_and_a_restart_within_it_destroys_nothing_at_once(machine: Machine) -> None:
    school = machine.school
    await school.store.drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    await school.store.close()
    written = (school.folder / "hark.db").stat().st_mtime
    school.now = datetime.fromtimestamp(written, UTC) + YEAR
    await school.open()
    assert (await machine.sweeps()).drafts == 0
    machine.passes(minutes=61)
    assert (await machine.sweeps()).drafts == 1  # it was an outage of a year, then


async def test_what_a_clock_that_was_ahead_has_made_goes_in_its_time_once_it_is_right(machine: Machine) -> None:
    school = machine.school
    school.now += YEAR
    await school.store.drafts.keep(school.arrival(1, message_id=7), a_draft(school), "[step]", None)
    [ahead] = (school.folder / "days").iterdir()
    os.utime(ahead, (school.now.timestamp(),) * 2)
    school.now -= YEAR
    await machine.sweeps()
    machine.passes(minutes=61)
    assert (await machine.sweeps()).drafts == 0
    machine.passes(hours=26)
    assert (await machine.sweeps()).drafts == 1
    machine.passes(hours=72)
    swept = await machine.sweeps()
    assert (swept.day_keys, swept.marks, swept.messages) == (1, 1, 1)


async def test_a_desk_and_a_talk_shut_when_the_clock_is_set_back_behind_them(machine: Machine) -> None:
    school = machine.school
    ada = await school.join("Ada Lord")
    await school.send((ada,), chat=2)
    school.later(seconds=-2)  # put right without a word: nobody notices
    assert school.store.leads.sessions.at(Address("web", 500)) is ada
    assert school.store.talks.at(Address("web", 2)) is not None
    school.now -= YEAR
    assert school.store.talks.at(Address("web", 2)) is None
    assert school.store.leads.sessions.at(Address("web", 500)) is None
    assert not ada.is_open
