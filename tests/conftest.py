"""Fixtures for every test: a real headless Chromium, when there is one."""

import os
import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.async_api import Browser

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
