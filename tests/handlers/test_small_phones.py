"""What a small phone shows of the readers and of the receipt, without a touch: every name, and all words with Copy."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize

from handlers.telegram.text_limits import bare
from tests.handlers.web import answering, web_world
from tests.story.pictures import PHONE, Tab, picture, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TALLER: ViewportSize = {"width": 360, "height": 640}
#: A Sunday: nobody reads just now, which takes the most words.
CLOSED = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
#: Which key of each question, from the greeting to the own words, and from them to the readers.
TO_THE_WORDS, TO_THE_READERS = (0, 0, 0, 0), (0, 1)


@pytest.mark.parametrize(
    "size", [PHONE, pytest.param(TALLER, marks=pytest.mark.exhaustive)], ids=["320x568", "360x640"]
)
@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_names_before_sending_and_words_with_copy_after_it_are_on_the_screen(
    browser: Browser, staffed: Path, tmp_path: Path, language: str, size: ViewportSize
) -> None:
    async with web_world(Path(shutil.copytree(staffed, tmp_path / "hark"))) as web, answering(web):
        web.world.clock.at = CLOSED
        async with watched(browser, web.chat.page_url, size) as context:
            page = await context.new_page()
            await page.goto(f"{web.chat.page_url}?lang={language}")
            await _to_the_readers(page)
            await picture(page, f"readers-{language}-{size['width']}")
            await _readers_are_rows_above_the_one_filled_key(page)
            await _last(page).locator(".key.primary").click()
            await page.locator("button.code").wait_for()
            await picture(page, f"receipt-{language}-{size['width']}")
            await _words_and_copy_are_seen(page)


async def _to_the_readers(page: Page) -> None:
    for key in TO_THE_WORDS:
        await _answers(page, key)
    await _last(page).locator(".key.primary").wait_for()
    await Tab(page).write("They hide my lunch every day.")
    await page.locator(".mine:not(.reply)", has_text="lunch").wait_for()
    await page.locator(".mine ~ .theirs .key.primary").wait_for()
    for key in TO_THE_READERS:
        await _answers(page, key)
    await page.get_by_role("checkbox").first.wait_for()


async def _answers(page: Page, key: int) -> None:
    """Tap a key of the newest question, and wait until the question is answered."""
    asked = _last(page)
    await asked.locator(".key").nth(key).wait_for()
    before = await asked.element_handle()
    await asked.locator(".key").nth(key).click()
    await page.wait_for_function(
        "before => ![...document.querySelectorAll('.theirs')].pop().isSameNode(before)", arg=before
    )


async def _readers_are_rows_above_the_one_filled_key(page: Page) -> None:
    rows, files = _last(page).get_by_role("checkbox"), page.locator(".key.primary")
    assert await files.count() == 1
    names = await rows.all_inner_texts()
    assert [bare(name).split(" · ")[0] for name in names] == ["Grace Okafor", "Tom Bell", "Helen Marsh"]
    tops = [(await _edges(row))[0] for row in await rows.all()]
    assert tops == sorted(set(tops))
    assert tops[-1] < (await _edges(files))[0]
    assert tops[-1] < (await _edges(page.locator("#log")))[1]
    await rows.nth(1).click()
    await _last(page).get_by_role("checkbox", name=names[1], checked=False).click()
    await _last(page).get_by_role("checkbox", name=names[1], checked=True).wait_for()
    assert await page.locator(".reply", has_text="Tom Bell").count() == 0


async def _words_and_copy_are_seen(page: Page) -> None:
    """Thanks and date stand above them, from the first line of the bubble on."""
    log = page.locator("#log")
    top, bottom = await _edges(log)
    begins, _ = await _edges(page.locator(".coded > .bubble"))
    assert 0 <= begins - top <= 16
    _, ends = await _edges(page.locator(".words > .keys .key").first)
    assert ends <= bottom
    tops = await page.evaluate(
        "[...document.querySelectorAll('.four > span')].map((one) => Math.round(one.getBoundingClientRect().y))"
    )
    assert [len(set(tops[:4])), len(set(tops[4:])), len(tops)] == [1, 1, 8]
    assert await log.evaluate("log => log.scrollWidth <= log.clientWidth")


def _last(page: Page) -> Locator:
    return page.locator(".theirs").last


async def _edges(what: Locator) -> tuple[float, float]:
    box = await what.bounding_box()
    assert box
    return box["y"], box["y"] + box["height"]
