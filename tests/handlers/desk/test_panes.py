"""Queue and case side by side on a wide page, by keyboard, in a real browser; and what else the list keeps to."""

from __future__ import annotations

import os
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from flows.values.deeds import Answered, SendConcern
from flows.values.draft import Wrote
from flows.values.ids import Urgency
from flows.values.text import Text
from handlers.desk.case.queue_pane import PAGE
from handlers.desk.chat import callback_data
from storage.deeds.send_concern import send_concern
from storage.sealing.receipts.receipt import ReceiptKeys
from storage.values import Clocks
from tests.handlers.desk.house import HOME, House, Lead, chosen

pytestmark = pytest.mark.types_joining

WIDE: ViewportSize = {"width": 1280, "height": 800}
SHOTS = os.environ.get("HARK_SCREENSHOTS")  # a folder: pictures are kept there to be looked at
URGENCIES: tuple[Urgency, ...] = ("immediate", "same_day", "soon", "routine")
#: What an answer may be slower by among a hundred cases than among ten.
SLOWER = 1.5


async def fill(house: House, cases: int, name: str = "Ms Khan") -> None:
    """Seal so many concerns for this lead, of every urgency; only the receipts' slow derivation is left out."""
    core, roster, lead = house.store._core, await house.store.leads.rosters.read(), await house.id_of(name)
    clocks = Clocks(house.clock.at + timedelta(hours=1), house.clock.at + timedelta(hours=6))
    for number, urgency in zip(range(cases), cycle(URGENCIES), strict=False):
        told = Answered("C8", Text("Tell us what is worrying you.", "child"), Wrote((f"Words of concern {number}.",)))
        answers, about = (told, chosen("C6", "me", "Me")), ("bullying.online",)
        deed = SendConcern(HOME, "12_17", "en", "web", answers, ((lead,),), (), (), urgency, (), about)
        keys = ReceiptKeys(os.urandom(16), os.urandom(32), os.urandom(32))
        await core.commit(*send_concern(core, deed, roster, keys, clocks).rows)


@asynccontextmanager
async def on_page(browser: Browser, lead: Lead, size: ViewportSize = WIDE, language: str = "en") -> AsyncIterator[Page]:
    """The lead's tab in a real browser, in the place of the one that speaks the page's protocol."""
    await lead.tab.close()
    context = await browser.new_context(viewport=size, reduced_motion="reduce")
    complaints: list[str] = []
    context.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    await context.add_init_script(
        f"location.protocol === 'http:' && sessionStorage.setItem('chat', sessionStorage.chat || '{lead.tab.token}')"
    )
    page = await context.new_page()
    await page.goto(f"{lead.house.chat.page_url}?lang={language}")
    await page.locator("#log .theirs .key").first.wait_for()
    yield page
    await context.close()
    assert [one for one in complaints if "ERR_" not in one] == []


async def picture(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), animations="disabled")


#: Promises, for a case, the milliseconds from the next key until its card is drawn, and until the list says so too.
WATCH = """reference => {
  let began = 0;
  const log = document.querySelector("#log"), list = document.querySelector("#beside");
  const drawn = (inside, holds) => new Promise((done) => new MutationObserver((_, observer) => {
    if (!holds()) return;
    observer.disconnect();
    done(performance.now() - began);
  }).observe(inside, { childList: true, subtree: true }));
  document.addEventListener("keydown", () => { began = performance.now(); }, { once: true, capture: true });
  window.took = Promise.all([
    drawn(log, () => log.textContent.includes("/case_" + reference)),
    drawn(list, () => (list.querySelector("[aria-current]") || list).textContent.includes(reference)),
  ]);
}"""


async def step(page: Page, to: str = "j") -> tuple[float, float]:
    """Open the next case by j, or the one before by k, and Enter, and give what `WATCH` promises."""
    await page.keyboard.press(to)
    reference = await page.evaluate("document.activeElement.dataset.opens.split(':')[3]")
    await page.evaluate(WATCH, reference)
    await page.keyboard.press("Enter")
    card, both = await page.evaluate("window.took")
    return float(card), float(both)


