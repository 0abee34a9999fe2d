"""A small bot that answers by a table, and what tests do with the page it speaks on."""

import os
from pathlib import Path

from playwright.async_api import BrowserContext, Page

from bot.webchat.base.protocol import JsonObject
from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api

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
            "code": lambda: self.say(
                chat_id, "Keep these words: lamp river stone\nOr call 0800 1111.", code="lamp river stone"
            ),
            "rtl": lambda: self.say(chat_id, "مرحبا، كيف يمكننا المساعدة؟"),
            "edit": lambda: self.edited(chat_id),
            "languages": lambda: self.say(chat_id, "Which language?", row("English", "Español", "العربية")),
            "receipt": lambda: self.say(chat_id, f"Keep these.\n\n{EIGHT}\n\nThen go on.", RECEIPT, code=EIGHT),
            "ranks": lambda: self.say(chat_id, "Are you safe?", {"inline_keyboard": RANKS}),
            "four": lambda: self.say(chat_id, "One.\n\nTwo: 0808 800 5000", row("Back", "Skip", "Help now", "More")),
        }
        await script.get(
            text.split("\n")[0].split(" ")[0], lambda: self.say(chat_id, f"I heard {len(text)} letters.")
        )()

    async def edited(self, chat_id: int) -> None:
        sent = await self.say(chat_id, "Which one?", keys("This", "That"))
        await self.api.ok(
            "editMessageText", chat_id=chat_id, message_id=sent["message_id"], text="Changed.", reply_markup=keys("New")
        )

    async def say(self, chat_id: int, text: str, markup: JsonObject | None = None, code: str = "") -> JsonObject:
        """Say a text of ASCII, `code` in it as code."""
        marks = [{"type": "code", "offset": text.index(code), "length": len(code)}] if code else []
        return await self.api.ok("sendMessage", chat_id=chat_id, text=text, entities=marks, reply_markup=markup)


def key(label: str, **how: str) -> JsonObject:
    return {"text": label, "callback_data": label, **how}


RANKS = [
    [key("Done", style="primary")],
    *([key(label)] for label in ("Yes", "No", "Not sure")),
    [key("A choice that is too long for two in a row")],
    [key("That is enough", variant="plain")],
    [key("Back", variant="plain"), key("More", variant="plain")],
]


EIGHT = "amber basket cobalt dolphin engine feather garden harbour"
RECEIPT = {
    "inline_keyboard": [
        [key("Go on", style="primary")],
        [{"text": "Copy the words", "copy_text": {"text": EIGHT}}],
        [key("Words to come back", variant="lasting")],
    ],
    "private": True,
}


def keys(*labels: str) -> JsonObject:
    return {"inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]}


def row(*labels: str) -> JsonObject:
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in labels]]}


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
