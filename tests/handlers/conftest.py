"""One Hark for each test, with two leads who can read, on files of its own.

aiogram is imported lightly, as the program imports it, before any test imports it.
"""

# ruff: noqa: E402 - see above

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from bot.updates.lazy_aiogram import import_aiogram

import_aiogram()

from aiogram.dispatcher.event.handler import CallableObject

from tests.handlers.messenger import Person
from tests.handlers.world import World


@pytest.fixture(scope="session", autouse=True)
def _signatures_read_once() -> Iterator[None]:
    """Have aiogram look once at what a function takes, not for each of the six hundred that a new Hark registers."""
    look, seen = CallableObject.__post_init__, dict[CodeType, tuple[bool, set[str], bool]]()

    def look_once(found: CallableObject) -> None:
        called = found.callback
        if not isinstance(called, FunctionType) or hasattr(called, "__wrapped__"):
            look(found)
            return
        if called.__code__ not in seen:
            look(found)
            seen[called.__code__] = found.awaitable, found.params, found.varkw
        found.awaitable, found.params, found.varkw = seen[called.__code__]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CallableObject, "__post_init__", look_once)
        yield


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a school with three leads, made once and copied for each test."""
    where = tmp_path_factory.mktemp("staffed")
    asyncio.run(_staff(World(where)))
    return where


@pytest.fixture(scope="session")
def staffed_on_server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with its database on a PostgreSQL server."""
    where = tmp_path_factory.mktemp("staffed_on_server")
    asyncio.run(_staff(World(where, engine="postgresql")))
    return where


async def _staff(world: World) -> None:
    await world.start()
    await world.joined("Grace Okafor", "lead", "Designated safeguarding lead")
    await world.joined("Tom Bell", "deputy", "Deputy head")
    await world.joined("Helen Marsh", "head", "Headteacher")
    await world.store.close()


@pytest.fixture
async def world(staffed: Path, tmp_path: Path) -> AsyncIterator[World]:
    where = tmp_path / "hark"
    shutil.copytree(staffed, where)
    made = World(where)
    await made.start()
    yield made
    await made.handlers.finish(0)
    await made.store.close()


@pytest.fixture
def ann(world: World) -> Person:
    """A reporter at the messenger."""
    return world.person()
