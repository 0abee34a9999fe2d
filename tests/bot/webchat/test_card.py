"""The words to come back on the page: where they stand, and what keeps them."""

import pytest
from playwright.async_api import BrowserContext

from bot.webchat.server import WebChat
from tests.bot.webchat.scripted_bot import EIGHT, ScriptedBot, picture, shows, tab, write

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("bot")
async def test_the_words_stand_in_two_rows_of_four_with_copy_below(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await write(page, "receipt")
    await shows(page, "Keep these.")
    await picture(page, "words")
    tops = await page.evaluate(
        "[...document.querySelectorAll('.four > span')].map((one) => one.getBoundingClientRect().y)"
    )
    assert len(tops) == 8
    assert [len(set(tops[:4])), len(set(tops[4:]))] == [1, 1]
    code = page.locator("button.code")
    assert (await code.inner_text()).split() == EIGHT.split()
    copies = page.get_by_role("button", name="Copy the words")
    assert await copies.count() == 1
    below = await copies.bounding_box()
    block = await code.bounding_box()
    assert 0 <= below["y"] - block["y"] - block["height"] <= 16
    await copies.click()
    await page.locator("#status", has_text="Copied").wait_for()
    assert await page.evaluate("navigator.clipboard.readText()") == EIGHT
    assert await page.evaluate("document.querySelector('#log').scrollWidth <= 320")


async def test_the_words_are_kept_on_the_device_only_if_asked_for_and_offered(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await write(page, "receipt")
    await shows(page, "Keep these.")
    assert await page.evaluate("localStorage.length") == 0
    await page.get_by_role("button", name="Keep this on this phone").click()
    await page.locator("#status", has_text="within 24 hours").wait_for()
    assert await page.evaluate("localStorage.length") == 1
    await bot.say(bot.seen[0]["message"]["chat"]["id"], f"Not here: {EIGHT}", code=EIGHT)
    careful = page.locator(".theirs", has_text="Not here:")
    await careful.wait_for()
    assert await careful.get_by_role("button").count() == 1  # the words themselves, which a tap copies


@pytest.mark.usefixtures("bot")
async def test_the_card_is_a_picture_that_says_nothing_of_what_it_is_for(
    context: BrowserContext, chat: WebChat
) -> None:
    page = await tab(context, chat)
    await write(page, "receipt")
    await shows(page, "Keep these.")
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="Save as a picture").click()
    saved = await saving.value
    assert saved.suggested_filename == "card.png"
    assert (await saved.path()).read_bytes().startswith(b"\x89PNG")
    await page.emulate_media(media="print")
    assert await page.locator(".words").is_visible()
    for away in (".bar", "footer", ".mine"):
        assert not await page.locator(away).first.is_visible()
