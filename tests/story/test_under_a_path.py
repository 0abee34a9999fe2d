"""Hark below a path of a school's own address, behind the web server of `deploy/`, in a real browser."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser

from tests.programs.run import program
from tests.story.blind import PASSPHRASE, Factors
from tests.story.pictures import PHONE, Tab, watched
from tests.story.test_behind_caddy import DEPLOY, _free_port
from tests.thoroughness import EXHAUSTIVE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy on this machine"),
]

WORDS = "They wait for me behind the bus stop. 🇬🇧 Zebrafish-canary."
#: The lines of the file that pass everything on.
_PROXY = re.compile(r"^\treverse_proxy .*?^\t}\n", re.MULTILINE | re.DOTALL)


def _under_paths(text: str) -> str:
    """The file with `/hark`, which stays, as it says itself, and with `/cut`, which is stripped, as the guide says."""
    path, begin, end = re.findall(r"^\t#(\t.*\n)", text, re.MULTILINE)
    cut = "\tredir /cut /cut/?{query}\n\thandle_path /cut/* {\n"
    return _PROXY.sub(lambda found: f"{path}{begin}{found[0]}{end}{cut}{found[0]}\t}}\n\trespond 404\n", text)


async def test_a_talk_under_a_path_asks_for_nothing_outside_it(browser: Browser, tmp_path: Path) -> None:
    outside, inside = _free_port(), _free_port()
    home, cut = (f"http://127.0.0.1:{outside}/{path}/" for path in ("hark", "cut"))
    settings = {"HARK_WEB_PORT": str(inside), "HARK_PUBLIC_URL": home.rstrip("/")}
    async with _caddy(tmp_path, outside, inside), program("run", tmp_path / "data", settings) as told:
        assert told.told("chat") == home
        async with watched(browser, home, PHONE) as context:
            await _joins(Tab(await context.new_page()), told.told("link"), home)
        for address in (home, cut):
            await _an_address_without_its_slash_leads_there(address)
        for address in (home, cut) if EXHAUSTIVE else (cut,):  # by both the page is the same
            async with watched(browser, address, PHONE) as context:
                await _tells(Tab(await context.new_page()), address)
            async with watched(browser, address.rstrip("/"), PHONE) as context:
                await _typed_without_its_slash(Tab(await context.new_page()), address)


async def _an_address_without_its_slash_leads_there(home: str) -> None:
    async with aiohttp.ClientSession() as session:
        for query in ("", "?start=t-1&lang=es"):
            async with session.get(home.rstrip("/") + query) as page:
                assert str(page.url).rstrip("?") == home + query
                assert 'id="composer"' in await page.text()
        async with session.get(home.rstrip("/") + "ness") as page:
            assert page.status == 404  # the school's own


async def _joins(lead: Tab, link: str, home: str) -> None:
    """The link that was printed leads to the first question, and the picture that comes next is drawn."""
    assert link.startswith(f"{home}#start=j-")
    await lead.page.goto(link)
    await lead.fill("new-password", PASSPHRASE)
    await lead.submit()
    await lead.at.locator("img.photo[src]").wait_for()
    await lead.tap("Show it as a link")
    await lead.sees("secret=")
    secret = re.search(r"secret=([A-Z2-7]+)", await lead.said())
    assert secret
    await lead.fill("one-time-code", Factors(base64.b32decode(secret[1])).code(time.time()))
    await lead.submit()
    await lead.sees("Your desk is open.")
    assert lead.page.url == home


async def _tells(child: Tab, home: str) -> None:
    await child.page.goto(home)
    await child.tap("I am under 12")
    await child.sees("Could someone else see")
    await child.tap("No")
    await child.tap("OK")
    await child.sees("Are you safe right now?")
    await child.tap("Yes")
    await child.write(WORDS)
    await child.sees("Write more, or tap Done.")
    await child.page.reload()
    await child.sees("Write more, or tap Done.")
    await child.tap("Done")
    await child.sees("Is it to do with a grown-up")
    assert child.page.url == home
    await child.at.locator("#leave").click()
    await child.page.wait_for_url("about:blank")


async def _typed_without_its_slash(child: Tab, home: str) -> None:
    """As somebody types it from a poster, and with what a link carries."""
    await child.page.goto(home.rstrip("/"))
    await child.sees("practice")
    await child.page.goto(home.rstrip("/") + "?lang=es&name=other#start=nothing")
    await child.sees("¿Quién escribe?")
    assert child.page.url == f"{home}?lang=es&name=other"


@asynccontextmanager
async def _caddy(folder: Path, outside: int, inside: int) -> AsyncIterator[None]:
    file = folder / "Caddyfile"
    file.write_text(_under_paths((DEPLOY / "Caddyfile").read_text("utf-8")), "utf-8")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SITE_ADDRESS": f"http://127.0.0.1:{outside}",
        "SITE_UPSTREAM": f"127.0.0.1:{inside}",
        "SITE_FOLDER": str(DEPLOY),
    }
    with (folder / "caddy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "caddy", "run", "--adapter", "caddyfile", "--config", file, env=environ, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
