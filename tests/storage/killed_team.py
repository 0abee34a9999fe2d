"""Long work on a team, killed at every point that it reaches: what is there then, and that it goes on to its end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from storage.database import instrumentation
from storage.database.schema.cases import wraps
from tests.storage.conftest import School
from tests.storage.test_team import ADA, BEA, CYD

CASES = 45


async def _begin(folder: Path) -> School:
    school = School(folder)
    await school.open()
    ada = await school.join("Ada Byron", chat=ADA)
    bea = await school.join("Bea Potter", "deputy", chat=BEA)
    cyd = await school.join("Cyd Carter", chat=CYD)
    for number in range(CASES):
        await school.send((ada, cyd), (bea,), chat=number)
    shown = (await school.store.leads.rosters.read()).leads[cyd.lead.id].fingerprint
    for one in (ada, bea):
        await school.store.leads.team.shut_out(one, school.arrival(one.address.chat_id), cyd.lead.id, shown)
    await school.store.close()
    return school


async def _suspends(store: Any) -> None:
    await store.wrap_removal.run()


async def _look(school: School) -> None:
    """Whatever the killed process left is genuine; and once it goes on, all of it is done."""
    store = await school.open()
    assert (await store.watch.verify()).holds
    await store.wrap_removal.run()
    assert (await store.watch.verify()).holds
    [cyd] = [one for one in (await store.leads.rosters.read()).leads.values() if one.name == "Cyd Carter"]
    async with store._core.read() as connection:
        asked = select(func.count()).select_from(wraps).where(wraps.c.holder == cyd.id, func.length(wraps.c.blob) > 0)
        assert (await connection.execute(asked)).scalar_one() == 0
    assert not (await store.leads.rosters.read()).waiting.unsealing
    await store.close()


def _forked(run: Callable[[], Awaitable[None]]) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            asyncio.run(run())  # type: ignore[arg-type]  # it is a coroutine
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _kill_at(number: int) -> None:
    reached = count(1)

    def killed(_: instrumentation.Point) -> None:
        if next(reached) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    instrumentation.arm(killed)


def suspending(folder: Path) -> None:
    """Kill the removal of wraps at each point of each of its commits."""
    first = folder / "first"
    first.mkdir()
    school = asyncio.run(_begin(first))
    for number in count(1):
        here = folder / str(number)
        shutil.copytree(first, here)
        own = School(here, now=school.now)

        async def run(own: School = own, number: int = number) -> None:
            store = await own.open()
            _kill_at(number)
            await _suspends(store)

        code = _forked(run)
        assert code in {0, -signal.SIGKILL}, code
        asyncio.run(_look(School(here, now=school.now)))
        shutil.rmtree(here)
        if code == 0:
            print(f"killed at {number - 1} points")
            return


if __name__ == "__main__":
    {"suspending": suspending}[sys.argv[1]](Path(sys.argv[2]))
