"""The whole story in a real browser: a lead joins, a child tells by keyboard on an old phone, and comes back."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.newest import Engine
from tests.postgres import drop_below, lay_empty
from tests.programs.run import Program, program
from tests.story.blind import PASSPHRASE, Factors
from tests.story.pictures import LAPTOP, PHONE, Tab, picture, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "They wait for me behind the bus stop. Zebrafish-canary."
ANSWER = "I have read this. Come to me at break, Room 12."


@pytest.mark.parametrize("on", ["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
async def test_from_the_first_invite_to_the_answer_and_away(browser: Browser, tmp_path: Path, on: Engine) -> None:
    settings = {} if on == "sqlite" else {"HARK_DATABASE_URL": await lay_empty(tmp_path)}
    async with program("run", tmp_path, {"HARK_WEB_PORT": "0", **settings}, cold=True) as told:
        home = told.told("chat")
        async with watched(browser, home, LAPTOP) as office, watched(browser, home, PHONE) as pocket:
            lead = await _joins(Tab(await office.new_page()), told)
            await _first_screens(Tab(await pocket.new_page()), home)
            receipt = await _child_tells(Tab(await pocket.new_page()), home)
            await _lead_answers(lead)
            await _child_comes_back(Tab(await pocket.new_page()), home, receipt)
            await _nobody_is_left(Tab(await pocket.new_page()), home)
            await _about_a_grown_up_here(Tab(await pocket.new_page()), home)
            await _nothing_came_of_those(lead)
    await drop_below(tmp_path)


async def _joins(lead: Tab, told: Program) -> Tab:
    factors = Factors()
    await lead.page.goto(told.told("link"))
    await lead.fill("new-password", PASSPHRASE)
    await lead.submit()
    qr = lead.at.locator("img.photo[src]")
    await qr.wait_for()
    assert await qr.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    await lead.tap("Show it as a link")
    await lead.sees("secret=")
    secret = re.search(r"secret=([A-Z2-7]+)", await lead.said())
    assert secret
    factors.secret = base64.b32decode(secret[1])
    await lead.fill("one-time-code", factors.code())
    await lead.submit()
    await lead.sees("Your desk is open.")
    await qr.wait_for(state="hidden")
    assert not await lead.within("secret=")
    assert PASSPHRASE not in await lead.page.content()
    return lead


async def _first_screens(tab: Tab, home: str) -> None:
    """Spanish, and Arabic from right to left, fit an old phone in its width."""
    for language, direction, mine in (("es", "ltr", "Tengo menos de 12 años"), ("ar", "rtl", "عمري")):
        await tab.page.goto(
            f"{home}?lang={language}&embed=1&name={language}"
        )  # a name of its own is a person of her own
        await tab.at.locator(".key", has_text=mine).first.wait_for()
        assert await tab.page.evaluate("document.documentElement.dir") == direction
        text = tab.at.locator(".theirs .text").first
        assert await text.evaluate("text => getComputedStyle(text).direction") == direction
        assert await tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await tab.page.close()


async def _to_the_readers(child: Tab, home: str, about_staff: str) -> None:
    """From the greeting to the readers, with the keyboard alone."""
    await child.page.goto(home)
    await child.press("I am under 12")
    await child.sees("Could someone else see")
    await child.press("No")
    await child.press("OK")
    await child.sees("Are you safe right now?")
    await child.press("Yes")
    await child.sees("Tell us what is worrying you.")
    await _question_is_on_the_screen(child, "Tell us what is worrying you.")
    await child.keyed(WORDS)
    await child.sees("Write more, or tap Done.")
    await child.press("Done")
    await child.sees("Is it to do with a grown-up")
    await child.press(about_staff)


async def _question_is_on_the_screen(child: Tab, words: str) -> None:
    box = await child.at.locator(".theirs .text", has_text=words).last.bounding_box()
    log = await child.at.locator("#log").bounding_box()
    assert box
    assert log
    assert box["y"] >= log["y"]
    assert box["y"] + box["height"] <= log["y"] + log["height"]


async def _child_tells(child: Tab, home: str) -> str:
    await _to_the_readers(child, home, "No")
    await child.sees("People with a tick will read it.")
    await picture(child.page, "child-phone")
    await child.press("Send it to this person")
    code = child.at.locator("button.code").last
    await code.wait_for()
    receipt = await code.inner_text()
    assert len(receipt.split()) == 8
    arrow = child.at.locator("#below")  # a long answer is read from its first line, and says that more is below
    assert await arrow.is_visible()
    await arrow.click()
    await arrow.wait_for(state="hidden")
    await code.evaluate("code => code.scrollIntoView({block: 'center'})")
    await picture(child.page, "receipt")
    await _child_goes_on(child)
    await child.page.close()
    return receipt


async def _child_goes_on(child: Tab) -> None:
    """Some of the questions after sending; each answer is with the case at once."""
    await child.press("Go on")
    await child.sees("Who are you worried about")
    await child.press("Me")
    await child.sees("What is it mostly about?")
    await child.press("People being unkind")
    await child.press("Next")
    await child.sees("How often does it happen?")
    await child.press("That is enough")
    await child.sees("You can write more here at any time.")


async def _lead_answers(lead: Tab) -> None:
    await lead.tap("Open the desk")
    await lead.tap("Start")
    await lead.at.locator(".key", has_text="Read the words").last.wait_for()
    await lead.sees("People being unkind")
    await lead.at.locator("#beside [aria-current]", has_text="People being unkind").wait_for()
    await picture(lead.page, "desk-card")
    await lead.tap("Read the words")
    await lead.sees(WORDS)
    await lead.write(ANSWER)
    await lead.tap("Reply to reporter")
    await lead.tap("Send")
    await lead.sees("Sent.")


async def _child_comes_back(child: Tab, home: str, receipt: str) -> None:
    """In a new tab, which knows nothing of the old one; then leaves, and nothing is left on the device."""
    await child.page.goto(home)
    await child.at.locator(".key").first.wait_for()
    assert not await child.within(WORDS)
    await child.write("/return")
    await child.write(receipt)
    await child.sees(ANSWER)
    await child.at.locator("#leave").click()
    await child.page.wait_for_url(lambda url: not url.startswith(home))
    await child.page.goto(home)
    await child.at.locator(".key").first.wait_for()
    assert not await child.within(ANSWER)
    assert await child.page.evaluate("localStorage.length") == 0
    await child.page.close()


async def _nobody_is_left(child: Tab, home: str) -> None:
    """The only lead is struck: nothing is sealed, nobody is told, and help outside is shown."""
    await _to_the_readers(child, home, "No")
    await child.press_key(child.at.get_by_role("checkbox", checked=True))
    await _told_of_help_outside(child)


async def _about_a_grown_up_here(child: Tab, home: str) -> None:
    """Without a head on the roster the lead stands in and is named; struck as well, nobody reads it."""
    await _to_the_readers(child, home, "Yes")
    await child.sees("People with a tick will read it.")
    assert await child.at.get_by_role("checkbox").count() == 1
    await child.press_key(child.at.get_by_role("checkbox", checked=True))
    await _told_of_help_outside(child)


async def _told_of_help_outside(child: Tab) -> None:
    await child.sees("0800 1111")
    assert await child.at.locator(".key", has_text=re.compile("^Send ")).count() == 0
    assert await child.at.locator("button.code").count() == 0
    await child.page.close()


async def _nothing_came_of_those(lead: Tab) -> None:
    await lead.write("/queue")
    await lead.sees("Queue: All open")
    queue = await lead.at.locator(".theirs", has_text="Queue: All open").last.inner_text()
    assert len(set(re.findall(r"/case_\w+", queue))) == 1
