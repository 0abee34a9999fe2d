"""SIGTERM in the middle of sending: what is under way is finished and told, whatever cuts that short."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.acts import Stage
from tests.faults.kills import stage
from tests.faults.people import Reporter
from tests.faults.promises import audit
from tests.raw_database import writes_held

pytestmark = pytest.mark.slow

_AT_ONCE = 3.0  # seconds; far less than what is under way is waited for


async def test_an_end_waits_for_who_is_sending_and_a_second_signal_for_nobody_and_nothing_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as here:
        async with sending(here, 3) as first:
            here.lives.ask_to_end()
            await said(here, "asked to end", 1)
        for reporter in first:
            await reporter.person.wait_for(reporter.look)
            await here.keep(reporter)
        await here.lives.gone.wait()
        assert here.lives.code == 0
        assert here.lives.chat.pending == 0

        await here.lives.begin()
        async with sending(here, 2) as second:
            here.lives.ask_to_end()
            await said(here, "asked to end", 2)
            here.lives.ask_to_end()
            async with asyncio.timeout(_AT_ONCE):
                await here.lives.gone.wait()
        assert here.lives.code < 0
        assert here.lives.chat.pending == 2

        await here.lives.begin()
        for reporter in second:
            await here.keep(reporter)

        async with sending(here, 1) as third:
            here.lives.ask_to_end()
            await said(here, "asked to end", 3)
            here.lives.kill_at("fetch.confirming")  # all is finished, and the Bot API would have been told next
        await here.lives.gone.wait()
        assert here.lives.code == -signal.SIGKILL
        assert here.lives.chat.pending == 1

        here.lives.kill_at(None)
        await here.lives.begin()
        for reporter in third:
            await here.keep(reporter)
        found = await audit(here.lives, here.promises)
        assert found.good, found
        assert found.cases == len(first) + len(second) + len(third)


@asynccontextmanager
async def sending(here: Stage, number: int) -> AsyncIterator[list[Reporter]]:
    """So many have pressed Send, and Hark has begun with each; it can commit none before the end of the block."""
    reporters = [await here.reporter() for _ in range(number)]
    await asyncio.gather(*(reporter.to_the_readers() for reporter in reporters))
    held = [here.lives.chat.faults.hang("answerCallbackQuery") for _ in reporters]
    async with writes_held(here.lives.url):
        for reporter in reporters:
            await reporter.person.tap("Send")
        await asyncio.gather(*(one.reached.wait() for one in held))
        yield reporters
    for one in held:
        assert one.release is not None
        one.release.set()


async def said(here: Stage, words: str, times: int) -> None:
    """Wait until all lives together have logged `words` so often."""
    async with asyncio.timeout(10):
        while here.lives.said.read_text("utf-8").count(words) < times:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
