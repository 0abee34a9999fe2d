"""A browser is known again by a cookie, where the bot asked for it, and only beside what comes from a secret field."""

from __future__ import annotations

from typing import Any

import aiohttp
from playwright.async_api import BrowserContext

from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api
from tests.person import Person

_KEYS = [[{"text": "Brief", "callback_data": "brief"}]]


async def secret_from(api: Api, person: Person) -> dict[str, Any]:
    """What the bot is given of a secret that somebody types."""
    await person.type("hunter2 hunter2", secret=True)
    return dict((await api.next_update())["message"])


async def test_a_browser_that_is_to_be_known_again_is_and_only_where_a_secret_is_typed(api: Api) -> None:
    browser = aiohttp.CookieJar(unsafe=True)
    async with await Person.arrive(api.chat.page_url, start=None, browser=browser) as first:
        await first.type("hello")
        assert "from_device" not in (await api.next_update())["message"]
        told = await secret_from(api, first)
        assert len(told["from_device"]) == 64
        assert list(browser) == [], "nothing is kept before the bot says so"
        markup = {"inline_keyboard": _KEYS, "keep_device": True}
        await api.ok("sendMessage", chat_id=told["chat"]["id"], text="Your desk is open", reply_markup=markup)
        await first.wait_to_see("Your desk is open")
    [cookie] = browser
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Strict", "")
    assert told["from_device"] not in cookie.value
    async with await Person.arrive(api.chat.page_url, start=None, browser=browser) as second:
        assert (await secret_from(api, second))["from_device"] == told["from_device"]
        await second.type("hello")
        assert "from_device" not in (await api.next_update())["message"]
    async with await Person.arrive(api.chat.page_url, start=None) as elsewhere:
        assert (await secret_from(api, elsewhere))["from_device"] != told["from_device"]


async def test_a_browser_that_was_never_to_be_known_gets_no_cookie(api: Api) -> None:
    browser = aiohttp.CookieJar(unsafe=True)
    async with await Person.arrive(api.chat.page_url, start=None, browser=browser) as person:
        told = await secret_from(api, person)
        await api.ok("sendMessage", chat_id=told["chat"]["id"], text="No", reply_markup={"inline_keyboard": _KEYS})
        await person.wait_to_see("No")
    assert list(browser) == []


async def test_nobody_gives_a_browser_a_mark_of_their_own(api: Api) -> None:
    """A page of the same site may set cookies; one that we did not make is no mark."""
    marks = set()
    for _ in range(2):
        browser = aiohttp.CookieJar(unsafe=True)
        browser.update_cookies({"device": f"{'A' * 32}.{'0' * 64}"})
        async with await Person.arrive(api.chat.page_url, start=None, browser=browser) as person:
            marks.add((await secret_from(api, person))["from_device"])
    assert len(marks) == 2


async def test_in_a_real_browser_no_script_reads_the_mark(context: BrowserContext, chat: WebChat, api: Api) -> None:
    page = await context.new_page()
    await page.goto(chat.page_url)
    told = (await api.next_update())["message"]
    field = {"force_reply": True, "input_field_placeholder": "password: Passphrase"}
    await api.ok("sendMessage", chat_id=told["chat"]["id"], text="Passphrase", reply_markup=field)
    await page.locator("#secrets input").fill("hunter2 hunter2")
    await page.keyboard.press("Enter")
    assert (await api.next_update())["message"]["from_secret_field"] is True
    markup = {"inline_keyboard": _KEYS, "keep_device": True}
    await api.ok("sendMessage", chat_id=told["chat"]["id"], text="Your desk is open", reply_markup=markup)
    await page.get_by_text("Your desk is open").wait_for()
    [cookie] = await context.cookies(f"{chat.page_url}api/send")
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("device", True, "Strict")
    assert await page.evaluate("document.cookie") == ""
    assert await context.cookies(chat.page_url) == [], "it goes to the page's own requests only"
