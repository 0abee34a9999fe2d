"""Two listeners: what the public port says and with which headers, and what only the loopback port answers."""

import re
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api
from tests.bot.webchat.kinds import Started
from tests.person import Person

POLICY = re.compile(
    r"default-src 'none'; script-src 'self'( 'sha256-[\w+/]{43}=')+; style-src( 'sha256-[\w+/]{43}=')+; "
    r"connect-src 'self'; img-src 'self' blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
STRICT = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize("path", ["", "proof.js", "healthz", "favicon.ico", "nothing-here", "api/open"])
async def test_every_answer_of_the_public_port_has_the_strict_headers(api: Api, path: str) -> None:
    async with api.http.get(api.chat.page_url + path) as answer:
        assert answer.headers.items() >= STRICT.items()
        assert POLICY.fullmatch(answer.headers["Content-Security-Policy"])
        assert "Set-Cookie" not in answer.headers
        assert "aiohttp" not in answer.headers["Server"]


async def test_the_page_has_the_operators_neutral_words_and_no_markup_of_theirs(started: Started) -> None:
    async with started(page_title="Tom & <i>", leave_to="https://example.org/?a&b", uploads=False) as api:
        async with api.http.get(api.chat.page_url) as answer:
            text = await answer.text()
        assert "<title>Tom &amp; &lt;i&gt;</title>" in text
        assert 'data-leave-to="https://example.org/?a&amp;b"' in text
        assert re.search(r'<button[^>]* id="attach"[^>]* hidden>', text)
        async with await Person.arrive(api.chat.page_url, start=None) as person:
            with pytest.raises(PermissionError, match="415 words"):
                await person.upload("a", b"x")


async def test_the_bot_api_is_not_on_the_public_port(api: Api) -> None:
    async with api.http.get(f"{api.chat.page_url}bot{api.chat.token}/getMe") as answer:
        assert answer.status == 404
    assert api.chat.api_url.startswith("http://127.0.0.1:")


async def test_the_token_is_new_at_each_start() -> None:
    assert WebChat("B", "127.0.0.1", 0).token != WebChat("B", "127.0.0.1", 0).token


async def test_other_pages_can_be_mounted_and_bring_their_own_policy(started: Started) -> None:
    async def demo(_request: web.Request) -> web.Response:
        return web.Response(text="demo", headers={"Content-Security-Policy": "frame-src 'self'"})

    async with started(embeddable=True, routes=[web.get("/demo", demo)]) as api:
        async with api.http.get(api.chat.page_url + "demo") as answer:
            assert answer.headers["Content-Security-Policy"] == "frame-src 'self'"
        async with api.http.get(api.chat.page_url) as answer:
            assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


async def test_a_foreign_page_cannot_post_without_being_asked_first(api: Api, person: Person) -> None:
    body = f'{{"token": "{person.token}", "id": "1", "text": "x"}}'
    async with api.http.post(api.chat.page_url + "api/send", data=body, headers={"Content-Type": "text/plain"}) as no:
        assert no.status == 400
    assert api.chat.pending == 0


async def test_a_taken_port_is_an_error_and_leaves_nothing_listening(chat: WebChat) -> None:
    port = int(chat.page_url.rstrip("/").rsplit(":", 1)[1])
    second = WebChat("B", "127.0.0.1", port)
    with pytest.raises(OSError, match="in use"):
        await second.start()
    with pytest.raises(IndexError):
        _ = second.api_url
    await second.close()


async def test_closing_ends_waiting_requests_and_may_be_repeated(started: Started) -> None:
    async with started() as api, await Person.arrive(api.chat.page_url):
        await api.chat.close()
        await api.chat.close()
        with pytest.raises((aiohttp.ClientError, IndexError)):
            await api.ok("getMe")


def test_a_secret_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter than 16"):
        WebChat("B", "127.0.0.1", 0, secret=b"short")


def test_no_word_of_anybody_becomes_markup_on_a_page() -> None:
    """What is made into elements from a text is a constant of the script's own."""
    sources = [*Path("bot/webchat/page").glob("*.js"), *Path("bot/phones").glob("*.js")]
    assert len(sources) > 5
    for source in sources:
        text = source.read_text("utf-8")
        assert not re.search(
            r"insertAdjacentHTML|outerHTML|document\.write|\beval\(|new Function|ContextualFragment", text
        )
        assert re.findall(r"innerHTML\s*\+?=(?!\s*\"[^\"]*\";)", text) == [], source
