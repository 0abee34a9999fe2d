"""What could not be read is sealed, once, as it came, for three days; of a flood the newest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from storage.reporters import quarantine
from tests.raw_database import all_bytes

CANARY = "zebrafish-canary"


def poison(number: int) -> dict[str, object]:
    return {"update_id": number, "message": {"chat": {"id": 77_001_122}, "text": CANARY, "date": "never"}}


async def test_it_is_kept_once_however_often_it_comes_and_opens_as_it_came(school: Any) -> None:
    assert await school.store.quarantine.keep("telegram", poison(5))
    assert not await school.store.quarantine.keep("telegram", poison(5))
    assert await school.store.quarantine.keep("web", poison(5))
    assert await school.store.quarantine.count() == 2
    assert json.loads((await school.store.quarantine.read())[0]) == {"door": "telegram", "update": poison(5)}


async def test_nothing_of_it_is_readable_on_disk_and_after_three_days_nothing_is_left(school: Any) -> None:
    await school.store.quarantine.keep("telegram", poison(5))
    kept = await all_bytes(school.folder, school.url)
    assert CANARY.encode() not in kept
    assert b"77001122" not in kept
    school.later(hours=73)
    await school.store.watch.sweep()
    assert await school.store.quarantine.count() == 0


async def test_an_update_without_a_number_is_kept_too(school: Any) -> None:
    assert await school.store.quarantine.keep("web", {"message": None})
    assert await school.store.quarantine.count() == 1


async def test_of_a_flood_the_newest_are_kept(school: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST", 3)
    for number in range(6):
        await school.store.quarantine.keep("web", poison(number))
    kept = [json.loads(text)["update"]["update_id"] for text in await school.store.quarantine.read()]
    assert kept == [3, 4, 5]
