"""A whole Hark behind the real web chat: people type and tap on its page, updates come over its Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.desk.house import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A running house with nobody in it."""
    made = House(tmp_path)
    await made.start()
    yield made
    await made.close()
