"""A whole Hark behind the real web chat: people type and tap on its page, updates come over its Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.desk.house import House


@pytest.fixture
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """A running house with nobody in it."""
    made = House(tmp_path, types_joining=request.node.get_closest_marker("types_joining") is not None)
    await made.start()
    yield made
    await made.close()