def references(lead: Lead) -> list[str]:
    """The cases of the list, in its order."""
    [shown] = lead.tab.beside
    pushed = [callback_data.read(str(one.data)) for one in shown.buttons]
    return [one.ask.reference for one in pushed if one and one.verb == "open"]


async def open_listed(lead: Lead, at: int) -> None:
    """Press an entry of the list, and wait until that was dealt with."""
    [shown] = lead.tab.beside
    await lead.tab.tap_data(shown.id, str(shown.buttons[at].data))
    await lead.house.dealt_with(lead.tab)


async def test_a_case_opens_from_the_list_in_the_place_of_what_was_on_the_screen_and_the_list_follows(
    house: House,
) -> None:
    lead = await house.lead()
    await fill(house, 3)
    await lead.says("/brief")
    [listed], [brief] = lead.tab.beside, [one for one in lead.tab.heard if one.buttons]
    assert listed.text == "Queue: 3 open"
    assert lead.listed[1].startswith("🔴 immediate · NOW · ")
    assert lead.listed[1].endswith(" · a child of 12 to 17 · Online bullying · ✉ unread · nobody has it yet")
    first = references(lead)[0]
    await open_listed(lead, 0)
    assert f"/case_{first}" in lead.words
    assert lead.card.id == brief.id, "the card took the place of the brief"
    assert [one.id for one in lead.tab.beside] == [listed.id]
    await lead.taps("I have this")
    assert [one.id for one in lead.tab.beside] == [listed.id]
    mine = references(lead).index(first)
    assert lead.listed[1 + mine].endswith("Ms Khan has it")
    await lead.reads()
    assert "unread" not in lead.listed[1 + mine]
    await lead.says("/queue")
    await open_listed(lead, mine)
    assert f"/case_{first}" in lead.card.text
    assert "Queue: All open" not in lead.words


async def test_nothing_of_the_list_stays_once_the_desk_is_locked_or_behind_its_curtain(house: House) -> None:
    lead = await house.lead()
    await fill(house, 2)
    await lead.taps("Set a PIN")
    await lead.says("2580 4", secret=True)
    assert len(references(lead)) == 2
    house.clock.pass_(hours=1)
    await house.desk.check_pin_locks()
    await lead.tab.wait_for(lambda: not lead.tab.beside)
    await lead.says("25804", secret=True)
    await lead.tab.wait_for(lambda: lead.tab.beside)
    await lead.says("/lock")
    await lead.tab.wait_for(lambda: not lead.tab.beside)
    await lead.unlocks()
    await lead.tab.wait_for(lambda: lead.tab.beside)
    assert len(lead.tab.beside) == 1


async def test_what_is_new_is_in_the_list_with_its_notice_and_an_idle_desk_stays_idle(house: House) -> None:
    lead = await house.lead()
    await house.notices()
    assert lead.listed[0] == "Nothing is waiting."
    house.clock.pass_(minutes=9)
    await house.concern("He hurts me.", "Ms Khan", urgency="immediate")
    await house.notices()
    await lead.tab.wait_for(lambda: "Queue: 1 open" in lead.listed)
    house.clock.pass_(minutes=2)
    await house.desk.check_pin_locks()
    await lead.tab.wait_for(lambda: not lead.listed)
    await house.concern("He hurts me again.", "Ms Khan", urgency="immediate")
    await house.notices()
    await lead.tab.wait_to_see("Something new: immediate")
    assert lead.listed == [], "a locked desk has no list"


