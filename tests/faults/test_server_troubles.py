"""What goes wrong with a PostgreSQL server, and cuts in the middle of an act: shortened. All of it: `make faults`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage.database.instrumentation import Point
from tests.faults import server_troubles as troubles
from tests.faults.acts import Act, Append, Claim, Reply, Send, Stage
from tests.faults.crowd import Crowd, through
from tests.faults.lives import Lives
from tests.faults.people import UNDECIDED
from tests.faults.promises import audit
from tests.faults.served import Served, served
from tests.thoroughness import every

pytestmark = pytest.mark.slow

_PAUSE = 2.0  # seconds between two concerns of one person, while the other tests have the processor
#: Where somebody is cut off from the server while she does something, and how.
CUTS: tuple[tuple[type[Act], Point, str], ...] = (
    (Send, "commit.begun", "reset"),
    (Send, "commit.midway", "ended"),
    (Send, "commit.ready", "stopped at once"),
    (Send, "commit.ready", "number taken"),
    (Send, "commit.done", "reset"),
    (Append, "commit.ready", "ended"),
    (Append, "append.kept", "reset"),
    (Claim, "deed.kept", "ended"),
    (Reply, "commit.ready", "reset"),
)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as here:
        yield here


async def test_nothing_is_lost_or_doubled_whatever_goes_wrong_with_the_server(here: Served) -> None:
    here.lives.failpoints = False
    await here.lives.begin()
    crowd = Crowd(here.lives, pause=_PAUSE)

    async def fault(_: Lives) -> int:
        await troubles.stopped(here, times=1)
        await troubles.vanished(here, seconds=2)
        await troubles.silent(here, seconds=2)
        for strike in ("reset", "ended"):
            await troubles.cut(strike, here, times=3)
        await troubles.answers_lost(here, times=3)
        await troubles.read_only(here, times=1)
        await troubles.overtaken(here, times=2)
        await here.is_back()
        return 1

    _, found = await through(crowd, fault, people=4)
    assert found.good, found
    assert found.cases == len(crowd.promises.concerns)
    assert crowd.refused
    assert here.refused_late() == []
    assert troubles.all_told_where_to_turn(crowd)


async def test_who_is_cut_off_in_the_middle_is_told_what_is_kept_and_what_is_not(here: Served) -> None:
    await here.lives.begin()
    async with AsyncExitStack() as tabs:
        stage = Stage(here.lives, tabs)
        for act, point, strike in CUTS[:: every(3)]:
            assert await troubles.cut_at(stage, act(), point, here.strikes[strike]), f"{act.name} never came to {point}"
        found = await audit(here.lives, stage.promises)
    assert found.good, found
    assert found.cases == len(stage.promises.concerns)


async def test_where_nobody_can_tell_what_became_of_a_commit_no_one_is_told_that_it_was_not_saved(here: Served) -> None:
    await here.lives.begin()
    async with AsyncExitStack() as tabs:
        stage = Stage(here.lives, tabs)
        sealed: tuple[tuple[Append | Send, Point], ...] = ((Append(), "append.sealed"), (Send(), "send.sealed"))
        for act, point in sealed[:: every(2)]:
            assert await troubles.cut_at(stage, act, point, here.leave_undecided, here.has_returned)
            assert act.reporter.person.sees(UNDECIDED), act.reporter.person.screen()
            assert troubles.where_to_turn(act.reporter.person.screen())
        found = await audit(here.lives, stage.promises)
    assert found.good, found
    assert found.cases == len(stage.promises.concerns)
