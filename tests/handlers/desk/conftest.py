"""A whole Hark behind the real web chat: people type and tap on its page, updates come over its Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.drawing import parent
from tests.handlers.desk.house import House


@pytest.fixture(scope="session", autouse=True)
def _drawn_once() -> Iterator[None]:
    """Start one child for each different drawing: the same drawing is the same bytes (`tests/bot/drawing`), and takes
    a second of processor time, most of it to load what draws."""
    made: dict[bytes, bytes] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parent, "_drawn", partial(_drawn, parent._drawn, made))
        yield


async def _drawn(
    draw: Callable[[bytes, float], Awaitable[bytes]], made: dict[bytes, bytes], told: bytes, patience: float
) -> bytes:
    if told not in made:
        made[told] = await draw(told, patience)
    return made[told]


@pytest.fixture
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """A running house with nobody in it."""
    made = House(tmp_path, types_joining=request.node.get_closest_marker("types_joining") is not None)
    await made.start()
    yield made
    await made.close()
