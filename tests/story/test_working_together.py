"""Working together in a real browser: a child's words, a nurse, a round table, "a bit", and the report of the year."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser

from tests.story.lives.school import School, open_school, staff_school, unlocked
from tests.story.pictures import LAPTOP, PHONE, Tab, picture, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MONDAY: Final = datetime(2026, 11, 30, 10, 40, tzinfo=UTC)
LEAD: Final = "Ms Okafor"
NURSE: Final = "Nurse Adeyemi"
WORDS: Final = "My aunt Zelda Quokka says I am fat. I skip tea when I get weighed."
WHY: Final = "to plan how she is looked after at school"
ASKED: Final = "Could you see her this week and tell me what she needs?"
GOAL: Final = "A quiet corner at lunch"
NEXT_YEAR: Final = datetime(2027, 9, 2, 9, 0, tzinfo=UTC)
DRAWN: Final = 60_000.0  # milliseconds until pictures and papers are there, on a slow machine
REPLY: Final = "I can see her on Thursday at ten."


async def test_from_a_childs_words_to_the_report_of_the_year(browser: Browser, tmp_path: Path) -> None:
    await staff_school(tmp_path, (NURSE, "School nursing"))
    async with open_school(tmp_path, MONDAY) as school:
        home = school.chat.page_url
        async with watched(browser, home, LAPTOP) as office:
            async with watched(browser, home, PHONE) as pocket:
                receipt = await _child_tells(Tab(await pocket.new_page()), home)
                lead, nurse = await unlocked(office, school, LEAD), await unlocked(pocket, school, NURSE)
                await _lead_shares(lead)
                await _nurse_answers(nurse)
                await _answer_is_in_the_case(lead)
                await _they_meet_at_a_round_table(lead, nurse)
                await _lead_answers_the_child(lead)
                await _child_says_how_it_was(Tab(await pocket.new_page()), home, receipt)
            await lead.page.close()  # over the year that follows no tab is left that would hear of the end of its chat
            await _others_said_so_too(school)
            school.world.clock.at = NEXT_YEAR
            await school.world.store.postman.look()
            await _report_of_the_year(await unlocked(office, school, LEAD))


async def _child_tells(child: Tab, home: str) -> str:
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
    code = child.at.locator("button.code").last
    await code.wait_for()
    return await code.inner_text()


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
    await lead.tap("☐ 1")
    await lead.write("Zelda Quokka")
    await lead.tap("That is all she needs")
    await lead.tap("The child agrees")
    await lead.tap("Now, with this")
    await lead.tap("14 days")
    await lead.sees(f"This is what {NURSE} will see")
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


async def _they_meet_at_a_round_table(lead: Tab, nurse: Tab) -> None:
    await lead.write("/goals")
    await lead.tap("New goal")
    for said in (GOAL, "Nobody asked in March eats alone"):
        await lead.write(said)
    await lead.tap(f"{NURSE}, School nursing")
    await lead.write("26.3.2027")
    await lead.sees("The goal is kept.")
    await lead.tap("Round table")
    await lead.tap("Plan a round table")
    await lead.sees("Who meets?")
    for name in ("Mr Bell", "Dr Marsh", "Mrs Lund"):
        seat = lead.at.get_by_role("checkbox", name=name, checked=True).last
        await seat.click()
        await seat.wait_for(state="detached")
    await lead.write("2.12.2026 14:30")
    await lead.sees("round table on")
    await nurse.write("/table")
    await nurse.tap("Table 1")
    await nurse.tap("My view")
    await nurse.write("It is too loud there")
    await nurse.sees("It is too loud there")
    await lead.write("/table")
    await lead.tap("Table 1")
    await lead.tap("Agreed: an action")
    await lead.write("Put carpets down")
    await lead.tap("I do it")
    await lead.write("3.12.2026")
    await lead.tap("Round table")
    await lead.tap("I agree")
    await lead.sees(f"{LEAD}: I agree")
    await picture(lead.page, "round-table")
    await nurse.write("/table")
    await nurse.tap("Table 1")
    await nurse.sees(f"{LEAD}: I agree")
    await nurse.tap("I see it differently")
    await nurse.sees(f"{NURSE}: I see it differently")


async def _lead_answers_the_child(lead: Tab) -> None:
    await lead.write("/queue")
    await lead.at.locator(".key[data-asks*=':open:']").last.click()
    await lead.tap("Reply")
    await lead.write("Thank you for telling us. The nurse would like to see you on Thursday.")
    await lead.tap("Send")
    await lead.sees("Sent.")


async def _child_says_how_it_was(child: Tab, home: str, receipt: str) -> None:
    await child.page.goto(home)
    await child.write("/return")
    await child.write(receipt)
    await child.sees("The nurse would like to see you on Thursday.")
    await child.tap("Say how it was for you")
    await child.sees("Did you feel listened to?")
    await picture(child.page, "box-phone")
    await child.tap("😐 A bit")
    await child.sees("Do you feel safer?")
    await child.tap("🙂 Yes")


async def _others_said_so_too(school: School) -> None:
    """A year's other concerns, each answered, closed, and told of in the box: all the same, so without a browser."""
    for _ in range(11):
        school.world.clock.pass_(60 * 24)
        receipt = await school.has_heard(
            "It is loud.", register="12_17", urgency="soon", category="wellbeing", language="en"
        )
        await school.answers("We have read this.")
        await school.says_how_it_was(receipt)


async def _report_of_the_year(lead: Tab) -> None:
    await lead.write("/stats")
    await lead.sees("Counted are only cases that nobody was kept out of")
    shown = lead.at.locator("img.photo[src]").last
    await shown.wait_for(timeout=DRAWN)
    assert await shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
    await picture(lead.page, "figures")
    await lead.tap("The report as files")
    await lead.tap("1 September 2026 to 31 August 2027")
    await lead.at.locator(".theirs", has_text="report-not-for-all.csv").last.wait_for(timeout=DRAWN)
    for name in ("report.pdf", "report.svg", "report.txt", "report.csv"):
        await lead.sees(name)
