"""A whole Hark behind the real web chat: people type and tap on its page, updates come over its Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from bot.drawing import parent
from tests.handlers.desk.house import House


@pytest.fixture(autouse=True)
def _drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start one child for each different drawing: the same drawing is the same bytes (`tests/bot/drawing`), and takes
    a second of processor time, most of it to load what draws."""
    monkeypatch.setattr(parent, "_drawn", partial(_drawn, parent._drawn))


_MADE: Final[dict[bytes, bytes]] = {}


async def _drawn(draw: Callable[[bytes, float], Awaitable[bytes]], told: bytes, patience: float) -> bytes:
    if told not in _MADE:
        _MADE[told] = await draw(told, patience)
    return _MADE[told]


@pytest.fixture
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """A running house with nobody in it."""
    made = House(tmp_path, types_joining=request.node.get_closest_marker("types_joining") is not None)
    await made.start()
    yield made
    await made.close()
