"""How the page looks and reads: direction, small phones, large text, contrast, and nothing from anywhere else."""

import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route

from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api
from tests.bot.webchat.kinds import Started
from tests.bot.webchat.scripted_bot import ScriptedBot, keys, picture, shows, tab, write

pytestmark = pytest.mark.browser
CATALOGUES = sorted(path.parts[-3] for path in Path("locales").glob("*/LC_MESSAGES/hark.po"))

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


async def test_the_page_goes_over_to_the_language_that_is_tapped(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot, api: Api
) -> None:
    arabic = [{"command": "help", "description": "مساعدة الآن"}]
    await api.ok("setMyCommands", commands=arabic, language_code="ar")
    page = await tab(context, chat)
    await write(page, "languages")
    await page.get_by_role("button", name="العربية").click()
    await shows(page, "You chose العربية.")
    await _all_is_arabic(page)
    await page.reload()
    await shows(page, "You chose العربية.")
    await _all_is_arabic(page)
    await write(page, "once more")
    await shows(page, "I heard 9 letters.")
    assert bot.seen[-1]["message"]["from"]["language_code"] == "ar"
    beside = await tab(context, chat)  # another tab is another person
    assert await beside.evaluate("document.documentElement.dir") == "ltr"
    await page.get_by_role("button", name="English").click()
    await shows(page, "You chose English.")
    assert await page.evaluate("document.documentElement.dir") == "ltr"
    assert await page.locator("#leave").inner_text() == "Leave"


async def _all_is_arabic(page: Page) -> None:
    assert await page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert await page.locator("#leave").inner_text() == "خروج"
    assert await page.locator("#text").get_attribute("placeholder") == "اكتب هنا"
    assert await page.locator("#log").get_attribute("aria-label") == "المحادثة"
    await page.locator("#commands", has_text="مساعدة الآن").wait_for(state="attached")


