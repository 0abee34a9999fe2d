"""What goes wrong with a PostgreSQL server while a crowd writes, and what cuts somebody off in the middle of an act."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import asyncpg

from storage.database.instrumentation import Point
from tests.faults.access_acts import ACCESS_ACTS
from tests.faults.acts import ACTS, Act, Stage
from tests.faults.crowd import Crowd, row, through
from tests.faults.kills import counted, reached_by
from tests.faults.lives import Lives, Strike
from tests.faults.served import Served, served
from tests.faults.table import Row
from tests.faults.together_acts import TOGETHER_ACTS
from tests.newest import Engine

#: Something that goes wrong for a while; it gives how often. Afterwards all is well.
Trouble: TypeAlias = Callable[[Served], Awaitable[int]]

_ROUNDS = 5
_BETWEEN = 0.5  # seconds
_MINUTE = 60.0  # seconds
_SILENCE = 40.0  # seconds; a server that says nothing for so long counts as gone
_LOST = 45.0  # seconds: longer than a server may keep the lock of a session that broke


async def rows(engine: Engine) -> AsyncIterator[Row]:
    """Every trouble, each at a school of its own; of a server alone."""
    if engine == "sqlite":
        return
    for name, trouble in TROUBLES.items():
        with TemporaryDirectory(prefix="hark-faults-") as folder:
            async with served(Path(folder)) as here:
                here.lives.failpoints = False
                await here.lives.begin()
                crowd = Crowd(here.lives)
                told = row(name, *await through(crowd, during(here, trouble)))
                for late in here.refused_late():
                    print(f"  refused too late: {late}", flush=True)
                yield told if all_told_where_to_turn(crowd) and not here.refused_late() else replace(told, lost=1)


async def cuts(engine: Engine) -> AsyncIterator[Row]:
    """Cut a life off at every failpoint of every act, each at a school of its own; of a server alone."""
    if engine == "sqlite":
        return
    for kind in (*ACTS, *ACCESS_ACTS, *TOGETHER_ACTS):
        with TemporaryDirectory(prefix="hark-faults-") as folder:
            async with served(Path(folder)) as here, AsyncExitStack() as tabs:
                await here.lives.begin()
                yield await _cut_everywhere(here, Stage(here.lives, tabs), kind())
    for kind in TOGETHER_ACTS:
        with TemporaryDirectory(prefix="hark-faults-") as folder:
            async with served(Path(folder)) as here, AsyncExitStack() as tabs:
                await here.lives.begin()
                yield await answers_lost_during(here, Stage(here.lives, tabs), kind())


def during(here: Served, trouble: Trouble) -> Callable[[Lives], Awaitable[int]]:
    """A trouble as a crowd takes it; it ends once a turn is committed again."""

    async def fault(_: Lives) -> int:
        times = await trouble(here)
        await here.is_back()
        return times

    return fault


def all_told_where_to_turn(crowd: Crowd) -> bool:
    """Whether everybody who was told that something was not saved was told whom to call, too."""
    return all(map(where_to_turn, crowd.refused))


def where_to_turn(text: str) -> bool:
    """Whether a screen says whom to call."""
    return "call 999" in text and "Childline" in text


async def stopped(here: Served, how: str = "immediate", times: int = _ROUNDS) -> int:
    """Stop the server and start it again."""
    for _ in range(times):
        async with here.stopped(how):
            await here.has_refused()
        await here.is_back()
    await here.has_alerted("database")
    return times


async def vanished(here: Served, seconds: float = _MINUTE) -> int:
    """Stop the server for a while."""
    async with here.stopped():
        await here.has_refused()
        await asyncio.sleep(seconds)
    await here.is_back()
    await here.has_alerted("database")
    return 1


async def silent(here: Served, seconds: float = _MINUTE) -> int:
    """Let nothing through for a while, and tell nobody."""
    with here.unreachable():
        here.relay.passing.clear()
        await asyncio.sleep(seconds)
        here.relay.passing.set()
    await here.is_back()
    if seconds > _SILENCE:
        await here.has_alerted("database")
    return 1


async def cut(strike: str, here: Served, times: int = 4 * _ROUNDS) -> int:
    """Cut every connection, again and again."""
    for _ in range(times):
        await here.strikes[strike]()
        await asyncio.sleep(_BETWEEN)
    return times


async def answers_lost(here: Served, times: int = 4 * _ROUNDS) -> int:
    """Let COMMITs reach the server, and their answers nobody."""
    for lost in range(1, times + 1):
        with here.unreachable():
            await here.lose_answer()
            async with asyncio.timeout(_MINUTE):
                while here.relay.lost < lost:  # noqa: ASYNC110 - people write on
                    await asyncio.sleep(0.02)
    return here.relay.lost


async def undecided(here: Served, times: int = 2) -> int:
    """Let a COMMIT reach the server, its answer nobody, and be away until Hark asks no more what became of it."""
    for _ in range(times):
        await here.leave_undecided()
        await here.has_refused()
        await here.is_back()
    await here.has_alerted("database")
    return times


async def read_only(here: Served, times: int = 2) -> int:
    """Have the server take no changes for a while."""
    for _ in range(times):
        with here.unreachable():
            await _set(here, "default_transaction_read_only = on")
            await here.has_refused()
            await _set(here, "default_transaction_read_only = off")
        await here.is_back()
    await here.has_alerted("database")
    return times


async def _set(here: Served, setting: str) -> None:
    own = "SET default_transaction_read_only = off"  # of the session that changes it
    await here.server.execute(own, f"ALTER SYSTEM SET {setting}", "SELECT pg_reload_conf()")


async def overtaken(here: Served, times: int = 4 * _ROUNDS) -> int:
    """Have the server give up every second transaction of an update, as where another one came in between."""
    for number, state in enumerate(("40001", "40P01"), 1):
        await here.server.execute(
            "CREATE SEQUENCE IF NOT EXISTS overtaken",
            "CREATE OR REPLACE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF nextval('overtaken') % 2 = 1 THEN RAISE EXCEPTION USING ERRCODE = '{state}'; END IF;"
            " RETURN NULL; END $$",
            "CREATE OR REPLACE TRIGGER overtake BEFORE INSERT ON seen FOR EACH STATEMENT EXECUTE FUNCTION overtake()",
            database="hark",
        )
        async with asyncio.timeout(_MINUTE):
            while await _overtaken(here) < number * times:  # noqa: ASYNC110 - people write on
                await asyncio.sleep(0.1)
    await here.server.execute("DROP TRIGGER overtake ON seen", database="hark")
    return await _overtaken(here) // 2


async def _overtaken(here: Served) -> int:
    return int(str(await here.server.value("SELECT last_value FROM overtaken", database="hark")))


async def disk_full(here: Served, times: int = 2) -> int:
    """Have the tables lie on a disk of their own, and fill it; then there is room again."""
    async with _small_disk(here) as small:
        for _ in range(times):
            with here.unreachable():
                await _fill(small)
                await here.has_refused()
                await asyncio.sleep(4 * _BETWEEN)
                (small / "ballast").unlink()
            await here.is_back()
            await here.has_alerted("disk")
    return times


@asynccontextmanager
async def _small_disk(here: Served) -> AsyncIterator[Path]:
    """A disk in memory of 24 MiB, which only root may mount."""
    with TemporaryDirectory(prefix="hark-small-") as name:
        small = Path(name)
        await _run("mount", "-t", "tmpfs", "-o", "size=24m,mode=0777", "tmpfs", name)
        try:
            (small / "tables").mkdir()
            shutil.chown(small / "tables", "nobody")
            await here.server.execute(f"CREATE TABLESPACE small LOCATION '{small / 'tables'}'")
            await _move(here, "small")
            yield small
            await _move(here, "pg_default")
            await here.server.execute("DROP TABLESPACE small")
        finally:
            await _run("umount", "-l", name)


async def _move(here: Served, tablespace: str) -> None:
    """Move all tables and indexes; Hark waits for their locks meanwhile."""
    of = "pg_default" if tablespace == "small" else "small"
    moved = [f"ALTER {kind} ALL IN TABLESPACE {of} SET TABLESPACE {tablespace}" for kind in ("TABLE", "INDEX")]
    await here.server.execute(*moved, database="hark")


async def _fill(small: Path) -> None:
    free = shutil.disk_usage(small).free
    await asyncio.to_thread((small / "ballast").write_bytes, bytes(free))


async def _run(*command: str) -> None:
    await asyncio.to_thread(subprocess.run, command, check=True)


async def lock_lost(here: Served) -> int:
    """End the session that holds the lock: it is taken again. Then have another Hark take it: this one ends."""
    await here.end_sessions()
    await _holds(here, 1)
    await here.end_sessions()
    other = await asyncpg.connect(user="postgres", database="hark", host=str(here.server.folder))
    async with asyncio.timeout(_MINUTE):
        while not await other.fetchval("SELECT pg_try_advisory_lock(4841, 1)"):
            await here.end_sessions()
    await asyncio.wait_for(here.lives.gone.wait(), _LOST)
    assert here.lives.code == 2
    await other.close()
    await here.lives.begin()
    return 2


async def _holds(here: Served, sessions: int) -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 4841 AND objid = 1 AND granted"
    async with asyncio.timeout(_MINUTE):
        while await here.server.value(asked) != sessions:  # noqa: ASYNC110 - the condition is the server's
            await asyncio.sleep(0.1)


#: By what the table calls them.
TROUBLES: Mapping[str, Trouble] = {
    "the server is stopped at once, as if the power had gone": stopped,
    "the server is restarted in order": lambda here: stopped(here, "fast"),
    "the server is away for a minute": vanished,
    "nothing comes through to the server for a minute": silent,
    "every connection to the server is reset": lambda here: cut("reset", here),
    "every session of the server is ended": lambda here: cut("ended", here),
    "the answer to a COMMIT is lost": answers_lost,
    "the answer to a COMMIT is lost, and then the server": undecided,
    "the server takes no changes": read_only,
    "serialization failures and deadlocks": overtaken,
    "the server's disk is full": disk_full,
    "the lock of the database is lost, and taken by another": lock_lost,
}


async def _cut_everywhere(here: Served, stage: Stage, act: Act) -> Row:
    """Cut a life off at every point that an act reaches, in one way after the other."""
    places = dict.fromkeys(point for point, _ in await reached_by(stage, act))
    met = 0
    for point, strike in zip(places, cycle(here.strikes.values())):
        met += await cut_at(stage, act, point, strike)
    return await counted(stage, f"cut off while somebody {act.name}", met)


async def answers_lost_during(here: Served, stage: Stage, act: Act, times: int = 2 * _ROUNDS) -> Row:
    """Do an act, of which the answer to the first COMMIT that writes is lost."""
    for _ in range(times):
        await cut_at(stage, act, "commit.ready", here.lose_answer)
    return await counted(stage, f"the answer to a COMMIT is lost while somebody {act.name}", here.relay.lost)


async def cut_at(stage: Stage, act: Act, point: Point, strike: Strike, over: Strike | None = None) -> bool:
    """Do an act, during which the life is cut off from its database at a point, and goes on; gives if it came there.

    Whoever does the act sees what it leads to, or that it was not saved. `over` waits for the end of a strike that goes
    on beyond that.
    """
    await act.ready(stage)
    async with stage.lives.struck_at(point, strike) as struck:
        await act.do(stage)
    if over is not None:
        await over()
    await stage.anew()
    await act.after(stage)
    return struck.is_set()
