"""The page under a path: everything stands there and at the root, and every address of ours is relative."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from multidict import istr
from playwright.async_api import Browser
from yarl import URL

from bot.demo.phones import Phones
from bot.deployment.settings import Webhook, load
from bot.updates.webhook import WebhookReceiver
from tests.bot.webchat.kinds import Started
from tests.person import Person
from tests.story.pictures import LAPTOP, watched

PATHS = {
    "a name": "/hark",
    "two names": "/support/chat",
    "with a slash at its end": "/hark/",
    "with a space": "/our%20chat",
    "not in Latin": "/محادثة",
    "not in Latin, as browsers send it": "/%D9%85%D8%AD",
    "a colon": "/a:b",
    "braces": "/{hark}",
    "a percent sign of its own": "/100%25",
    "plus and tilde": "/~a+b",
    "as a page of ours is called": "/api",
}
FILES = ("", "proof.js", "healthz")


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
async def test_the_page_stands_under_its_path_and_at_the_root(started: Started, path: str) -> None:
    async with started(path=path) as api:
        for home in (api.chat.page_url, f"{api.chat.page_url}{path.strip('/')}/"):
            for file in FILES:
                async with api.http.get(home + file) as answer:
                    assert answer.status == 200, file
                    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            async with await Person.arrive(home, start=None) as person:
                await person.type("hello")
                assert (await api.next_update())["message"]["text"] == "hello"


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("query", ["", "?start=j-AB%2FC&lang=es", "?x=//evil.example"])
async def test_without_its_slash_it_sends_on_to_itself_whatever_stands_in_front(
    started: Started, path: str, query: str
) -> None:
    async with started(path=path) as api:
        bare = URL(f"{URL(api.chat.page_url + path.strip('/'))}{query}", encoded=True)
        async with api.http.get(bare, allow_redirects=False) as answer:
            assert answer.status == 302
            assert answer.headers["Cache-Control"] == "no-store"
            location = answer.headers["Location"]
        assert location.startswith("./")
        # Under a longer path, as a proxy that strips a part of it shows it.
        assert URL("https://school.example/more/x").join(URL(location, encoded=True)).path.startswith("/more/")
        async with api.http.get(bare) as answer:
            assert answer.url.raw_path == f"{bare.raw_path}/"
            assert answer.url.query == bare.query
            assert 'id="composer"' in await answer.text()


async def test_what_only_begins_like_the_path_is_not_there(started: Started) -> None:
    async with started(path="/hark") as api:
        for other in ("harkness", "hark.", "har", "hark/hark", "HARK/", "hark//"):
            async with api.http.get(api.chat.page_url + other) as answer:
                assert answer.status == 404, other


def test_no_address_of_ours_begins_at_the_root() -> None:
    folders = (Path("bot/webchat/page"), Path("bot/demo/phones_page"))
    files = [file for folder in folders for file in folder.iterdir() if file.suffix in {".html", ".css", ".js"}]
    assert len(files) > 10
    for file in files:
        text = file.read_text("utf-8")
        assert re.findall(r"""(?:href|src|action)=["']/|url\(["']?/|fetch\(["'`]/|from ["']/""", text) == [], file


@pytest.mark.browser
@pytest.mark.sqlite_only("the demo's page shows what is in a SQLite file")
async def test_the_phones_page_finds_its_files_and_its_phones(
    browser: Browser, started: Started, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "hark.db")) as made:
        made.execute("CREATE TABLE kept (name TEXT)")
        made.execute("INSERT INTO kept VALUES ('a row of the database')")
        made.commit()
    routes = Phones(tmp_path / "hark.db").routes()
    async with started(path="/hark", embeddable=True, routes=routes) as api:
        home = f"{api.chat.page_url}hark/"
        async with watched(browser, home, LAPTOP) as context:
            page = await context.new_page()
            await page.goto(f"{home}phones/")
            await page.get_by_text("a row of the database").wait_for()
            people = {(await api.next_update())["message"]["chat"]["id"] for _ in range(5)}
            assert len(people) == 5
            address = "(frames) => frames.map((frame) => frame.contentWindow.location.href)"
            shown = await page.eval_on_selector_all("iframe", address)
            assert {url.partition("?")[0] for url in shown} == {home}


@pytest.mark.parametrize(
    ("public", "webhook"),
    [
        ("https://school.example/hark/", "https://school.example/hark/telegram"),
        ("https://school.example/a/b", "https://school.example/a/b/in/here"),
        ("https://school.example/hark", "https://other.example/telegram"),
        ("https://school.example", "https://school.example/hark/telegram"),
        ("", "https://school.example/telegram"),
    ],
)
async def test_telegram_finds_its_way_in_whether_the_path_is_stripped_or_not(
    started: Started, tmp_path: Path, public: str, webhook: str
) -> None:
    settings = load({"HARK_DATA_DIR": str(tmp_path), "HARK_PUBLIC_URL": public})
    path = URL(settings.public_url).path if public else ""
    secret = "s" * 20
    asked = URL(webhook).path
    async with started(path=path, routes=[WebhookReceiver(Webhook(webhook, secret)).route(path)]) as api:
        for sent in {asked, "/" + asked.removeprefix(path).removeprefix("/")}:
            headers = {istr("X-Telegram-Bot-Api-Secret-Token"): secret}
            async with api.http.post(api.chat.page_url.rstrip("/") + sent, headers=headers) as answer:
                assert answer.status == web.HTTPServiceUnavailable.status_code  # found, and not open yet


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://hark.example", "https://hark.example/"),
        ("https://hark.example/", "https://hark.example/"),
        ("https://school.example/hark", "https://school.example/hark/"),
        ("https://school.example/hark//", "https://school.example/hark/"),
        ("https://school.example:8443/a/b/", "https://school.example:8443/a/b/"),
        ("", ""),
    ],
)
def test_the_address_is_shown_with_a_slash_at_its_end(tmp_path: Path, given: str, shown: str) -> None:
    assert load({"HARK_DATA_DIR": str(tmp_path), "HARK_PUBLIC_URL": given}).public_url == shown