@pytest.mark.usefixtures("bot")
async def test_four_buttons_of_a_row_and_a_number_stay_on_one_line(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await write(page, "four")
    await shows(page, "One.")
    keys = page.locator(".keys").last.locator(".key")
    boxes = [await keys.nth(number).bounding_box() for number in range(4)]
    assert len({box["y"] for box in boxes}) == 1
    assert all(box["width"] >= 44 for box in boxes)
    assert await page.get_by_role("link", name="0808 800 5000").evaluate("link => link.getClientRects().length") == 1
    text = page.locator(".theirs .text").last
    line = await text.evaluate("text => parseFloat(getComputedStyle(text).lineHeight)")
    assert (await text.bounding_box())["height"] < 2.6 * line  # two lines, and less than a third between them
    assert await text.inner_text() == "One.\nTwo: 0808 800 5000"


@pytest.mark.usefixtures("bot")
async def test_one_key_is_filled_and_short_choices_stand_side_by_side(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await write(page, "ranks")
    await shows(page, "Are you safe?")
    await picture(page, "ranks")
    drawn = "[...document.querySelectorAll('.theirs:nth-last-child(2) .key')].map((key) => [key.innerText, {}])"
    core = dict(await page.evaluate(drawn.format("getComputedStyle(key).backgroundColor")))
    assert len({core["Done"], core["Yes"], core["Back"]}) == 3
    assert [label for label, colour in core.items() if colour == core["Done"]] == ["Done"]
    assert core["Back"] == core["More"] == core["That is enough"] == "rgba(0, 0, 0, 0)"
    top = dict(await page.evaluate(drawn.format("key.getBoundingClientRect().top")))
    assert top["That is enough"] == top["Back"] == top["More"]


@pytest.mark.usefixtures("bot")
async def test_three_short_choices_are_one_row_and_larger_text_makes_more(
    context: BrowserContext, chat: WebChat, bot: ScriptedBot
) -> None:
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await shows(page, "What would you like to do?")
    person = bot.seen[0]["message"]["chat"]["id"]
    await bot.say(person, "Are you safe?", keys("Yes", "No", "Not sure"))
    await shows(page, "Are you safe?")
    tops = "[...document.querySelectorAll('.three .key')].map((key) => key.getBoundingClientRect().top)"
    assert len(set(await page.evaluate(tops))) == 1
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert len(set(await page.evaluate(tops))) > 1
    assert await page.evaluate("document.querySelector('#log').scrollWidth <= 320")


@pytest.mark.usefixtures("bot")
async def test_a_window_that_becomes_smaller_says_that_more_is_below(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await write(page, "ranks")
    await shows(page, "Are you safe?")
    below = page.locator("#below")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await below.wait_for(state="hidden")
    await page.set_viewport_size({"width": 320, "height": 300})
    await below.wait_for(state="visible")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await below.wait_for(state="hidden")


#: What a browser of before 2021 passes over, and how it reads what is written for it.
_UNKNOWN = re.compile(
    r"(?<![-\w])((gap|inset(-\w+)*|(margin|padding)-(block|inline)):|[\w-]+: [^;{}]*\b(min|max)\()[^;{}]*;"
)
_FOR_OLD, _FOR_EVERY = "@supports not (inset: 0)", "@supports (display: block)"


@pytest.mark.usefixtures("bot")
async def test_a_browser_of_before_2021_has_room_between_buttons_and_hides_nothing(
    context: BrowserContext, chat: WebChat
) -> None:
    async def as_old_browsers_read_it(route: Route) -> None:
        given = await route.fetch()
        before, style, after = re.split(r"(?s)(?<=<style>)(.*?)(?=</style>)", await given.text(), maxsplit=1)
        style = style.replace("overflow-wrap: anywhere", "").replace(_FOR_OLD, _FOR_EVERY)
        # What is changed has another hash than the policy allows.
        headers = {name: value for name, value in given.headers.items() if name != "content-security-policy"}
        await route.fulfill(response=given, headers=headers, body=before + _UNKNOWN.sub("", style) + after)

    await context.route(chat.page_url, as_old_browsers_read_it)
    page = await tab(context, chat)
    await page.set_viewport_size({"width": 320, "height": 568})
    await write(page, "four " + "w" * 200)
    await shows(page, "One.")
    await picture(page, "before-2021")
    keys = page.locator(".keys").last.locator(".key")
    boxes = [await keys.nth(number).bounding_box() for number in range(4)]
    for one, other in pairwise(boxes):
        beside, below = other["x"] - one["x"] - one["width"], other["y"] - one["y"] - one["height"]
        assert max(beside, below) >= 6, boxes
    assert await page.evaluate("document.querySelector('#log').scrollWidth <= 320")
    send, words = await page.locator("#send").bounding_box(), await page.locator("#text").bounding_box()
    assert send["x"] >= words["x"] + words["width"]  # inside the field, beside what is written
    await page.evaluate("document.querySelector('#alert').hidden = false")
    cover = await page.locator("#alert").bounding_box()
    assert (cover["x"], cover["y"], cover["width"], cover["height"]) == (0, 0, 320, 568)


async def test_without_scripts_there_are_numbers_and_a_way_out_and_nothing_to_type_into(
    browser: Browser, chat: WebChat
) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 568})
    page = await context.new_page()
    await page.goto(chat.page_url)
    await picture(page, "without-scripts")
    assert await page.get_by_role("link", name="999").is_visible()
    assert await page.get_by_role("link", name="0800 1111").is_visible()
    for words in ("If anyone is in danger now", "Si alguien está en peligro ahora", "إن كان أحدٌ في خطر الآن"):
        assert await page.locator(".unscripted li", has_text=words).is_visible()
    assert not await page.locator("#text").is_visible()
    assert not await page.locator("#leave").is_visible()
    assert await page.get_by_role("link", name="Leave quickly").get_attribute("href") == "about:blank"
    await context.close()


async def test_without_scripts_the_schools_own_contact_is_named_in_every_language_of_hark(
    browser: Browser, started: Started
) -> None:
    contacts = (("Ms <Carter>, Room 12", ""), ("Children's services", "01234 555 010"))
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 568})
    async with started(numbers=(("", "999"),), contacts=contacts) as api:
        page = await context.new_page()
        await page.goto(api.chat.page_url)
        await picture(page, "without-scripts-contacts")
        assert await page.locator("li", has_text="Ms <Carter>, Room 12").is_visible()
        number = page.get_by_role("link", name="01234 555 010")
        assert await number.get_attribute("href") == "tel:01234555010"
        for language in CATALOGUES:  # each label: what the page says, leaving, danger, and while it is open
            assert await page.locator(f".unscripted [lang={language}]:visible").count() == 4, language
        for words in ("While we are open", "Cuando el centro está abierto", "خلال ساعات العمل"):
            assert await page.locator(".unscripted p", has_text=words).is_visible(), words
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    async with started(numbers=(("", "999"),)) as api:
        await page.goto(api.chat.page_url)
        assert not await page.locator(
            ".unscripted", has_text="While we are open"
        ).count()  # nobody is named: only the numbers stand there
    await context.close()


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
@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_the_talk_keeps_two_thirds_of_the_screen_at_twice_the_size(
    context: BrowserContext, chat: WebChat, language: str
) -> None:
    page = await tab(context, chat, f"?lang={language}")
    await page.locator(".key").first.wait_for()
    for width, height, letters in ((180, 320, "100%"), (160, 284, "100%"), (640, 400, "100%"), (360, 640, "200%")):
        await page.set_viewport_size({"width": width, "height": height})  # a zoomed page is a smaller one
        await page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
        talk = await page.locator("main").bounding_box()
        assert talk["height"] >= 2 / 3 * height - 1, (width, height, letters, talk)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.usefixtures("bot")
