"""What a bot would say first to whoever opens the page, drawn into its HTML: it is seen before any script has come.

Nothing is opened and nobody is heard of: the page's scripts put the bot's own first words in the place of these, and
tap what was tapped of these. How it is drawn is how `bubbles.js` and `keys.js` draw it.
"""

import asyncio
import html
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import TypeAlias

from aiohttp import web

from bot.webchat.base.protocol import GREETING_KEPT_SECONDS, GREETING_SECONDS, JsonObject
from bot.webchat.chat.chats import KeptMessage
from bot.webchat.http.page_view import message_view
from bot.webchat.markup.keyboards import inline_keyboard

# Takes a language tag of a browser, such as "es-mx"; gives text and reply_markup as sendMessage has them, or None
Greet: TypeAlias = Callable[[str], Awaitable[JsonObject | None]]

_TAG = re.compile(r"[A-Za-z0-9-]{2,12}")
_TAGS_KEPT = 64
_SHORT = {"three": 11, "two": 20}  # letters, as in keys.js


class Greetings:
    """The greeting for each language that was asked for, as it was a few seconds ago at most."""

    def __init__(self) -> None:
        self.greet: Greet | None = None
        self._kept: dict[str, tuple[float, str]] = {}

    async def drawn_for(self, request: web.Request) -> str:
        """Return the greeting as HTML; "" where a link has more to say, and where the bot does not know it at once.

        Raises:
            Refusal: What the bot would say has buttons that the Bot API refuses (a bug of the bot).
        """
        if self.greet is None or {"start", "name", "embed"} & request.query.keys():
            return ""
        language = _language(request)
        until, drawn = self._kept.get(language, (0.0, ""))
        if time.monotonic() >= until:
            drawn = await self._ask(self.greet, language)
            if len(self._kept) >= _TAGS_KEPT:
                self._kept.clear()
            self._kept[language] = (time.monotonic() + GREETING_KEPT_SECONDS, drawn)
        return drawn

    async def _ask(self, greet: Greet, language: str) -> str:
        with suppress(TimeoutError):
            async with asyncio.timeout(GREETING_SECONDS):
                said = await greet(language)
                return draw_greeting(said, language) if said else ""
        return ""


def draw_greeting(said: JsonObject, language: str) -> str:
    """Draw a message of text and keys; "" for one with anything else, such as a number to call.

    Args:
        said: ``text`` and ``reply_markup`` as sendMessage has them; the text is escaped.
        language: What the page's element says of it.

    Raises:
        Refusal: A button that the Bot API refuses.
    """
    wire = {"message_id": 0, "date": 0, "text": said["text"]}
    view = message_view(
        KeptMessage({**wire, "reply_markup": inline_keyboard(said.get("reply_markup")) or {}}, mine=False)
    )
    keys = [key for row in view["buttons"] for key in row]
    if view["entities"] or not all("data" in key for key in keys):
        return ""
    text = '<span class="gap"></span>'.join(html.escape(one, quote=False) for one in view["text"].split("\n\n"))
    lines = "".join(
        f'<div class="keys {kind}" role="group" aria-labelledby="text-0">{"".join(map(_key, row))}</div>'
        for row, kind in _lines(view["buttons"])
    )
    direction = "rtl" if language.partition("-")[0] == "ar" else "ltr"  # as words.js has it
    return (
        f'<div id="greeting" class="log" lang="{language}" dir="{direction}"><div class="message theirs" tabindex="-1">'
        f'<div class="bubble"><div class="text" dir="auto" id="text-0">{text}</div></div>{lines}</div></div>'
    )


def _key(key: JsonObject) -> str:
    name = " ".join(filter(None, ("key", key["style"], key["variant"])))
    data = html.escape(key["data"])
    label = html.escape(key["text"], quote=False)
    return f'<button class="{name}" data-asks="{data}" dir="auto" type="button">{label}</button>'


def _lines(rows: list[list[JsonObject]]) -> Iterator[tuple[list[JsonObject], str]]:
    drawn: list[tuple[list[JsonObject], str]] = []
    for row in rows:
        kind = _kind(row)
        if drawn and kind in {"choice", "plain"} and drawn[-1][1] == kind:
            drawn[-1][0].extend(row)
        else:
            drawn.append((list(row), kind))
    return ((keys, _width(keys) if kind == "choice" and len(keys) > 1 else kind) for keys, kind in drawn)


def _kind(row: list[JsonObject]) -> str:
    if all(key["variant"] == "plain" for key in row):
        return "plain"
    if len(row) > 1:
        return "row"
    return "" if row[0]["style"] or row[0]["variant"] else "choice"


def _width(keys: list[JsonObject]) -> str:
    longest = max(len(key["text"].encode("utf-16-le")) // 2 for key in keys)
    if longest <= _SHORT["three"] and len(keys) > 2:
        return "three"
    return "two" if longest <= _SHORT["two"] else "one"


def _language(request: web.Request) -> str:
    """The language that the page's script will tell of, in a tab that has chosen none."""
    asked = request.query.get("lang") or re.split("[,;]", request.headers.get("Accept-Language", ""))[0].strip() or "en"
    return asked.lower() if _TAG.fullmatch(asked) else "en"
