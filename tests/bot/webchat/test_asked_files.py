"""A file comes in only where the bot's latest message asks for one: in memory, for the bot alone, and not for long."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser

from bot.webchat.chat.files import FileShelf
from tests.bot.webchat.bot_api import Api
from tests.bot.webchat.kinds import Started
from tests.person import Person

ASKS = {"inline_keyboard": [[{"text": "Carry on", "callback_data": "on"}]], "file": True}
PLAIN = {"inline_keyboard": [[{"text": "Carry on", "callback_data": "on"}]]}


async def says(api: Api, person: Person, markup: dict[str, Any]) -> int:
    """Have the bot say something under which there are buttons; its message."""
    chat = api.chat._door.signer.chat_of(person.token)
    said = await api.ok("sendMessage", chat_id=chat, text="Send it now.", reply_markup=markup)
    return int(said["message_id"])


async def fetched(api: Api, file_id: str, token: str | None = None) -> tuple[int, bytes]:
    """What the bot gets of a file (`getFile`, and the file's own address)."""
    path = (await api.ok("getFile", file_id=file_id))["file_path"]
    async with api.http.get(f"{api.chat.api_url}/file/bot{token or api.chat.token}/{path}") as answer:
        return answer.status, await answer.read()


async def test_one_that_was_asked_for_is_the_bots_alone(started: Started) -> None:
    async with started(uploads=False) as api, await Person.arrive(api.chat.page_url, start=None) as person:
        await says(api, person, ASKS)
        await person.upload("Ann.pdf", b"%PDF-1.7 words", mime="application/pdf")
        document = (await api.next_update())["message"]["document"]
        assert await fetched(api, document["file_id"]) == (200, b"%PDF-1.7 words")
        assert (await fetched(api, document["file_id"], "1:wrong"))[0] == 401
        async with api.http.get(f"{api.chat.page_url}files/{document['file_id']}") as answer:
            assert answer.status == 404


async def test_it_is_gone_with_its_message(started: Started) -> None:
    async with started(uploads=False) as api, await Person.arrive(api.chat.page_url, start=None) as person:
        await says(api, person, ASKS)
        await person.upload("a.pdf", b"%PDF-1.7", mime="application/pdf")
        message = (await api.next_update())["message"]
        await api.ok("deleteMessage", chat_id=message["chat"]["id"], message_id=message["message_id"])
        file_id = message["document"]["file_id"]
        assert await api.refused("getFile", file_id=file_id) == "400 Bad Request: invalid file_id"


async def test_it_is_gone_after_ten_minutes_also_where_the_bot_never_came_for_it() -> None:
    at = 0.0
    shelf = FileShelf(1_000, lambda: at)
    sent, shown = shelf.put("a", "", b"x", 1, 600), shelf.put("b", "", b"y", 1)
    at = 599.0
    shelf.drop_old()
    assert shelf.get(sent.file_id)
    at = 600.0
    shelf.drop_old()
    assert shelf.get(sent.file_id) is None
    assert shelf.get(shown.file_id)


async def refuses(person: Person) -> bool:
    try:
        await person.upload("a.pdf", b"%PDF-1.7", mime="application/pdf")
    except PermissionError as refused:
        return str(refused) == "415 words"
    return False


async def test_nobody_sends_one_unasked_nor_a_second_nor_for_another_tab(started: Started) -> None:
    async with (
        started(uploads=False) as api,
        await Person.arrive(api.chat.page_url, start=None) as person,
        await Person.arrive(api.chat.page_url, start=None) as other,
    ):
        assert await refuses(person)
        await says(api, person, PLAIN)
        assert await refuses(person)
        await says(api, person, ASKS)
        assert await refuses(other)
        await says(api, person, {**PLAIN, "beside": True})  # a list that stands beside the chat
        assert not await refuses(person)
        assert await refuses(person)
        assert api.chat.pending == 1


async def test_what_comes_after_the_question_ends_it(started: Started) -> None:
    async with started(uploads=False) as api, await Person.arrive(api.chat.page_url, start=None) as person:
        await says(api, person, ASKS)
        await says(api, person, PLAIN)
        assert await refuses(person)
        asked = await says(api, person, ASKS)
        chat = api.chat._door.signer.chat_of(person.token)
        await api.ok("editMessageText", chat_id=chat, message_id=asked, text="No more.", reply_markup=PLAIN)
        assert await refuses(person)
        await says(api, person, ASKS)
        await person.type("in words, then")
        assert await refuses(person)


async def test_of_many_at_once_one_is_taken(started: Started) -> None:
    async with started(uploads=False) as api, await Person.arrive(api.chat.page_url, start=None) as person:
        await says(api, person, ASKS)
        refused = await asyncio.gather(*(refuses(person) for _ in range(8)))
        assert refused.count(False) == 1
        assert api.chat.pending == 1


@pytest.mark.browser
async def test_the_page_has_a_button_for_it_only_while_it_is_asked_for(started: Started, browser: Browser) -> None:
    async with started(uploads=False) as api:
        page = await browser.new_page()
        await page.goto(api.chat.page_url)
        attach = page.locator("#attach")
        chat = (await api.next_update())["message"]["chat"]["id"]
        await api.ok("sendMessage", chat_id=chat, text="Hello.", reply_markup=PLAIN)
        await page.get_by_text("Hello.").wait_for()
        assert not await attach.is_visible()
        await api.ok("sendMessage", chat_id=chat, text="Send it now.", reply_markup=ASKS)
        await page.get_by_text("Send it now.").wait_for()
        await attach.wait_for(state="visible")
        assert await attach.get_attribute("title") == "Send a file"
        async with page.expect_file_chooser() as choosing:
            await attach.click()
        await (await choosing.value).set_files(
            {"name": "Ann.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 words"}
        )
        message = (await api.next_update())["message"]
        assert (await fetched(api, message["document"]["file_id"]))[1] == b"%PDF-1.7 words"
        await attach.wait_for(state="hidden")
        await api.ok("deleteMessage", chat_id=chat, message_id=message["message_id"])
        await page.locator(".mine", has_text="Ann.pdf").wait_for(state="detached")
        await api.ok("sendMessage", chat_id=chat, text="We added it.", reply_markup=PLAIN)
        await page.get_by_text("We added it.").wait_for()
        assert not await attach.is_visible()
        await page.close()
