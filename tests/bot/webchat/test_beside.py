"""A list beside the conversation: where there is room, by keyboard, kept in its place; and nothing of it elsewhere."""

import pytest
from playwright.async_api import BrowserContext, Page

from bot.webchat.base.protocol import JsonObject
from bot.webchat.server import WebChat
from tests.bot.webchat.scripted_bot import ScriptedBot, key, keys, picture, shows, tab
from tests.bot.webchat.test_looks import CONTRAST

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.textContent"


def listed(*labels: str, shown: str = "") -> JsonObject:
    """A list of these entries, of which one is shown, and a plain key below them."""
    rows = [[key(label, **({"style": "primary"} if label == shown else {}))] for label in labels]
    return {"inline_keyboard": [*rows, [key("More", variant="plain")]], "beside": True}


async def wide(context: BrowserContext, chat: WebChat, path: str = "") -> Page:
    page = await tab(context, chat, path)
    await page.set_viewport_size({"width": 1280, "height": 800})
    await shows(page, "What would you like to do?")
    return page


async def put(page: Page, bot: ScriptedBot, *labels: str) -> JsonObject:
    """Have the bot put a list beside the conversation."""
    sent = await bot.say(bot.seen[0]["message"]["chat"]["id"], f"{len(labels)} open", listed(*labels))
    await page.locator("#beside h2", has_text=f"{len(labels)} open").wait_for(state="attached")
    return sent


async def change(page: Page, bot: ScriptedBot, sent: JsonObject, markup: JsonObject, text: str) -> None:
    """Have the bot change it."""
    await bot.api.ok(
        "editMessageText", chat_id=sent["chat"]["id"], message_id=sent["message_id"], text=text, reply_markup=markup
    )
    await page.locator("#beside h2", has_text=text).wait_for()


async def test_the_list_is_gone_through_by_keyboard_and_never_while_something_is_written(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await wide(context, chat)
    await put(page, bot, "First", "Second", "Third")
    reached = []
    for pressed in ("j", "j", "k", "k", "End", "j"):
        await page.keyboard.press(pressed)
        reached.append(await page.evaluate(FOCUSED))
    assert reached == ["First", "Second", "First", "First", "More", "More"]
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await shows(page, "You chose Second.")
    assert await page.evaluate(FOCUSED) == "Second"
    assert await page.locator("#beside [tabindex='0']").all_inner_texts() == ["Second"]
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement.id") == "log"
    await page.keyboard.press("j")
    assert await page.evaluate(FOCUSED) == "Third"  # it goes on where it was left
    await page.locator("#text").press_sequentially("jk")
    assert await page.locator("#text").input_value() == "jk"
    assert await page.evaluate("document.activeElement.id") == "text"


async def test_letters_do_nothing_for_whoever_switched_them_off_and_the_tabulator_key_still_gets_there(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await wide(context, chat)
    await page.locator("#menu-button").click()
    assert not await page.locator("#letters").is_visible(), "without a list there is nothing to switch off"
    await page.keyboard.press("Escape")
    await put(page, bot, "First", "Second")
    await page.locator("#menu-button").click()
    await page.locator("#letters").uncheck()
    await page.keyboard.press("Escape")
    await page.reload()
    await page.locator("#beside .entry").first.wait_for()
    await page.keyboard.press("j")
    assert not await page.evaluate("document.querySelector('#beside').contains(document.activeElement)")
    for _ in range(6):
        await page.keyboard.press("Tab")
        if await page.evaluate(FOCUSED) == "First":
            break
    await page.keyboard.press("ArrowDown")
    assert await page.evaluate(FOCUSED) == "Second"
    await page.keyboard.press("Tab")
    assert not await page.evaluate("document.querySelector('#beside').contains(document.activeElement)")


async def test_a_change_keeps_the_place_and_another_list_begins_at_the_top(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await wide(context, chat)
    labels = [f"Case {number}" for number in range(60)]
    sent = await put(page, bot, *labels)
    for _ in range(31):
        await page.keyboard.press("j")
    top = "document.querySelector('#beside ul').scrollTop"
    before = await page.evaluate(top)
    assert before > 0
    await page.evaluate("addEventListener('focusin', () => { window.heardAgain = true; })")
    await change(page, bot, sent, listed("New", *labels, shown="Case 30"), "one more")
    assert await page.evaluate(FOCUSED) == "Case 30"
    assert await page.evaluate(top) == before
    assert await page.locator("#beside [aria-current]").all_inner_texts() == ["Case 30"]
    assert not await page.evaluate("window.heardAgain"), "a screen reader would read the entry out again"
    await change(page, bot, sent, listed("New", *labels[:30], *labels[31:]), "one less")
    assert await page.evaluate(FOCUSED) == "Case 31"  # what came after it
    await change(page, bot, sent, listed("Other", "Zebra"), "another list")
    assert (await page.evaluate(FOCUSED), await page.evaluate(top)) == ("Other", 0)
    await bot.api.ok("deleteMessage", chat_id=sent["chat"]["id"], message_id=sent["message_id"])
    await page.locator("#beside").wait_for(state="hidden")
    assert await page.evaluate("document.activeElement.id") == "log"
    assert "Zebra" not in await page.content()


async def test_both_panes_have_room_and_are_readable_and_a_narrow_page_has_no_list(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await wide(context, chat)
    sent = await put(page, bot, "First")
    await change(page, bot, sent, listed("First", "Second", shown="First"), "now shown")
    panes = [await page.locator(one).bounding_box() for one in ("#beside", "#log", "#composer")]
    assert all(panes)
    beside, log, composer = [one for one in panes if one]
    assert beside["x"] == 0
    assert beside["x"] + beside["width"] <= log["x"] + 1
    assert log["x"] + log["width"] == 1280
    assert composer["x"] >= log["x"]
    assert log["y"] == beside["y"]
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await picture(page, f"beside-{scheme}")
        for inside in (".entry[aria-current]", "li:nth-child(2) .entry", ".entry.plain", "h2", ".note"):
            ratio = await page.evaluate(CONTRAST, f"#beside {inside}")
            assert ratio >= 4.5, (scheme, inside, ratio)
    for width in (1000, 640, 320):
        await page.set_viewport_size({"width": width, "height": 640})
        assert not await page.locator("#beside").is_visible()
        assert await page.evaluate("document.querySelector('#log').clientWidth") == width
        await page.keyboard.press("j")
        assert await page.evaluate("document.activeElement.tagName") == "BODY"
    assert await page.get_by_text("now shown").count() == 1, "it is no part of the conversation"


async def test_in_arabic_the_list_is_on_the_right_and_its_keys_are_those_of_the_keyboard(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await wide(context, chat, "?lang=ar")
    await put(page, bot, "First", "Second")
    await picture(page, "beside-arabic")
    beside, log = await page.locator("#beside").bounding_box(), await page.locator("#log").bounding_box()
    assert beside
    assert log
    assert beside["x"] + beside["width"] == 1280
    assert log["x"] == 0
    pressed = "new KeyboardEvent('keydown', { key: 'ت', code: 'KeyJ', bubbles: true })"
    await page.evaluate(f"document.body.dispatchEvent({pressed})")
    assert await page.evaluate(FOCUSED) == "First"


async def test_an_ordinary_keyboard_brings_no_list(context: BrowserContext, chat: WebChat, bot: ScriptedBot) -> None:
    page = await wide(context, chat)
    await bot.say(bot.seen[0]["message"]["chat"]["id"], "One or two?", keys("One", "Two"))
    await shows(page, "One or two?")
    assert not await page.locator("#beside").is_visible()
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.tagName") == "BODY"
