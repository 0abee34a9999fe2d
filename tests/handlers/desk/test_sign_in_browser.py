"""The sign-in page in a real browser: a Mini App, a link of its own, joining, and where it cannot be used."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.handlers.desk.page_door import GRACE, PageDoor, page_door, telegram_says
from tests.handlers.messenger import Person
from tests.handlers.world import HOME, PASSPHRASE, World, totp_code
from tests.story.pictures import PHONE, picture, watched

pytestmark = pytest.mark.browser

DONE = "Your desk is open in the chat. You can close this page."


@pytest.fixture
async def plain(world: World) -> AsyncIterator[PageDoor]:
    async with page_door(world, https=False) as door:
        yield door


@pytest.fixture
async def in_app(world: World) -> AsyncIterator[PageDoor]:
    async with page_door(world, https=True) as door:
        yield door


async def asks(door: PageDoor, text: str = f"/unlock {GRACE}") -> Person:
    lead = door.world.person(9_100_001)
    await lead.types(text)
    return lead


async def opened(context: BrowserContext, door: PageDoor, lead: Person) -> Page:
    """The page as the lead's button opens it."""
    page = await context.new_page()
    await page.goto(door.url(lead, telegram_says(lead.chat, door.world.clock())))
    return page


def at(page: Page, label: str, *, exact: bool = False) -> Locator:
    """The field with a label, of the form that is shown."""
    return page.locator("form:visible").get_by_label(label, exact=exact)


async def fills(page: Page, passphrase: str, code: str) -> None:
    await at(page, "Passphrase", exact=True).fill(passphrase)
    await at(page, "Six-digit code").fill(code)
    await page.keyboard.press("Enter")


async def is_accessible(page: Page) -> None:
    """No fault that axe-core knows of, and nothing to scroll sideways, in daylight and in the dark."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_a_mini_app_from_a_wrong_code_to_the_open_desk(in_app: PageDoor, browser: Browser) -> None:
    lead = await asks(in_app)
    async with watched(browser, in_app.chat.page_url, PHONE) as context:
        page = await opened(context, in_app, lead)
        await expect(page.get_by_role("heading")).to_be_focused()
        assert page.url == f"{in_app.chat.page_url}signin", "neither link nor data stays in the address"
        await is_accessible(page)
        await picture(page, "sign-in-page")
        await fills(page, PASSPHRASE, "000000")
        await expect(page.get_by_role("alert")).to_contain_text("That did not unlock")
        await expect(at(page, "Six-digit code")).to_be_focused()
        await page.reload()  # the tab still knows its link
        await fills(page, PASSPHRASE, in_app.code())
        await expect(page.get_by_text(DONE)).to_be_visible()
        await is_accessible(page)
        assert PASSPHRASE not in await page.content()
        assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert in_app.world.store.leads.sessions.at(lead.address) is not None
    assert "Your desk is open." in lead.screen.text


async def test_a_used_link_and_the_way_back_open_nothing_again(in_app: PageDoor, browser: Browser) -> None:
    lead = await asks(in_app)
    async with watched(browser, in_app.chat.page_url, PHONE) as context:
        url = in_app.url(lead, telegram_says(lead.chat, in_app.world.clock()))
        page = await context.new_page()
        await page.goto(url)
        await fills(page, PASSPHRASE, in_app.code())
        await expect(page.get_by_text(DONE)).to_be_visible()
        await page.goto("about:blank")
        await page.go_back()
        await expect(page.get_by_text("This link is not good")).to_have_count(2)
        assert await page.locator("#passphrase").input_value() == ""
        again = await context.new_page()
        await again.goto(url)
        await expect(again.get_by_role("heading")).to_have_text("This link is not good")
        await is_accessible(again)


async def test_a_link_of_its_own_shows_the_number_that_the_chat_has_to_say(plain: PageDoor, browser: Browser) -> None:
    lead = await asks(plain, "/unlock")
    async with watched(browser, plain.chat.page_url, PHONE) as context:
        page = await opened(context, plain, lead)
        await at(page, "Your name").fill(GRACE)
        await fills(page, PASSPHRASE, plain.code())
        number = page.locator("output")
        await expect(number).to_be_visible()
        await is_accessible(page)
        assert plain.world.store.leads.sessions.at(lead.address) is None
        await lead.types(await number.inner_text())
        await expect(page.get_by_text(DONE)).to_be_visible()
    assert "Your desk is open." in lead.screen.text


async def test_a_new_lead_joins_on_a_small_phone(in_app: PageDoor, browser: Browser) -> None:
    invite = await in_app.world.store.leads.invites.draw("Nora Field", "deputy", HOME)
    lead = await asks(in_app, f"/join {invite.code}")
    async with watched(browser, in_app.chat.page_url, PHONE) as context:
        page = await opened(context, in_app, lead)
        await at(page, "New passphrase").fill("too short")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("too short")
        await is_accessible(page)
        await at(page, "Show the passphrase").check()
        await at(page, "New passphrase").fill(PASSPHRASE)
        await page.keyboard.press("Enter")
        qr = page.get_by_role("img")
        await expect(qr).to_be_visible()
        assert await qr.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
        await is_accessible(page)
        secret = (await page.locator("#secret").inner_text()).replace(" ", "")
        await at(page, "Six-digit code").fill(totp_code(secret, in_app.world.clock()))
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(DONE)).to_be_visible()
        assert secret not in await page.content()
        assert "base64" not in await page.locator("main").inner_html()
    assert in_app.world.store.leads.sessions.at(lead.address) is not None


async def test_without_javascript_the_way_in_the_chat_is_said(plain: PageDoor, browser: Browser) -> None:
    lead = await asks(plain)
    context = await browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto(plain.url(lead))
    said = page.locator("noscript p")  # text in there is not looked through by `get_by_text`
    assert await said.is_visible()
    assert "type your passphrase and code there" in await said.inner_text()
    await expect(page.locator("form:visible")).to_have_count(0)


async def test_without_a_network_the_fields_stay(plain: PageDoor, browser: Browser) -> None:
    lead = await asks(plain)
    async with watched(browser, plain.chat.page_url, PHONE) as context:
        page = await opened(context, plain, lead)
        await expect(at(page, "Passphrase", exact=True)).to_be_visible()
        await context.set_offline(True)
        await fills(page, PASSPHRASE, "123456")
        await expect(page.get_by_role("alert")).to_contain_text("no answer")
        await context.set_offline(False)
        await at(page, "Six-digit code").fill(plain.code())
        await page.keyboard.press("Enter")
        await expect(page.locator("output")).to_be_visible()