async def test_a_question_is_heard_before_its_first_key(context: BrowserContext, chat: WebChat) -> None:
    page = await tab(context, chat)
    await shows(page, "What would you like to do?")
    group = page.get_by_role("group", name="Hello. What would you like to do?")
    assert await group.get_by_role("button").all_inner_texts() == ["Tell you something", "Come back"]
    ordered = "([...document.querySelectorAll('#log .text, #log .key')].map((one) => one.className))"
    assert (await page.evaluate(ordered))[0] == "text"


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


async def test_the_whole_page_is_one_answer_of_less_than_60_kilobytes(
    context: BrowserContext, chat: WebChat, api: Api
) -> None:
    headers = {"Accept-Encoding": "gzip"}
    async with api.http.get(chat.page_url, headers=headers, auto_decompress=False) as answer:
        packed = await answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
    async with api.http.get(chat.page_url + "proof.js") as answer:  # once there is nothing else to do
        proof = await answer.read()
    assert len(packed) + len(gzip.compress(proof)) < 60_000
    async with api.http.get(chat.page_url, headers={"Accept-Encoding": "identity"}) as answer:
        assert await answer.read() == gzip.decompress(packed)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url.removeprefix(chat.page_url)))
    await shows(await tab(context, chat), "A computer helps you write")
    assert [one for one in asked if "." in one and one not in {"favicon.ico", "proof.js"}] == []


async def test_the_script_uses_no_storage_but_the_session_and_names_no_other_host() -> None:
    folder = Path(__file__).parents[3] / "bot" / "webchat" / "page"
    for path in folder.iterdir():
        text = path.read_text()
        assert not re.search(r"https?://(?!\w*/i)[a-z0-9]", text), path.name
        assert "localStorage" not in text or path.name in {"session.js", "first.js"}
        assert "setItem" not in text or path.name == "session.js"  # first.js looks, and keeps nothing
        assert "style=" not in text or path.suffix == ".js"
