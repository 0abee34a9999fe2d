"""What becomes of a question once it is answered: its keys go, and the answer stands below it, or nothing does."""

import pytest
from playwright.async_api import BrowserContext, Page

from bot.webchat.base.protocol import JsonObject
from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.scripted_bot import ScriptedBot, key, shows, tab, write

pytestmark = pytest.mark.browser


def asked(*labels: str, private: bool) -> JsonObject:
    rows = [*([key(label)] for label in labels), [key("Back", variant="plain"), key("Words", variant="lasting")]]
    return {"inline_keyboard": rows, "private": private}


async def _answers(page: Page, bot: ScriptedBot, label: str, *, private: bool) -> int:
    """Be asked, tap `label` and be asked the next thing; returns the chat."""
    await shows(page, "What would you like to do?")
    chat_id: int = bot.seen[0]["message"]["chat"]["id"]
    await bot.say(chat_id, "Are you safe?", asked("Yes", "No", private=private))
    await page.get_by_role("button", name=label, exact=True).click()
    await shows(page, f"You chose {label}.")
    await bot.say(chat_id, "What happened?", asked("Done", private=private))
    await shows(page, "What happened?")
    return chat_id


async def test_an_answer_is_the_persons_own_bubble_and_its_keys_are_gone(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await _answers(page, bot, "Yes", private=True)
    for _ in range(2):
        question = page.locator(".theirs", has_text="Are you safe?")
        assert (await question.locator(".reply").inner_text()).split() == ["You:", "Yes"]
        assert await question.locator(".key").all_inner_texts() == ["Words"]  # good for as long as it stands
        assert await page.locator(".theirs", has_text="What happened?").locator(".key").count() == 3
        await page.reload()
        await shows(page, "What happened?")


async def test_nothing_of_an_answer_is_shown_where_somebody_may_see_the_device(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await _answers(page, bot, "Yes", private=False)
    assert await page.locator(".reply").count() == 0
    assert await page.get_by_role("button", name="No", exact=True).count() == 0


async def test_an_answer_goes_with_its_question(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot, api: Api
) -> None:
    page = await tab(context, chat)
    chat_id = await _answers(page, bot, "No", private=True)
    asked_by = await page.evaluate("[...document.querySelectorAll('.reply')].length")
    assert asked_by == 1
    pressed = next(one["callback_query"]["message"]["message_id"] for one in bot.seen if "callback_query" in one)
    await api.ok("deleteMessages", chat_id=chat_id, message_ids=[pressed])
    await page.locator(".reply").wait_for(state="detached")


async def test_back_is_no_answer_and_a_notice_retires_no_question(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    chat_id = await _answers(page, bot, "Back", private=True)
    assert await page.locator(".reply").count() == 0
    await bot.say(chat_id, "You have an update.", asked("Open", private=True))
    await shows(page, "You have an update.")
    assert await page.get_by_role("button", name="Done").is_visible()


async def test_words_retire_the_keys_of_the_question_they_answer(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await write(page, "ranks")
    await shows(page, "Are you safe?")
    await write(page, "ranks")
    await until(lambda: len(bot.seen) == 3)
    await page.locator(".theirs", has_text="Are you safe?").nth(1).wait_for()
    assert await page.get_by_role("button", name="Done").count() == 1


async def test_the_keyboard_goes_on_at_the_next_question(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await _answers(page, bot, "Yes", private=True)
    assert (await page.evaluate("document.activeElement.innerText")).startswith("What happened?")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.innerText") == "Done"


async def test_a_desk_keeps_the_keys_of_its_older_cards(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot, api: Api
) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    chat_id = bot.seen[0]["message"]["chat"]["id"]
    for text in ("A case", "Another case"):
        markup = {"inline_keyboard": [[key(text)]]}
        await api.ok("sendMessage", chat_id=chat_id, text=text, protect_content=True, reply_markup=markup)
    await page.get_by_role("button", name="Another case").click()
    await bot.say(chat_id, "Next", asked("Go", private=False))
    await shows(page, "Next")
    assert await page.get_by_role("button", name="A case", exact=True).is_visible()


@pytest.mark.parametrize("private", [True, False])
async def test_unsent_words_outlive_a_reload_only_where_nobody_else_sees_the_device(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot, *, private: bool
) -> None:
    page = await tab(context, chat)
    await page.locator("#text").fill("before it is known")
    assert "before it is known" not in await page.evaluate("JSON.stringify(sessionStorage)")
    await _answers(page, bot, "Yes", private=private)
    await page.locator("#text").fill("half a sent")
    await page.reload()
    await shows(page, "What happened?")
    assert await page.locator("#text").input_value() == ("half a sent" if private else "")
    await page.locator("#text").fill("half a sentence")
    await page.locator("#text").press("Enter")
    await shows(page, "I heard 15 letters.")
    assert "half" not in await page.evaluate("JSON.stringify(sessionStorage)")


async def test_unsent_words_are_forgotten_once_somebody_may_see_the_device_and_on_leaving(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    chat_id = await _answers(page, bot, "Yes", private=True)
    stored = "JSON.stringify(sessionStorage)"
    await page.locator("#text").fill("half a sent")
    assert "half" in await page.evaluate(stored)
    await bot.say(chat_id, "Somebody may see?", asked("Yes", private=False))
    await shows(page, "Somebody may see?")
    assert "half" not in await page.evaluate(stored)
    await bot.say(chat_id, "Nobody.", asked("Yes", private=True))
    await shows(page, "Nobody.")
    assert "half" in await page.evaluate(stored)
    await page.locator("#leave").click()
    await page.wait_for_url("about:blank")
    await page.goto(chat.page_url)
    await shows(page, "What would you like to do?")
    assert "half" not in await page.evaluate(stored)
