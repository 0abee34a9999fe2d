"""Fixtures for every test: a database on each engine; a real headless Chromium, when there is one; how a run begins."""

import asyncio
import gc
import os
import shutil
import signal
import ssl
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import settings

from tests.roots import context_maker
from tests.thoroughness import EXHAUSTIVE, every

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.newest import Engine
    from tests.postgres import Server

gc.disable()  # until everything is imported

#: The engine alone takes half of the processor time of the whole browser, which serves where there is no other.
_CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# How long an example takes says how busy the machine is; what must be fast is measured by itself.
settings.register_profile("hark", deadline=None, max_examples=100 // every(3))
settings.load_profile("hark")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests marked slow, so that no worker is left alone with one of them at the end of a run.

    A case of a parametrised test that is marked as about the file alone is not run on a server, as with a whole test.
    What is marked exhaustive is left to `make exhaustive`, and so are four of five cases of one test on a server.
    """
    on_server: Counter[str] = Counter()
    items[:] = [item for item in items if not _is_about_the_file(item) and _is_gone_to(item, on_server)]
    if not EXHAUSTIVE:
        items[:] = [item for item in items if item.get_closest_marker("exhaustive") is None]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _is_about_the_file(item: pytest.Item) -> bool:
    return _on_server(item) and item.get_closest_marker("sqlite_only") is not None


def _is_gone_to(item: pytest.Item, on_server: Counter[str]) -> bool:
    """Tell whether an item is a file's, or among every fifth case of its test on a server; it is counted by test."""
    if not _on_server(item):
        return True
    test = item.nodeid.partition("[")[0]
    on_server[test] += 1
    return on_server[test] % every(5) == 1 % every(5)


def _on_server(item: pytest.Item) -> bool:
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return given.get("engine") == "postgresql"


def pytest_configure() -> None:
    """Have an interrupt end the run by a handler of our own, beside which `asyncio.Runner` sets none.

    It would set one for each fixture and test, and at that `signal` writes out the task with what it gave: a whole
    school with every message. That took about a tenth of the time of a test at the desk.
    """
    signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among what was imported, which stays, and seldom among what comes afterwards."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)  # objects; most tests end before there are so many
        gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for an engine on both; on SQLite alone where a mark says that it is about the file."""
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("sqlite_only") is None
        engines = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("engine", engines, ids=engines if both else [""])


@pytest.fixture(scope="session", autouse=True)
def _roots_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", context_maker())
        yield


class _CompiledStatements(dict[tuple[object, ...], object]):
    """Statements as compiled for one kind of database, by all that SQLAlchemy knows them by except the engine."""

    def get(self, key: tuple[object, ...], default: object = None) -> object:
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[object, ...], compiled: object) -> None:
        super().__setitem__(key[1:], compiled)


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Compile each statement once for all stores of this process, as one store does for itself: a tenth of a test."""
    from sqlalchemy import Connection, Engine, event

    compiled: defaultdict[type, _CompiledStatements] = defaultdict(_CompiledStatements)

    def share(connection: Connection) -> None:
        connection.engine._compiled_cache = compiled[type(connection.dialect)]

    event.listen(Engine, "engine_connect", share)
    yield
    event.remove(Engine, "engine_connect", share)


@pytest.fixture
async def database_url(engine: "Engine", tmp_path: Path) -> AsyncIterator[str]:
    """Give the URL of an empty database with the newest schema: `hark.db` in the test's folder, or one of a server."""
    from tests.newest import lay_database
    from tests.postgres import drop_below

    yield await lay_database(tmp_path, engine)
    await drop_below(tmp_path)


@pytest.fixture
async def server() -> "Server":
    """Give the PostgreSQL server of the run."""
    from tests.postgres import shared_server

    return await shared_server()


@pytest.fixture
def _function_scoped_runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    """Run a test with a browser in the loop of the browser, which lives as long as the worker; any other in its own.

    This is the fixture of pytest-asyncio from which it takes the loop of a test and of the fixtures made for it.
    """
    if "browser" not in request.fixturenames:
        yield request.getfixturevalue("_function_scoped_runner")
        return
    runner: asyncio.Runner = request.getfixturevalue("_session_scoped_runner")
    before = asyncio.all_tasks(runner.get_loop())
    yield runner
    runner.run(_cancel(asyncio.all_tasks(runner.get_loop()) - before))


async def _cancel(left: set[asyncio.Task[object]]) -> None:
    """End what a test left running, as the end of a loop of its own would."""
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _chromium() -> AsyncIterator[Callable[[], Awaitable["Browser"]]]:
    """Give the worker's browser: started when it is first asked for, and again when it has died.

    Where there is none the test says that it was skipped; where CI is set, that is a failure.
    """
    if shutil.which(_CHROMIUM) is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium, and CI may not go without")
        pytest.skip("there is no Chromium")
    from playwright.async_api import async_playwright  # most tests never need it

    async with AsyncExitStack() as running:
        playwright = await running.enter_async_context(async_playwright())
        started: list[Browser] = []

        async def browser() -> "Browser":
            if not started or not started[-1].is_connected():
                started.append(await playwright.chromium.launch(executable_path=_CHROMIUM, args=_QUIET))
                running.push_async_callback(started[-1].close)
            return started[-1]

        yield browser


@pytest.fixture
async def browser(_chromium: Callable[[], Awaitable["Browser"]]) -> AsyncIterator["Browser"]:
    """Give a headless Chromium that asks nothing of any other host; profiles that a test leaves in it are closed."""
    browser = await _chromium()
    yield browser
    for context in browser.contexts:
        await context.close()
