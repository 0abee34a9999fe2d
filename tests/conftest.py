"""Fixtures for every test: a database on each engine; a real headless Chromium, when there is one."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.newest import Engine

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for an engine on both; on SQLite alone where a mark says that it is about the file."""
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("sqlite_only") is None
        engines = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("engine", engines, ids=engines if both else [""])


@pytest.fixture
async def database_url(engine: "Engine", tmp_path: Path) -> AsyncIterator[str]:
    """Give the URL of an empty database with the newest schema: `hark.db` in the test's folder, or one of a server."""
    from tests.newest import drop_database, lay_database

    yield await lay_database(tmp_path, engine)
    await drop_database(tmp_path)


@pytest.fixture
async def browser() -> AsyncIterator["Browser"]:
    """Give a headless Chromium that asks nothing of any other host.

    Where there is none the test says that it was skipped; where CI is set, that is a failure.
    """
    if shutil.which(_CHROMIUM) is None:
        if os.environ.get("CI"):
            pytest.fail(f"no browser at {_CHROMIUM}, and CI may not go without")
        pytest.skip(f"no browser at {_CHROMIUM}")
    from playwright.async_api import async_playwright  # most tests never need it

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=_QUIET)
        yield browser
        await browser.close()
