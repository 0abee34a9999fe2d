"""A child sends a photo after sending; a lead sees it blurred, then whole, and says that it should not be there."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.story.lives.school import open_school, staff_school, unlocked
from tests.story.pictures import LAPTOP, PHONE, Tab, picture, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEAD: Final = "Ms Okafor"
MONDAY: Final = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


async def test_from_a_childs_photo_to_its_lock(browser: Browser, tmp_path: Path) -> None:
    await staff_school(tmp_path)
    async with open_school(tmp_path, MONDAY, takes_files=True) as school:
        home = school.chat.page_url
        async with watched(browser, home, LAPTOP) as office, watched(browser, home, PHONE) as pocket:
            child = Tab(await pocket.new_page())
            await child.page.goto(home)
            await _child_tells(child)
            await _child_sends_it(child)
            lead = await unlocked(office, school, LEAD)
            await _lead_looks(lead)
            await _lead_locks_it(lead)


async def _child_tells(child: Tab) -> None:
    for key in ("I am 12 to 17", "No", "OK", "Yes"):
        await child.tap(key)
    await child.write("They post about me in the group.")
    for key in ("Done", "No", "Send it to these 3 people"):
        await child.tap(key)
    await child.at.locator("button.code").last.wait_for()
    await child.sees("A few more questions can help.")
    for key, next_one in (
        ("Go on", "Skip"),
        ("Skip", "People being unkind"),
        ("People being unkind", "Bullying"),
        ("Bullying", "Next"),
        ("Next", "That is enough"),
        ("That is enough", "Send a file"),
    ):
        await child.tap_until(key, next_one)


async def _child_sends_it(child: Tab) -> None:
    assert not await child.at.locator("#attach").is_visible()
    await child.tap("Send a file")
    await child.sees("Is anybody in it without clothes?")
    await picture(child.page, "file-question-phone")
    await child.tap("No")
    await child.sees("Please send one photo")
    await picture(child.page, "file-send-phone")
    async with child.page.expect_file_chooser() as choosing:
        await child.at.locator("#attach").click()
    await (await choosing.value).set_files({"name": "me.png", "mimeType": "image/png", "buffer": _photo()})
    await child.sees("We added your file.")
    await picture(child.page, "file-added-phone")


def _photo() -> bytes:
    """A screenshot of sorts: dark below, light above."""
    made, out = Image.new("RGB", (600, 400), "white"), io.BytesIO()
    made.paste((20, 40, 120), (0, 220, 600, 400))
    made.save(out, "PNG")
    return out.getvalue()


async def _lead_looks(lead: Tab) -> None:
    await lead.write("/queue")
    await lead.at.locator(".key[data-asks*=':open:']").last.click()
    await lead.tap("Read the words")
    await lead.sees("They post about me in the group.")
    await picture(lead.page, "file-in-the-case")
    await lead.write("/files")
    await lead.at.locator(".key", has_text="a photo").last.click()
    await lead.tap("Show blurred")
    await lead.at.locator("img.photo[src]").last.wait_for()
    await picture(lead.page, "file-blurred")
    await lead.tap("Show")
    await lead.sees("a photo")
    await picture(lead.page, "file-shown")


async def _lead_locks_it(lead: Tab) -> None:
    await lead.tap("This should not be here")
    await lead.sees("It is locked: nobody is shown it any more.")
    await lead.at.locator("img.photo[src]").first.wait_for(state="detached")
    await picture(lead.page, "file-locked")
    await lead.write("/files")
    await lead.sees("locked, since it should not be here")
