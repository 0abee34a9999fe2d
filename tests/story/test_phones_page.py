"""The demo's phones page: five live phones, codes that open a desk, and rows without anybody's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.programs.run import program
from tests.story.pictures import Tab, picture, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONES = ("child", "parent", "staff", "lead", "deputy")
WORDS = "They hide my lunch every day. My friend Marmaduke saw it."
ABOUT_STAFF = "He shouts right in my face. Stoat-canary."


async def test_five_phones_live_through_a_story_side_by_side(browser: Browser, tmp_path: Path) -> None:
    async with program("demo", tmp_path, {"HARK_WEB_PORT": "0"}, cold=True) as told:
        home = told.told("chat")
        async with watched(browser, home, {"width": 1600, "height": 1000}) as context:
            page = await context.new_page()
            await page.goto(told.told("phones"))
            await _five_phones_in_one_row(page)
            child, lead = _phone(page, "child"), _phone(page, "lead")
            await _unlocks(page, lead, "Ms Carter")
            await _tells(child, WORDS, about_staff="No")
            await child.tap("Send it to these 3 people")
            await child.at.locator("button.code").wait_for()
            await _reads(lead, WORDS)
            await _rows_without_words(page, WORDS)
            await picture(page, "phones")
            await _fits_and_reads_in_dark(page)
            await _the_head_is_left_out(page, lead)


def _phone(page: Page, slot: str) -> Tab:
    return Tab(page, next(frame for frame in page.frames if f"name={slot}&" in frame.url))


async def _five_phones_in_one_row(page: Page) -> None:
    frames = page.locator("#phones iframe")
    await expect(frames).to_have_count(len(PHONES))
    tops, right = set(), 0.0
    for at, slot in enumerate(PHONES):
        await page.frame_locator(f"#phone-{slot} iframe").locator(".key").first.wait_for()
        box = await frames.nth(at).bounding_box()
        assert box
        assert box["x"] >= right
        assert box["height"] >= 480
        tops.add(box["y"])
        right = box["x"] + box["width"]
    assert len(tops) == 1
    assert await page.locator("#phone-parent iframe").get_attribute("title") == "A parent's chat"
    await _phone(page, "parent").sees("¿Quién escribe?")


async def _unlocks(page: Page, phone: Tab, name: str) -> None:
    """With passphrase and code as the panel shows them."""
    row = page.locator("#codes tbody tr", has_text=name)
    await phone.write(f"/unlock {name}")
    await phone.fill("current-password", await row.locator(".copy").first.inner_text())
    await phone.fill("one-time-code", await row.locator(".code").inner_text())
    await phone.submit()
    await phone.sees("Your desk is open.")


async def _tells(child: Tab, words: str, about_staff: str) -> None:
    await child.tap("I am under 12")
    await child.tap("No")
    await child.tap("OK")
    await child.sees("Are you safe right now?")
    await child.tap("Yes")
    await child.sees("Tell us what is worrying you.")
    await child.write(words)
    await child.sees("Write more, or tap Done.")
    await child.tap("Done")
    await child.sees("Is it to do with a grown-up")
    await child.tap(about_staff)
    await child.sees("People with a tick will read it.")


async def _reads(lead: Tab, words: str) -> None:
    """Asked for, not waited for: the sample school's notices keep to its hours, and this runs at any hour."""
    await lead.write("/brief")
    await lead.tap("Start")
    await lead.tap("Read the words")
    await lead.sees(words)


async def _fits_and_reads_in_dark(page: Page) -> None:
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        overflow = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        assert await page.evaluate(overflow) == [1600, 1000]


async def _rows_without_words(page: Page, words: str) -> None:
    rows = page.locator("#rows")
    await expect(rows).to_contain_text("cases #")
    shown = await rows.inner_text()
    await rows.locator(".row", has_text="entries #").first.evaluate("row => row.scrollIntoView()")
    assert "Marmaduke" not in shown
    assert words.encode().hex()[:20] not in shown


async def _the_head_is_left_out(page: Page, lead: Tab) -> None:
    """What is about staff goes to head and chair; the head is struck, so the chair alone has it."""
    child = _phone(page, "staff")  # a phone that nobody has used yet
    await _tells(child, ABOUT_STAFF, about_staff="Yes")
    assert not await child.at.get_by_role("checkbox", name="Ms Carter").count()
    await child.at.get_by_role("checkbox", name="Dr Osei", checked=True).click()
    await child.at.get_by_role("checkbox", name="Dr Osei", checked=False).wait_for()
    await child.tap("Send it to this person")
    await child.at.locator("button.code").wait_for()
    head, chair = _phone(page, "deputy"), _phone(page, "parent")
    await _unlocks(page, head, "Dr Osei")
    await _unlocks(page, chair, "Mrs Lund")
    for one in (head, lead):
        await one.write("/queue")
        await one.sees("Queue: All open")
        assert not await one.within("Stoat-canary")
    await chair.tap("Start")
    await chair.tap("Read the words")
    await chair.sees(ABOUT_STAFF)
