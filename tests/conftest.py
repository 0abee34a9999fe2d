"""Fixtures for every test: a database on each engine; a real headless Chromium, when there is one; how a run begins."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.newest import Engine
    from tests.postgres import Server

_CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
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
settings.register_profile("hark", deadline=None)
settings.load_profile("hark")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests marked slow, so that no worker is left alone with one of them at the end of a run."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while modules are imported, and never again among them: they stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for an engine on both; on SQLite alone where a mark says that it is about the file."""
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("sqlite_only") is None
        engines = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("engine", engines, ids=engines if both else [""])


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
            pytest.fail(f"no browser at {_CHROMIUM}, and CI may not go without")
        pytest.skip(f"no browser at {_CHROMIUM}")
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
