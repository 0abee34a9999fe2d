"""The page in a real browser: keyboard, tabs, secrets, copying, right to left, and nobody else is asked anything."""

import asyncio
import contextlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page

from bot.webchat.server import WebChat
from bot.webchat.wire import JsonObject
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.kinds import Started

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("HARK_SCREENSHOTS")  # a folder: screenshots are kept there to be looked at


GREETING = "Hello. What would you like to do?"


class ScriptedBot:
    """Answers what a person does by a table of coroutines, over the Bot API."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.seen: list[JsonObject] = []

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self.api.ok("getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                self.seen.append(update)
                await self.answer(update)

    async def answer(self, update: JsonObject) -> None:
        if "callback_query" in update:
            query = update["callback_query"]
            await self.api.ok("answerCallbackQuery", callback_query_id=query["id"])
            await self.say(query["from"]["id"], f"You chose {query['data']}.")
        elif "message" in update:
            await self.hear(update["message"])

    async def hear(self, message: JsonObject) -> None:
        chat_id, text = message["chat"]["id"], message.get("text", "")
        script = {
            "/start": lambda: self.say(
                chat_id, "Hello. What would you like to do?", keys("Tell you something", "Come back")
            ),
            "secret": lambda: self.say(
                chat_id,
                "Please unlock.",
                {"force_reply": True, "input_field_placeholder": "password+one-time-code: Passphrase and code"},
            ),
            "code": lambda: self.say(chat_id, "Keep these words: <code>lamp river stone</code>\nOr call 0800 1111."),
            "rtl": lambda: self.say(chat_id, "مرحبا، كيف يمكننا المساعدة؟"),
            "edit": lambda: self.edited(chat_id),
        }
        await script.get(
            text.split("\n")[0].split(" ")[0], lambda: self.say(chat_id, f"I heard {len(text)} letters.")
        )()

    async def edited(self, chat_id: int) -> None:
        sent = await self.say(chat_id, "Which one?", keys("This", "That"))
        await self.api.ok(
            "editMessageText", chat_id=chat_id, message_id=sent["message_id"], text="Changed.", reply_markup=keys("New")
        )

    async def say(self, chat_id: int, text: str, markup: JsonObject | None = None) -> JsonObject:
        return await self.api.ok("sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", reply_markup=markup)


def keys(*labels: str) -> JsonObject:
    return {"inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]}


@pytest.fixture
async def bot(api: Api) -> AsyncIterator[ScriptedBot]:
    scripted = ScriptedBot(api)
    await api.ok("setMyCommands", commands=[{"command": "help", "description": "Who can help now"}])
    running = asyncio.create_task(scripted.run())
    yield scripted
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest.fixture
async def context(browser: Browser, chat: WebChat) -> AsyncIterator[BrowserContext]:
    """A browser context that fails the test on any foreign request, CSP violation or script error."""
    complaints: list[str] = []
    context = await browser.new_context(
        viewport={"width": 390, "height": 740}, permissions=["clipboard-read", "clipboard-write"]
    )
    context.on("request", lambda request: foreign(request.url, chat) and complaints.append(request.url))
    context.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    await context.close()
    assert [one for one in complaints if "ERR_" not in one] == []


def foreign(url: str, chat: WebChat) -> bool:
    return not url.startswith((chat.page_url, "blob:", "about:"))


async def tab(context: BrowserContext, chat: WebChat, path: str = "") -> Page:
    page = await context.new_page()
    await page.goto(chat.page_url + path)
    return page


async def shows(page: Page, words: str) -> None:
    await page.get_by_text(words).last.wait_for(timeout=10_000)


async def picture(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


async def write(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def test_a_whole_story_with_the_keyboard_alone(context: BrowserContext, chat: WebChat, bot: ScriptedBot) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await page.keyboard.press("Tab")
    assert await focused(page) == "✕ Leave quickly"
    await until_focused(page, "Tell you something")
    await page.keyboard.press("Enter")
    await shows(page, "You chose Tell you something.")
    assert await focused(page) == "Tell you something"  # the place is kept
    await until_focused(page, "")
    await page.keyboard.type("One line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("and another")
    await page.keyboard.press("Enter")
    await shows(page, "I heard 20 letters.")
    await page.locator(".mine .state", has_text="✓").wait_for()
    await picture(page, "story")
    await page.locator("#menu-button").focus()
    await page.keyboard.press("Enter")
    await picture(page, "menu")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await shows(page, "I heard 5 letters.")
    assert [one["message"]["text"] for one in bot.seen if "message" in one][-1] == "/help"


async def focused(page: Page) -> str:
    return await page.evaluate("document.activeElement.innerText")


async def until_focused(page: Page, text: str) -> None:
    for _ in range(20):
        await page.keyboard.press("Tab")
        name = await page.evaluate("document.activeElement.id")
        if (text and await focused(page) == text) or (not text and name == "text"):
            return
    raise AssertionError(f"the keyboard does not reach {text!r}")


async def test_a_reload_keeps_the_tab_and_a_second_tab_is_somebody_else(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    first = await tab(context, chat)
    await shows(first, "What would you like to do?")
    await write(first, "mine alone")
    await shows(first, "I heard 10 letters.")
    await first.reload()
    await shows(first, "mine alone")
    second = await tab(context, chat)
    await shows(second, "What would you like to do?")
    assert await second.get_by_text("mine alone").count() == 0
    assert len({one["message"]["chat"]["id"] for one in bot.seen}) == 2
    starts = [one for one in bot.seen if one["message"]["text"] == "/start"]
    assert len(starts) == 2
    kept = await first.evaluate("JSON.stringify(localStorage)")
    assert kept == "{}"


async def test_a_link_carries_its_payload_and_a_reload_does_not_repeat_it(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat, "?start=join-abc_1")
    await shows(page, "What would you like to do?")
    await page.reload()
    await shows(page, "What would you like to do?")
    assert [one["message"]["text"] for one in bot.seen] == ["/start join-abc_1"]
    assert await page.evaluate("location.search") == ""


async def test_secrets_have_real_fields_and_are_never_in_the_log(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await write(page, "secret")
    passphrase = page.locator("input[type=password][autocomplete=current-password]")
    await passphrase.wait_for()
    assert await page.evaluate("document.activeElement.name") == "password"
    await picture(page, "secrets")
    await passphrase.fill("correct horse battery")
    code = page.locator("input[autocomplete=one-time-code]")
    assert await code.get_attribute("inputmode") == "numeric"
    await code.fill("123456")
    await code.press("Enter")
    await shows(page, "I heard 28 letters.")
    assert "correct horse" not in await page.content()
    await page.reload()
    await shows(page, "I heard 28 letters.")
    assert "correct horse" not in await page.content()
    assert [one["message"]["text"] for one in bot.seen][-1] == "correct horse battery\n123456"


@pytest.mark.usefixtures("bot")
async def test_a_code_is_copied_by_a_tap_and_a_number_can_be_called(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await write(page, "code")
    await page.locator("button.code").click()
    await page.locator("#status", has_text="Copied").wait_for()
    assert await page.evaluate("navigator.clipboard.readText()") == "lamp river stone"
    assert await page.get_by_text("0800 1111").get_attribute("href") == "tel:08001111"
    await picture(page, "code")


async def test_a_message_runs_in_its_own_direction(context: BrowserContext, chat: WebChat, bot: ScriptedBot) -> None:
    page = await tab(context, chat, "?lang=ar")
    assert await page.evaluate("document.documentElement.dir") == "rtl"
    await write(page, "rtl")
    await shows(page, "مرحبا")
    direction = "getComputedStyle([...document.querySelectorAll('.theirs .text')].{}).direction"
    assert await page.evaluate(direction.format("pop()")) == "rtl"
    assert await page.evaluate(direction.format("shift()")) == "ltr"
    await picture(page, "arabic")
    assert {one["message"]["from"]["language_code"] for one in bot.seen} == {"ar"}


@pytest.mark.usefixtures("bot")
async def test_an_edit_changes_the_message_in_its_place(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await write(page, "edit")
    await shows(page, "Changed.")
    assert await page.get_by_role("button", name="This").count() == 0
    await page.get_by_role("button", name="New").click()
    await shows(page, "You chose New.")


async def test_leaving_quickly_empties_the_page_and_goes_away(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot, api: Api
) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    chat_id = bot.seen[0]["message"]["chat"]["id"]
    await page.locator("#menu-button").click()
    await page.locator("#keep").check()
    assert await page.evaluate("localStorage.length") == 1
    await page.locator("#leave").click()
    await page.wait_for_url("about:blank")
    await until(lambda: any("my_chat_member" in one for one in bot.seen))
    refusal = await api.refused("sendMessage", chat_id=chat_id, text="x")
    assert refusal == "403 Forbidden: bot was blocked by the user"
    await page.goto(chat.page_url)
    await shows(page, "What would you like to do?")
    assert await page.evaluate("localStorage.length") == 0
    assert bot.seen[-1]["message"]["chat"]["id"] != chat_id


@pytest.mark.usefixtures("bot")
async def test_a_small_phone_has_room_for_everything_also_with_large_text(
    context: BrowserContext, chat: WebChat
) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await shows(page, "What would you like to do?")
    await picture(page, "small")
    for size in ("100%", "200%"):
        await page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        for control in ("#leave", "#send", "#text", "#menu-button"):
            box = await page.locator(control).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 320
            assert box["y"] + box["height"] <= 568
    await picture(page, "small-large-text")


@pytest.mark.usefixtures("bot")
async def test_dark_is_as_readable_as_light(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await write(page, "a few words of my own")
    await shows(page, "letters.")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await picture(page, scheme)
        for inside in (".theirs .text", ".mine .text", ".mine .state", ".key", "#send", "#leave", "#menu-button"):
            ratio = await page.evaluate(CONTRAST, inside)
            assert ratio >= 4.5, (scheme, inside, ratio)


CONTRAST = """selector => {
  const parse = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  let ground = document.querySelector(selector);
  const ink = light(parse(getComputedStyle(ground).color));
  while (parse(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const paper = light(parse(getComputedStyle(ground).backgroundColor));
  return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
}"""


async def test_the_page_continues_in_the_same_chat_after_a_restart(browser: Browser, started: Started) -> None:
    secret = b"s" * 32
    context = await browser.new_context()
    page = await context.new_page()
    async with started(secret=secret) as api:
        page_port = int(api.chat.page_url.rstrip("/").rsplit(":", 1)[1])
        await page.goto(api.chat.page_url)
        sent = await api.next_update()
        chat_id = sent["message"]["chat"]["id"]
        await api.ok("sendMessage", chat_id=chat_id, text="An old question", reply_markup=keys("Old"))
        await shows(page, "An old question")
        await write(page, "said before the end")
        lost = (await api.updates())[0]  # fetched, never confirmed
    async with started(secret=secret, page_port=page_port) as api:
        again = await api.next_update()
        assert again["update_id"] == lost["update_id"]
        assert again["message"]["text"] == "said before the end"
        await page.get_by_role("button", name="Old").click()
        query = (await api.next_update())["callback_query"]
        assert query["from"]["id"] == chat_id
        assert query["message"]["date"] == 0
        await api.ok("sendMessage", chat_id=chat_id, text="Here again")
        await shows(page, "Here again")
        await shows(page, "An old question")
    await context.close()


async def test_several_frames_of_one_page_are_several_people(browser: Browser, started: Started) -> None:
    frames = "".join(f'<iframe src="/?embed=1&name={name}"></iframe>' for name in ("child", "lead"))

    async def phones(_request: web.Request) -> web.Response:
        return web.Response(
            text=frames, content_type="text/html", headers={"Content-Security-Policy": "frame-src 'self'"}
        )

    async with started(embeddable=True, routes=[web.get("/phones", phones)]) as api:
        page = await browser.new_page()
        await page.goto(api.chat.page_url + "phones")
        people = {(await api.next_update())["message"]["chat"]["id"] for _ in range(2)}
        assert len(people) == 2
        await page.close()


async def test_a_picture_from_the_bot_is_drawn_and_a_file_of_the_person_arrives(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot, api: Api
) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await page.locator("#file").set_input_files({"name": "note.txt", "mimeType": "text/plain", "buffer": b"my note"})
    await shows(page, "note.txt (1 KB)")
    await until(lambda: any("document" in one.get("message", {}) for one in bot.seen))
    document = next(one["message"]["document"] for one in bot.seen if "document" in one.get("message", {}))
    path = (await api.ok("getFile", file_id=document["file_id"]))["file_path"]
    async with api.http.get(f"{chat.api_url}/file/bot{chat.token}/{path}") as answer:
        assert await answer.read() == b"my note"


async def test_the_script_uses_no_storage_but_the_session_and_names_no_other_host() -> None:
    folder = Path(__file__).parents[3] / "bot" / "webchat" / "page"
    for path in folder.iterdir():
        text = path.read_text()
        assert not re.search(r"https?://(?!\w*/i)[a-z0-9]", text), path.name
        assert "localStorage" not in text or path.name == "session.js"
        assert "style=" not in text or path.suffix == ".js"
