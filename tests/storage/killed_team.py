"""Long work on a team, killed at every point that it reaches: what is there then, and that it goes on to its end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import func, select

from storage.database import instrumentation
from storage.database.schema.cases import wraps
from tests.storage.conftest import School
from tests.storage.killed import fork_alone, killing_at
from tests.storage.test_team import ADA, BEA, CYD
from tests.thoroughness import every

CASES = 45


async def _school(folder: Path) -> tuple[School, Any, Any, Any]:
    school = School(folder)
    await school.open()
    ada = await school.join("Ada Byron", chat=ADA)
    bea = await school.join("Bea Potter", "deputy", chat=BEA)
    return school, ada, bea, await school.join("Cyd Carter", chat=CYD)


async def _suspended(folder: Path) -> School:
    school, ada, bea, cyd = await _school(folder)
    for number in range(CASES):
        await school.send((ada, cyd), (bea,), chat=number)
    shown = (await school.store.leads.rosters.read()).leads[cyd.lead.id].fingerprint
    for one in (ada, bea):
        await school.store.leads.team.shut_out(one, school.arrival(one.address.chat_id), cyd.lead.id, shown)
    await school.store.close()
    return school


async def _unseals(school: School) -> None:
    store = await school.open()
    await store.wrap_removal.run()


async def _all_unsealed(school: School) -> None:
    """Whatever the killed process left is genuine; and once it goes on, all of it is done."""
    store = await school.open()
    assert (await store.watch.verify()).holds
    await store.wrap_removal.run()
    assert (await store.watch.verify()).holds
    assert await _held(store) == 0
    assert not (await store.leads.rosters.read()).waiting.unsealing
    await store.close()


async def _granting(folder: Path) -> School:
    school, ada, bea, cyd = await _school(folder)
    for number in range(CASES):
        await school.send((ada,), (bea,), chat=number)
    await school.send((ada,), (bea,), chat=CASES, excluded=(cyd.lead.id,))
    await school.store.desk.grants.begin(ada, school.arrival(ADA), cyd.lead.id, "all", "She came later.")
    await school.store.close()
    return school


async def _grants(school: School) -> None:
    await school.open()
    ada = await school.unlock("Ada Byron", ADA)
    await _goes_on(school, ada)


async def _goes_on(school: School, ada: Any) -> int:
    granted = 0
    while progress := await school.store.desk.grants.step(ada):
        granted = progress.granted
    return granted


async def _all_granted(school: School) -> None:
    """The same of what was being given; it is told as many as are there, whichever run gave them."""
    store = await school.open()
    assert (await store.watch.verify()).holds
    school.later(minutes=5)
    ada = await school.unlock("Ada Byron", ADA)
    assert await _goes_on(school, ada) in {0, CASES}
    assert (await store.watch.verify()).holds
    assert await _held(store) == CASES
    assert not await store.desk.grants.unfinished()
    await store.close()


async def _held(store: Any) -> int:
    [cyd] = [one for one in (await store.leads.rosters.read()).leads.values() if one.name == "Cyd Carter"]
    async with store._core.read() as connection:
        asked = select(func.count()).select_from(wraps).where(wraps.c.holder == cyd.id, func.length(wraps.c.blob) > 0)
        return int((await connection.execute(asked)).scalar_one())


def _forked(run: Callable[[], Coroutine[Any, Any, None]]) -> int:
    pid = fork_alone()
    if pid == 0:
        code = 1
        try:
            asyncio.run(run())
            code = 0
        except Exception:  # noqa: BLE001 - told by the parent, which sees the code
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _kill_at(number: int) -> None:
    instrumentation.arm(killing_at(number))


#: What is begun, what is killed, and how it has to be afterwards.
Work: TypeAlias = tuple[
    Callable[[Path], Coroutine[Any, Any, School]],
    Callable[[School], Coroutine[Any, Any, None]],
    Callable[[School], Coroutine[Any, Any, None]],
]
WORKS: dict[str, Work] = {
    "suspending": (_suspended, _unseals, _all_unsealed),
    "granting": (_granting, _grants, _all_granted),
}


def kill(work: Work, folder: Path) -> None:
    """Kill a work at points of its commits, on a copy of its own, and look at what is left."""
    begin, run, look = work
    first = folder / "first"
    first.mkdir()
    school = asyncio.run(begin(first))
    for number in count(1, every(12)):
        here = folder / str(number)
        shutil.copytree(first, here)

        async def killed(here: Path = here, number: int = number) -> None:
            _kill_at(number)
            await run(School(here, now=school.now, secrets=school.secrets, updates=5_000))

        code = _forked(killed)
        assert code in {0, -signal.SIGKILL}, code
        asyncio.run(look(School(here, now=school.now, secrets=school.secrets, updates=9_000)))
        shutil.rmtree(here)
        if code == 0:
            print(f"killed at {number - 1} points")
            return


if __name__ == "__main__":
    kill(WORKS[sys.argv[1]], Path(sys.argv[2]))