async def test_a_long_queue_is_turned_in_the_list_and_is_back_at_its_beginning_on_request(house: House) -> None:
    lead = await house.lead()
    await fill(house, PAGE + 5)
    await lead.says("/brief")
    [shown] = lead.tab.beside
    first = references(lead)
    assert len(first) == PAGE
    assert [one.text for one in shown.buttons[PAGE:]] == ["Next page", "Filters"]
    await open_listed(lead, PAGE)
    rest = references(lead)
    assert len(rest) == 5
    assert not set(rest) & set(first)
    await open_listed(lead, 0)
    assert references(lead) == rest, "opening a case does not turn back"
    [shown] = lead.tab.beside
    await open_listed(lead, [one.text for one in shown.buttons].index("From the top"))
    assert references(lead) == first


async def test_whoever_reads_nothing_and_whoever_the_case_is_not_for_sees_nothing_of_it(house: House) -> None:
    lead, other = await house.lead(), await house.lead("Mr Lee")
    auditor = await house.lead("Ms Audit", "auditor")
    await fill(house, 2)
    for one in (lead, other, auditor):
        await one.says("/brief")
    assert len(references(lead)) == 2
    assert other.listed == ["Nothing is waiting.", "Filters"]
    assert auditor.tab.beside == []
    reporter = await house.tab()
    await reporter.type("/start")
    await reporter.wait_for(lambda: reporter.buttons)
    assert reporter.beside == []


@pytest.mark.browser
async def test_a_duty_with_thirty_cases_by_keyboard(house: House, browser: Browser) -> None:
    lead = await house.lead()
    await fill(house, 30)
    await lead.says("/brief")
    async with on_page(browser, lead) as page:
        assert await page.locator("#beside .entry:not(.plain)").count() == 30
        for _ in range(3):
            await step(page)
        assert await page.locator("#log .key", has_text="Read the words").is_visible()
        await picture(page, "panes-light")
        await page.locator("#log .key", has_text="I have this").click()
        await page.locator("#beside [aria-current]", has_text="Ms Khan has it").wait_for()
        await page.emulate_media(color_scheme="dark")
        await picture(page, "panes-dark")
        await page.emulate_media(color_scheme="light")
        await page.locator("#text").fill("/lock")
        await page.keyboard.press("Enter")
        await page.locator("#beside").wait_for(state="hidden")
        assert "Online bullying" not in await page.content()


@pytest.mark.browser
async def test_in_arabic_the_panes_change_sides(house: House, browser: Browser) -> None:
    lead = await house.lead(language="ar")
    await fill(house, 5)
    await lead.says("/brief")
    async with on_page(browser, lead, language="ar") as page:
        await step(page)
        beside, log = await page.locator("#beside").bounding_box(), await page.locator("#log").bounding_box()
        assert beside
        assert log
        assert beside["x"] >= log["x"] + log["width"] - 1
        await picture(page, "panes-arabic")


@pytest.mark.slow
@pytest.mark.browser
async def test_the_next_case_opens_as_quickly_among_a_hundred_as_among_ten(house: House, browser: Browser) -> None:
    few, many = await house.lead("Ms Khan"), await house.lead("Mr Lee")
    for lead, cases in ((few, 10), (many, 100)):
        await fill(house, cases, lead.name)
        await lead.says("/brief")
    async with on_page(browser, few) as ten, on_page(browser, many) as hundred:
        # In turns, and there and back, so that both meet the same noise.
        took = [(await step(ten, to), await step(hundred, to)) for to in "jjjjjjjjjjkkkkkkkkk"]
        await picture(hundred, "panes-hundred")
    cards = [[one[which][0] for one in took] for which in (0, 1)]
    lists = [[one[which][1] for one in took] for which in (0, 1)]
    ratio, whole = [statistics.median(one[1]) / statistics.median(one[0]) for one in (cards, lists)]
    print(f"card: {ratio:.2f}, with the list: {whole:.2f}; quickest {min(cards[0]):.0f} and {min(cards[1]):.0f} ms")
    assert ratio <= SLOWER, took
