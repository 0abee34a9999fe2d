"""The bot's first words, in the page before any script: drawn as the page draws them, and a tap on them counts."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from bot.webchat.base.protocol import JsonObject
from bot.webchat.http.greeting import draw_greeting
from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.scripted_bot import key, keys, row, shows, tab

SAID: dict[str, JsonObject] = {
    "en": {
        "text": "This is for <practice> only.\n\nWho are you & where?",
        "reply_markup": {
            "inline_keyboard": [
                *(
                    [key(label)]
                    for label in ("I am under 12", "I am 12 to 17", "I am a parent or carer", "I work here")
                ),
                [key("English"), key("Español"), key("العربية")],
                [key("Come back", variant="plain"), key("Help", variant="plain")],
            ]
        },
    },
    "es": {"text": "¿Quién eres?", "reply_markup": keys("Yo", "Tú", "Otra")},
    "ar": {
        "text": "من أنت؟\n\nمن فضلك قل",
        "reply_markup": {
            "inline_keyboard": [
                [key("ابدأ", style="primary")],
                *([key(label)] for label in ("نعم، أنا هنا", "لست هنا الآن")),
            ]
        },
    },
}


async def greet(language: str) -> JsonObject | None:
    return SAID.get(language.partition("-")[0])


@pytest.mark.browser
@pytest.mark.parametrize("language", SAID)
async def test_the_greeting_is_drawn_as_the_page_draws_what_the_bot_says(
    context: BrowserContext, chat: WebChat, api: Api, language: str
) -> None:
    chat.greet_with(greet)
    page = await tab(context, chat, f"?lang={language}")
    await page.locator("#greeting .key").first.wait_for()
    before = await drawn(page, "#greeting > .theirs")
    places = await boxes(page, "#greeting .key")
    person = (await api.next_update())["message"]["chat"]["id"]
    await api.ok("sendMessage", chat_id=person, **SAID[language])
    await page.locator("#log > .theirs").wait_for()
    assert await drawn(page, "#log > .theirs") == before
    assert await boxes(page, "#log .key") == places  # so that a finger that is on its way meets the same key
    assert await page.locator("#greeting").count() == 0


async def drawn(page: Page, selector: str) -> list[JsonObject]:
    """Every element, with its attributes, and the text in it."""
    return await page.locator(selector).evaluate(
        """row => [row, ...row.querySelectorAll("*")].map((one) => [one.tagName, one.textContent,
          ...one.getAttributeNames().sort()
          .map((name) => name + "=" + one.getAttribute(name).replace(/^text-\\d+$/, "text"))])"""
    )


async def boxes(page: Page, selector: str) -> list[JsonObject]:
    return await page.locator(selector).evaluate_all("keys => keys.map((key) => key.getBoundingClientRect().toJSON())")


@pytest.mark.browser
async def test_a_key_that_is_tapped_before_the_bot_has_answered_is_tapped(
    context: BrowserContext, chat: WebChat, api: Api
) -> None:
    chat.greet_with(greet)
    page = await tab(context, chat, "?lang=es")
    await page.locator("#greeting").get_by_role("button", name="Tú").click()
    person = (await api.next_update())["message"]["chat"]["id"]
    await api.ok("sendMessage", chat_id=person, **SAID["es"])
    assert (await api.next_update())["callback_query"]["data"] == "Tú"
    await page.reload()
    await shows(page, "¿Quién eres?")
    assert not await page.locator("#greeting").is_visible()  # who has a talk sees the talk
    assert await api.ok("getUpdates") == []


@pytest.mark.browser
async def test_what_is_written_first_is_seen_and_the_greeting_ends(browser: Browser, chat: WebChat) -> None:
    chat.greet_with(greet)
    page = await browser.new_page(locale="es-ES")
    await page.goto(chat.page_url)
    await page.locator("#greeting", has_text="¿Quién eres?").wait_for()
    await page.locator("#text").fill("hola")
    await page.locator("#text").press("Enter")
    await page.locator(".mine", has_text="hola").wait_for()
    assert await page.locator("#greeting").count() == 0
    await page.close()


@pytest.mark.browser
async def test_a_link_that_says_more_does_not_begin_with_the_greeting(
    context: BrowserContext, chat: WebChat, api: Api
) -> None:
    chat.greet_with(greet)
    for link in ("?lang=es&start=join-1", "?lang=es#start=join-1", "?lang=es&name=child"):
        page = await tab(context, chat, link)
        await until(lambda: chat.pending == 1)
        assert not await page.locator("#greeting").is_visible(), link
        await api.next_update()
        await page.close()


async def test_asking_for_the_page_opens_nothing_and_a_bot_that_does_not_answer_is_not_waited_for(
    chat: WebChat, api: Api
) -> None:
    async def never(_language: str) -> JsonObject | None:
        await until(lambda: False)
        return None

    for how in (greet, never):
        chat.greet_with(how)
        language = "es" if how is greet else "xx"
        async with api.http.get(chat.page_url, headers={"Accept-Language": f"{language}-MX,en;q=0.5"}) as answer:
            assert ("¿Quién eres?" in await answer.text()) is (how is greet)
    assert len(chat._door.chats) == 0
    assert chat.pending == 0


async def test_a_language_of_a_request_is_no_markup(chat: WebChat, api: Api) -> None:
    async def any_language(_language: str) -> JsonObject | None:
        return SAID["es"]

    chat.greet_with(any_language)
    async with api.http.get(chat.page_url, params={"lang": '"><script>'}) as answer:
        assert 'lang="en"' in (await answer.text()).partition('id="greeting"')[2]


@pytest.mark.parametrize(
    "said",
    [
        {"text": "Call 0800 1111 now.", "reply_markup": keys("Yes")},
        {"text": "Look", "reply_markup": {"inline_keyboard": [[{"text": "there", "url": "https://example.org"}]]}},
    ],
)
def test_what_it_cannot_draw_is_left_to_the_page(said: JsonObject) -> None:
    assert draw_greeting(said, "en") == ""
    assert draw_greeting({"text": "<b>", "reply_markup": row('"')}, "en").count('data-asks="&quot;"') == 1
