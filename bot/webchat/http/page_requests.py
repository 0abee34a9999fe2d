"""What the page's requests say, read and checked, and how one is refused: ``{"error": word}`` with a status.

Also under which paths they come: a proxy may show the page below a name, such as ``/hark``.
"""

import asyncio
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from aiohttp import web
from yarl import URL

from bot.webchat.base.protocol import BODY_SECONDS, JsonObject
from bot.webchat.bot_api.call import Form, TooMuch, read_form, read_json
from bot.webchat.chat.registry import ChatsFull
from bot.webchat.chat.updates import QueueFull

JSON_BYTES = 160 * 1024  # 32,768 letters of four bytes, and the rest


class PageRefusal(Exception):  # noqa: N818 - named for what it is on the wire
    """A request of the page that is refused: status, word, seconds to wait for 429, and a sentence for a person."""

    def __init__(self, status: int, word: str, retry_after: float = 0.0, said: str = "") -> None:
        super().__init__(word)
        self.status, self.word, self.retry_after, self.said = status, word, retry_after, said


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turn refusals into the page's error shape.

    Where the queue of updates, or the number of chats, is full the page is told to come again in five seconds (503).
    """
    try:
        response: web.StreamResponse = await handler(request)
    except PageRefusal as refusal:
        body = {"error": refusal.word, "retry_after": refusal.retry_after, "said": refusal.said}
        return web.json_response(body, status=refusal.status)
    except (QueueFull, ChatsFull):
        return web.json_response({"error": "busy", "retry_after": 5}, status=503)
    return response


def slow_down(seconds: float) -> None:
    """Refuse a request that comes before its time.

    Raises:
        PageRefusal: 429, where there are seconds to wait.
    """
    if seconds:
        raise PageRefusal(429, "pace", math.ceil(seconds * 10) / 10)


async def body_form(request: web.Request, limit: int, seconds: float) -> Form:
    """Read a body of at most ``limit`` bytes within ``seconds``.

    Raises:
        PageRefusal: 400 where it cannot be read, 408 slow, 413 large.
    """
    try:
        async with asyncio.timeout(seconds):
            return await read_form(request, limit)
    except TimeoutError:
        raise PageRefusal(408, "slow") from None
    except TooMuch:
        raise PageRefusal(413, "large") from None
    except ValueError:
        raise PageRefusal(400, "bad") from None


async def body_json(request: web.Request) -> JsonObject:
    """Read a JSON body of at most ``JSON_BYTES``.

    Raises:
        PageRefusal: 400 for another type or no object; and as ``body_form``.
    """
    if request.content_type != "application/json":  # likewise: a foreign page cannot send this type unasked
        raise PageRefusal(400, "bad")
    return (await body_form(request, JSON_BYTES, BODY_SECONDS)).fields


def read_object(source: object) -> JsonObject:
    """Read a JSON object out of a field of a form.

    Raises:
        PageRefusal: 400 where it is none.
    """
    try:
        said = read_json(str(source))
    except ValueError:
        raise PageRefusal(400, "bad") from None
    if not isinstance(said, dict):
        raise PageRefusal(400, "bad")
    return said


def text_of(said: JsonObject, name: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters; "" where there is none.

    Raises:
        PageRefusal: 400 where it is no text, 413 where it is longer.
    """
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PageRefusal(400, "bad")
    if len(value) > limit:
        raise PageRefusal(413, "large")
    return value


def number_of(said: JsonObject, name: str) -> int:
    """Return a whole number; 0 where there is none."""
    value = said.get(name)
    return value if isinstance(value, int) else 0


def under(path: str, routes: Sequence[web.RouteDef]) -> Iterator[web.RouteDef]:
    """Give the routes as they are and, unless ``path`` has no name in it, under that path as well.

    ``path`` is as an address has it, percent-encoded or not. Some proxies strip it and some do not; either way a page
    finds its files by relative addresses. These need the slash at its end, to which a request without one is sent on,
    by a relative address too.
    """
    yield from routes
    name = URL(f"http://host/{path.strip('/')}").path_safe  # as the router compares paths: decoded but for / and %
    if name != "/":
        # A variable whose pattern is the name alone: only there does the router take every letter as itself.
        taken_as_itself = re.escape(name[1:]).replace(r"\{", r"\x7b").replace(r"\}", r"\x7d")
        begin = f"/{{path:{taken_as_itself}}}"
        yield web.get(begin, _send_to_slash)
        for one in routes:
            yield web.RouteDef(one.method, begin + one.path, one.handler, one.kwargs)


async def _send_to_slash(request: web.Request) -> NoReturn:
    last, asked = request.rel_url.raw_path.rpartition("/")[2], request.rel_url.raw_query_string
    # The dot keeps a name with a colon in it from being read as a scheme.
    raise web.HTTPFound(URL(f"./{last}/?{asked}" if asked else f"./{last}/", encoded=True))
