"""Floods, shortened: nothing of them is lost, and nobody else waits. The long ones: `make faults`."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from tests.faults.floods import many_chats, many_connections, one_chat, staffed

pytestmark = pytest.mark.slow


async def test_one_chat_that_floods_loses_nothing_and_others_are_answered_meanwhile(tmp_path: Path) -> None:
    flood = await one_chat(await staffed(tmp_path, "sqlite"), "sqlite", texts=120, others=4, turns=4)
    assert flood.kept == flood.sent, "once each, and in order"
    assert flood.answered <= 40
    # Behind a flood that is answered in its turn, the others would wait for all of it: ten times as long and more.
    assert median(flood.flooded) < 6 * median(flood.quiet) + 0.1


async def test_many_chats_at_once_lose_nothing(tmp_path: Path) -> None:
    crowd = await many_chats(await staffed(tmp_path, "sqlite"), "sqlite", 30)
    assert sorted(crowd.kept) == sorted(crowd.sent)
    assert crowd.paces == 30


async def test_whoever_is_there_goes_on_while_the_port_is_full_and_others_are_told_so(tmp_path: Path) -> None:
    shut = await many_connections(await staffed(tmp_path, "sqlite"), "sqlite", most=40, beyond=10)
    assert shut.kept == shut.sent
    assert shut.silent >= 35
    assert shut.said == shut.refused == 10
