"""The running program: a passkey opens the desk on the web page, and a Mini App opens one in Telegram."""

from __future__ import annotations

import base64
import re
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from tests.handlers.desk.page_door import telegram_says
from tests.person import Person
from tests.programs.run import program
from tests.story.blind import PASSPHRASE, Factors
from tests.story.pictures import LAPTOP, PHONE, Tab, picture, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
DONE = "Your desk is open in the chat. You can close this page."


async def test_a_lead_adds_a_passkey_and_opens_her_desk_with_it(browser: Browser, tmp_path: Path) -> None:
    port = _free_port()
    home = f"http://localhost:{port}/"
    settings = {"HARK_WEB_PORT": str(port), "HARK_PUBLIC_URL": home}
    async with program("run", tmp_path, settings) as told, watched(browser, home, LAPTOP) as office:
        lead = Tab(await office.new_page())
        await _joins(lead, told.told("link"))
        await lead.write("/passkey")
        page = await _with_authenticator(await office.new_page())
        await lead.at.locator(".key", has_text="Add a passkey").wait_for()
        await _goes(lead, page, "Add a passkey")
        await picture(page, "passkey-page")
        await page.get_by_role("button", name="Add a passkey").click()
        await _says_number(lead, page)
        await lead.sees("Your passkey is added")
        await lead.write("/lock")
        await lead.sees("The desk is locked here.")
        await lead.write("/unlock")
        await lead.at.locator(".key", has_text="Use a passkey").wait_for()
        await _goes(lead, page, "Use a passkey")
        await page.get_by_role("button", name="Use a passkey").click()
        await _says_number(lead, page)
        await lead.sees("Your desk is open.")
        await expect(page.get_by_text(DONE)).to_be_visible()


async def test_a_lead_opens_her_desk_in_telegram_by_a_mini_app(browser: Browser, tmp_path: Path) -> None:
    """Telegram is played by a web chat of its own, whose chats have the person's id, as Telegram's private ones do."""
    port = _free_port()
    home = f"http://127.0.0.1:{port}/"
    async with _telegram() as telegram:
        settings = {
            "HARK_WEB_PORT": str(port),
            "HARK_PUBLIC_URL": "https://hark.example",
            "HARK_TOKEN": telegram.token,
            "HARK_API_URL": telegram.api_url,
        }
        async with (
            program("run", tmp_path, settings) as told,
            watched(browser, home, PHONE) as pocket,
            await Person.arrive(telegram.page_url, start=None) as lead,
        ):
            code = urlsplit(told.told("link")).fragment.removeprefix("start=j-")
            await lead.type(f"/join {code}")
            await lead.wait_for(lambda: lead.sees("Welcome, "))
            name = re.findall(r"Welcome, (.*)\.", _plain(lead))[0]
            page = await _mini_app(await pocket.new_page(), home, telegram, lead)
            await page.get_by_label("New passphrase").fill(PASSPHRASE)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("img")).to_be_visible()
            secret = (await page.locator("#secret").inner_text()).replace(" ", "")
            factors = Factors(base64.b32decode(secret))
            await page.locator("#first-code").fill(factors.code())
            await page.keyboard.press("Enter")
            await expect(page.get_by_text(DONE)).to_be_visible()
            await lead.wait_for(lambda: lead.sees("Your desk is open."))
            await lead.type("/lock")
            await lead.wait_for(lambda: lead.sees("The desk is locked here."))
            before = _links(lead)
            await lead.type("/unlock")
            page = await _mini_app(await pocket.new_page(), home, telegram, lead, before)
            await page.get_by_label("Your name").fill(name)
            await page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
            await page.locator("#code").fill(factors.code(time.time() + 30))  # each serves once
            await page.keyboard.press("Enter")
            await expect(page.get_by_text(DONE)).to_be_visible()
            await lead.wait_for(lambda: lead.sees("Your desk is open."))
            assert not lead.sees(PASSPHRASE)
            assert not lead.sees(secret)
        assert PASSPHRASE not in "\n".join((*told.said, *told.log))


async def _joins(lead: Tab, link: str) -> None:
    factors = Factors()
    await lead.page.goto(link)
    await lead.fill("new-password", PASSPHRASE)
    await lead.submit()
    await lead.tap("Show it as a link")
    await lead.sees("secret=")
    found = re.search(r"secret=([A-Z2-7]+)", await lead.said())
    assert found
    factors.secret = base64.b32decode(found[1])
    await lead.fill("one-time-code", factors.code())
    await lead.submit()
    await lead.sees("Your desk is open.")


async def _goes(lead: Tab, page: Page, label: str) -> None:
    """Open what the latest such link leads to; it would open in a tab of its own."""
    link = lead.at.locator("a.key", has_text=label).last
    await page.goto(str(await link.get_attribute("href")))


async def _says_number(lead: Tab, page: Page) -> None:
    number = page.locator("output")
    await expect(number).to_be_visible()
    await lead.fill("one-time-code", await number.inner_text())
    await lead.submit()


async def _with_authenticator(page: Page) -> Page:
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


async def _mini_app(page: Page, home: str, telegram: WebChat, lead: Person, before: Sequence[str] = ()) -> Page:
    """The page as Telegram opens it from a button that is none of `before`, with what Telegram says behind `#`."""
    await lead.wait_for(lambda: any(link not in before for link in _links(lead)))
    [link] = [link for link in _links(lead) if link not in before]
    who = telegram._door.signer.chat_of(lead.token)
    assert who is not None
    data = telegram_says(who, datetime.now(UTC), telegram.token)
    await page.goto(f"{home}signin?link={link}#tgWebAppData={quote(data)}&tgWebAppVersion=9.1&tgWebAppPlatform=ios")
    return page


def _links(lead: Person) -> list[str]:
    """What the buttons in the chat open the page with."""
    keys = [key for one in lead.messages for key in one.buttons if key.text == "Open the sign-in page"]
    return [parse_qs(urlsplit(str(key.url)).query)["link"][0] for key in keys]


@asynccontextmanager
async def _telegram() -> AsyncIterator[WebChat]:
    chat = WebChat("Bot", "127.0.0.1", 0, bounds=Bounds(held_seconds=0, pace_burst=1000))
    await chat.start()
    yield chat
    await chat.close()


def _plain(lead: Person) -> str:
    """Everything in the chat, without the marks that keep two directions apart."""
    return "\n".join(re.sub("[\u2066-\u2069]", "", one.text) for one in lead.messages)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
