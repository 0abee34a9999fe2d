"""The line above the conversation: help that is always in sight, whose page it is, and the short way out."""

import asyncio

import pytest
from playwright.async_api import Browser, BrowserContext, Route

from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.kinds import Started
from tests.bot.webchat.scripted_bot import ScriptedBot, shows, tab, write

pytestmark = pytest.mark.browser


async def test_help_is_a_tap_away_before_anything_was_said(context: BrowserContext, chat: WebChat, api: Api) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await page.locator("#help-button").click()
    own = page.locator(".mine", has_text="Help")
    await own.wait_for()
    assert "/help" not in await own.inner_text()  # a command is nothing that a person reads
    assert [(await api.next_update())["message"]["text"] for _ in range(2)] == ["/start", "/help"]


async def test_help_that_is_asked_for_before_there_is_a_session_waits_for_it(
    context: BrowserContext, chat: WebChat, api: Api
) -> None:
    held = asyncio.Event()

    async def late(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await context.route("**/api/open", late)
    page = await tab(context, chat)
    await page.locator("#help-button").click()
    await page.locator(".mine", has_text="Help").wait_for()
    assert chat.pending == 0
    held.set()
    people = [(await api.next_update())["message"] for _ in range(2)]
    assert [one["text"] for one in people] == ["/start", "/help"]
    assert len({one["chat"]["id"] for one in people}) == 1


async def test_help_stays_in_sight_however_much_was_said(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    for _ in range(6):
        await write(page, "something that fills the screen")
    await until(lambda: len(bot.seen) == 7)
    box = await page.locator("#help-button").bounding_box()
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 320
    for control in ("#help-button", "#leave", "#menu-button", "#send"):
        size = await page.locator(control).bounding_box()
        assert min(size["width"], size["height"]) >= 44, control


async def test_help_shows_the_pages_own_numbers_without_a_connection(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await context.set_offline(True)
    await write(page, "into the void")
    await page.locator("#status", has_text="No connection").wait_for()
    await page.locator("#help-button").click()
    assert await page.get_by_role("link", name="0800 1111").is_visible()
    await context.set_offline(False)
    await until(lambda: bot.seen[-1]["message"]["text"] == "/help")


async def test_the_header_says_whose_page_it_is_and_the_tab_does_not(browser: Browser, started: Started) -> None:
    async with started(page_name="Oak <School>") as api:
        page = await browser.new_page()
        await page.goto(api.chat.page_url)
        assert await page.locator("h1").inner_text() == "Oak <School>"
        assert await page.title() == "Chat"
        await page.close()


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "A computer helps you write; a person reads it"),
        ("es", "Te ayuda un ordenador; lo lee una persona"),
        ("ar", "حاسوب يساعدك على الكتابة، وإنسان يقرأ ما تكتبه"),
    ],
)
async def test_the_header_says_who_is_at_the_other_end(
    context: BrowserContext, chat: WebChat, language: str, line: str
) -> None:
    page = await tab(context, chat, f"?lang={language}")
    await page.set_viewport_size({"width": 320, "height": 568})
    assert await page.locator(".who").inner_text() == line
    assert await page.locator(".who").is_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
