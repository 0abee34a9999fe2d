"""The page in a real browser: keyboard, tabs, secrets, copying, restarts, leaving."""

import asyncio
import struct
import zlib

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, Route

from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.kinds import Started
from tests.bot.webchat.scripted_bot import ScriptedBot, keys, picture, shows, tab, write

pytestmark = pytest.mark.browser


async def test_a_whole_story_with_the_keyboard_alone(context: BrowserContext, chat: WebChat, bot: ScriptedBot) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await page.keyboard.press("Tab")
    assert await focused(page) == "Leave"
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
    await page.locator(".mine .state.kept").wait_for()
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
    await second.locator("#status", has_text="This tab is a new talk.").wait_for()
    assert await first.locator("#status").inner_text() == ""
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


async def test_a_notice_takes_no_secrets_field_away_and_the_question_stays_in_sight(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    for _ in range(6):
        await write(page, "something that fills the screen")
    await write(page, "secret")
    passphrase = page.locator("input[autocomplete=current-password]")
    await passphrase.fill("correct horse")
    question = page.locator(".theirs", has_text="Please unlock.")
    assert await question.evaluate("one => one.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom")
    person = bot.seen[-1]["message"]["chat"]["id"]
    await bot.api.ok("sendMessage", chat_id=person, text="Something new: soon", protect_content=True)
    await shows(page, "Something new: soon")
    assert await passphrase.input_value() == "correct horse"
    await bot.say(person, "Never mind.")
    await shows(page, "Never mind.")
    await passphrase.wait_for(state="detached")


@pytest.mark.usefixtures("bot")
async def test_a_code_is_copied_by_a_tap_and_a_number_can_be_called(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await write(page, "code")
    await page.locator("button.code").click()
    await page.locator("#status", has_text="Copied").wait_for()
    assert await page.evaluate("navigator.clipboard.readText()") == "lamp river stone"
    assert await page.get_by_role("link", name="0800 1111").get_attribute("href") == "tel:08001111"
    await picture(page, "code")


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


async def test_a_file_of_the_person_arrives(context: BrowserContext, chat: WebChat, bot: ScriptedBot, api: Api) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await page.locator("#file").set_input_files({"name": "note.txt", "mimeType": "text/plain", "buffer": b"my note"})
    await shows(page, "note.txt (1 KB)")
    await until(lambda: any("document" in one.get("message", {}) for one in bot.seen))
    document = next(one["message"]["document"] for one in bot.seen if "document" in one.get("message", {}))
    path = (await api.ok("getFile", file_id=document["file_id"]))["file_path"]
    async with api.http.get(f"{chat.api_url}/file/bot{chat.token}/{path}") as answer:
        assert await answer.read() == b"my note"


async def test_what_is_written_without_a_connection_arrives_once(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await shows(page, "What would you like to do?")
    await context.set_offline(True)
    await write(page, "into the void")
    await page.locator("#status", has_text="No connection").wait_for()
    await page.get_by_role("link", name="0800 1111").wait_for()
    assert await page.locator("#help").evaluate("help => help.scrollHeight <= help.clientHeight")  # no number is cut
    await context.set_offline(False)
    await shows(page, "I heard 13 letters.")
    await page.locator("#status", has_text="No connection").wait_for(state="hidden")
    await page.locator("#help").wait_for(state="hidden")
    assert [one["message"]["text"] for one in bot.seen] == ["/start", "into the void"]


async def test_words_that_the_server_refuses_stand_in_the_field_again(
    browser: Browser, chat: WebChat, bot: ScriptedBot
) -> None:
    context = await browser.new_context()  # the other one complains of what a browser says of a refusal
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await context.route("**/api/send", lambda route: route.fulfill(status=400, json={"error": "bad"}), times=1)
    await write(page, "not for you")
    await page.locator("#status", has_text="This could not be sent.").wait_for()
    assert await page.locator("#text").input_value() == "not for you"
    assert await page.locator(".mine").count() == 0
    await page.locator("#text").press("Enter")
    await shows(page, "I heard 11 letters.")
    assert [one["message"]["text"] for one in bot.seen] == ["/start", "not for you"]
    await context.close()


async def test_what_the_bot_deletes_before_the_page_has_heard_of_it_leaves_the_screen(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    held, deleted = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        if held.is_set():
            await deleted.wait()
        await route.continue_()

    await context.route("**/api/events", hold)
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    held.set()
    # It answers the request that waits, if there is one; the next one is held.
    await bot.say(bot.seen[0]["message"]["chat"]["id"], "Go on.")
    await write(page, "my eight words")
    await page.locator(".mine", has_text="my eight words").wait_for()
    await until(lambda: bot.seen[-1]["message"]["text"] == "my eight words")
    own = bot.seen[-1]["message"]
    await bot.api.ok("deleteMessage", chat_id=own["chat"]["id"], message_id=own["message_id"])
    deleted.set()
    await shows(page, "I heard 14 letters.")
    await page.locator(".mine", has_text="my eight words").wait_for(state="detached")


@pytest.mark.usefixtures("bot")
async def test_a_chat_is_kept_for_a_day_only_if_asked_for(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await write(page, "keep me")
    await shows(page, "I heard 7 letters.")
    await page.locator("#menu-button").click()
    await page.locator("#keep").check()
    beside = await tab(context, chat)  # a second tab is still somebody else
    await shows(beside, "What would you like to do?")
    assert await beside.get_by_text("keep me").count() == 0
    await page.close()
    await beside.close()
    later = await tab(context, chat)
    await shows(later, "keep me")
    await later.evaluate("localStorage.chat = localStorage.chat.replace(/^\\d+/, '1')")
    await later.close()
    next_day = await tab(context, chat)
    await shows(next_day, "What would you like to do?")
    assert await next_day.get_by_text("keep me").count() == 0
    assert await next_day.evaluate("localStorage.length") == 0


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def test_a_picture_from_the_bot_is_drawn(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot, api: Api
) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    form = aiohttp.FormData({"chat_id": str(bot.seen[0]["message"]["chat"]["id"]), "caption": "Scan me"})
    form.add_field("photo", png(40, 30), filename="code.png")
    async with api.http.post(api.url("sendPhoto"), data=form) as answer:
        assert answer.status == 200
    photo = page.locator("img.photo[src]")  # not a condition polled in the page: its CSP refuses to evaluate one
    await photo.wait_for()
    assert await photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    await shows(page, "Scan me")


async def test_the_page_shows_a_proof_of_work_without_making_anybody_wait(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    found = asyncio.Event()  # its worker ends once it has found the proof
    context.on("page", lambda page: page.on("worker", lambda worker: worker.on("close", lambda _: found.set())))
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    await asyncio.wait_for(found.wait(), 20)
    await write(page, "hello")
    await shows(page, "I heard 5 letters.")
    assert bot.seen
    [known] = chat._door.chats._chats.values()
    assert known.proved
