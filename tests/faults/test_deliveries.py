"""Fetched or brought: updates that come again, mixed, doubled or with gaps are applied once, whatever ends Hark."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from bot.webchat.base.faults import Delivery
from tests.faults.crowd import Crowd, through
from tests.faults.lives import Lives, lives

pytestmark = pytest.mark.slow

_TOLD = 3  # concerns in each way
_DRAINS = 20  # seconds for what is under way, with everybody in the middle of something


async def test_updates_in_any_order_and_number_are_applied_once_fetched_or_brought_through_a_kill_and_an_end(
    tmp_path: Path,
) -> None:
    async with lives(tmp_path) as here:
        here.failpoints = False
        await here.begin()
        crowd = Crowd(here)

        async def fault(here: Lives) -> int:
            here.chat.faults.delivery = delivery = Delivery(again=0.05, dice=random.Random(3), twice=True, gap=7)
            await _told(crowd, _TOLD)
            await here.kill()
            here.bring()
            await here.begin()
            await _told(crowd, 2 * _TOLD)
            async with asyncio.timeout(_DRAINS):
                await here.stop()
            assert "Hark has ended in order" in here.said.read_text("utf-8")
            await here.begin()
            return min(delivery.times[name] for name in ("again", "twice", "gap"))

        times, found = await through(crowd, fault, people=3)
        assert times > 0
        assert found.good, found
        assert found.cases == len(crowd.promises.concerns)


async def _told(crowd: Crowd, number: int) -> None:
    async with asyncio.timeout(60):
        while len(crowd.promises.receipts) < number:  # noqa: ASYNC110 - a crowd tells nobody
            await asyncio.sleep(0.02)
