"""Working together in a real browser: a child's words, a part of them for the school nurse, and what she answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.story.lives.school import PASSPHRASE, School, open_school, staff_school
from tests.story.pictures import LAPTOP, PHONE, Tab, picture, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MONDAY: Final = datetime(2026, 11, 30, 10, 40, tzinfo=UTC)
LEAD: Final = "Ms Okafor"
NURSE: Final = "Nurse Adeyemi"
WORDS: Final = "My aunt Zelda Quokka says I am fat. I skip tea when I get weighed."
WHY: Final = "to plan how she is looked after at school"
ASKED: Final = "Could you see her this week and tell me what she needs?"
REPLY: Final = "I can see her on Thursday at ten."


async def test_a_childs_words_and_a_nurse_who_sees_her(browser: Browser, tmp_path: Path) -> None:
    await staff_school(tmp_path, (NURSE, "School nursing"))
    async with open_school(tmp_path, MONDAY) as school:
        home = school.chat.page_url
        async with watched(browser, home, PHONE) as pocket, watched(browser, home, LAPTOP) as office:
            await _child_tells(Tab(await pocket.new_page()), home)
            lead, nurse = await _unlocked(office, school, LEAD), await _unlocked(pocket, school, NURSE)
            await _lead_shares(lead)
            await _nurse_answers(nurse)
            await _answer_is_in_the_case(lead)


async def _child_tells(child: Tab, home: str) -> None:
    await child.page.goto(home)
    for key in ("I am under 12", "No", "OK", "Yes"):
        await child.tap(key)
    await child.sees("Tell us what is worrying you.")
    await child.write(WORDS)
    await child.tap("Done")
    await child.sees("Is it to do with a grown-up")
    await child.tap("No")
    await child.sees("People with a tick will read it.")
    await child.tap("Send it to these 3 people")
    await child.at.locator("button.code").last.wait_for()


async def _unlocked(where: BrowserContext, school: School, name: str) -> Tab:
    tab = Tab(await where.new_page())
    await tab.page.goto(school.chat.page_url)
    await tab.write(f"/unlock {name}")
    await tab.fill("current-password", PASSPHRASE)
    await tab.fill("one-time-code", school.code(name))
    await tab.submit()
    return tab


async def _lead_shares(lead: Tab) -> None:
    await lead.write("/queue")
    await lead.sees("Queue: All open")
    await lead.at.locator(".key[data-asks*=':open:']").last.click()
    await lead.tap("Read the words")
    await lead.sees(WORDS)
    await lead.tap("Next page")
    await lead.sees("page 2 of 2")
    await lead.tap("Back to the case")
    await lead.tap("More")
    await lead.tap("Share")
    await lead.tap(f"{NURSE}, School nursing")
    await lead.write(WHY)
    await lead.write(ASKED)
    await lead.sees(f"What does {NURSE} need?")
    await picture(lead.page, "share-parts")
    await lead.tap("☐ 1")
    await lead.write("Zelda Quokka")
    await lead.tap("That is all she needs")
    await lead.tap("The child agrees")
    await lead.tap("Now, with this")
    await lead.tap("14 days")
    await lead.sees(f"This is what {NURSE} will see")
    await picture(lead.page, "share-preview")
    await lead.tap("Send")
    await lead.sees(f"Shared with {NURSE}.")


async def _nurse_answers(nurse: Tab) -> None:
    await nurse.write("/shares")
    await nurse.tap("Open 1")
    await nurse.sees("skip tea when I get weighed")
    assert "Quokka" not in await nurse.page.content()
    await nurse.page.evaluate("document.querySelector('#log').scrollTo(0, 1e6)")
    await picture(nurse.page, "partner-phone")
    await nurse.tap("Accept")
    await nurse.tap("Open 1")
    await nurse.tap("Reply")
    await nurse.write(REPLY)
    await nurse.sees("It is kept for them.")


async def _answer_is_in_the_case(lead: Tab) -> None:
    await lead.write("/queue")
    await lead.at.locator(".key[data-asks*=':open:']").last.click()
    await lead.sees("taken on")
    await lead.tap("History")
    await lead.sees(REPLY)
