"""One Hark for each test, with two leads who can read, on files of its own.

aiogram is imported lightly, as the program imports it, before any test imports it.
"""

# ruff: noqa: E402 - see above

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.updates.lazy_aiogram import import_aiogram

import_aiogram()

from tests.handlers.messenger import Person
from tests.handlers.world import World


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
