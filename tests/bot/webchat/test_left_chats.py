"""What was left for good stays so: over a restart and a kill, from whatever copy of the token, and in bounded room."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser

from bot.webchat.base.tokens import Signer, new_chat_id
from bot.webchat.chat.left_chats import LeftChats
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.kinds import Started
from tests.person import Person
from tests.programs.run import program

SECRET = b"k" * 16
DAY = 24 * 3600.0
NOON = 20_000 * DAY + DAY / 2


def left_chats(folder: Path | None, now: list[float]) -> LeftChats:
    return LeftChats(folder, lambda: now[0], Signer(SECRET, lambda: now[0]).marks)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def taken_up(url: str, token: str) -> bool:
    """Whether a token still opens its chat, for one who asks for each thing that it would give."""
    async with aiohttp.ClientSession() as http:
        statuses = set()
        for path in ("events", "send", "tap", "file"):
            said = {"token": token, "id": "1", "text": "x", "message": 1, "data": "x"}
            async with http.post(f"{url}api/{path}", json=said) as answer:
                statuses.add(answer.status)
        async with http.post(f"{url}api/open", json={"token": token}) as answer:
            again = (await answer.json())["token"]
    assert (again == token) == (statuses != {410}), statuses
    return bool(again == token)


async def test_a_tab_that_was_left_stays_dead_over_a_kill_and_another_one_goes_on(tmp_path: Path) -> None:
    settings = {"HARK_WEB_PORT": "0"}
    async with program("run", tmp_path, settings) as hark:
        url = hark.told("chat")
        left = await Person.arrive(url)
        await left.wait_for(lambda: left.heard)
        async with await Person.arrive(url) as stays:
            await stays.wait_for(lambda: stays.heard)
        token = left.token
        await left.leave()
        assert not await taken_up(url, token)
        await hark.kill()
    async with program("run", tmp_path, settings) as hark:
        url = hark.told("chat")
        assert not await taken_up(url, token)
        assert await taken_up(url, stays.token)
    assert sum(file.stat().st_blocks * 512 for file in (tmp_path / "left").iterdir()) <= 64 * 1024


async def test_leaving_by_the_pages_button_is_for_good_too(
    tmp_path: Path, browser: Browser, started: Callable[..., AbstractAsyncContextManager[Api]]
) -> None:
    async with started(secret=SECRET, left_in=tmp_path / "left") as api:
        page = await browser.new_page()
        await page.goto(api.chat.page_url)
        await page.wait_for_function("() => sessionStorage.getItem('chat')")
        token = await page.evaluate("sessionStorage.getItem('chat')")
        await page.locator("#leave").click()
        await until(lambda: list((tmp_path / "left").glob("*")))
        await page.close()
    async with started(secret=SECRET, left_in=tmp_path / "left") as api:
        assert not await taken_up(api.chat.page_url, token)


async def test_a_flood_of_tabs_that_leave_brings_no_other_one_back(tmp_path: Path) -> None:
    """Once there was a list of 20,000, from which the oldest fell out."""
    now = [NOON]
    left = left_chats(tmp_path / "left", now)
    first, stays = new_chat_id(), [new_chat_id() for _ in range(1_000)]
    left.add(first)
    for _ in range(25_000):
        left.add(new_chat_id())
    await left.write()
    again = left_chats(tmp_path / "left", now)
    assert first in again
    assert [one for one in stays if one in again] == []
    [file] = (tmp_path / "left").iterdir()
    assert file.stat().st_size <= 4 * 1024 * 1024
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_token_is_over_before_it_is_forgotten_that_its_chat_was_left(tmp_path: Path) -> None:
    now = [NOON]
    signer, left, chat = Signer(SECRET, lambda: now[0]), left_chats(tmp_path, now), new_chat_id()
    token = signer.session(chat)
    left.add(chat)
    await left.write()
    known = []
    for _ in range(60):
        now[0] += DAY / 24
        left.drop_old()
        assert signer.chat_of(token) is None or chat in left
        assert (chat in left) == (chat in left_chats(tmp_path, now))
        known.append((signer.chat_of(token), chat in left))
    assert known[0] == (chat, True)
    assert known[-1] == (None, False)
    assert files(tmp_path) == []


async def test_what_is_kept_names_no_chat(tmp_path: Path) -> None:
    left, chat = left_chats(tmp_path, [NOON]), new_chat_id()
    left.add(chat)
    await left.write()
    bits = (tmp_path / "2024-10-04").read_bytes()
    assert sum(byte.bit_count() for byte in bits) == 4
    other = LeftChats(tmp_path, lambda: NOON, Signer(b"another secret 16", lambda: NOON).marks)
    assert chat not in other


async def test_where_the_disk_takes_nothing_a_tab_is_left_all_the_same(
    tmp_path: Path, started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "left").write_text("no folder")
    async with started(secret=SECRET, left_in=tmp_path / "left") as api:
        person = await Person.arrive(api.chat.page_url)
        token = person.token
        await person.leave()
        assert not await taken_up(api.chat.page_url, token)
        assert "FileExistsError" in caplog.text
        (tmp_path / "left").unlink()
        await (await Person.arrive(api.chat.page_url)).leave()
    async with started(secret=SECRET, left_in=tmp_path / "left") as api:
        assert not await taken_up(api.chat.page_url, token)


async def test_a_tab_that_stays_open_for_days_goes_on_in_its_chat(started: Started) -> None:
    now = [NOON]
    async with started(clock=lambda: now[0], secret=SECRET) as api, await Person.arrive(api.chat.page_url) as person:
        chat_id = (await api.next_update())["message"]["chat"]["id"]
        for _ in range(4):
            token = person.token
            now[0] += DAY
            await api.ok("sendMessage", chat_id=chat_id, text="Something new")
            await person.wait_for(lambda before=token: person.token != before)
        await person.type("still here")
        assert (await api.next_update())["message"]["chat"]["id"] == chat_id
