"""Two factors, throttled and alike for everybody; the curtain, its PIN, and `/lock`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp import CookieJar
from playwright.async_api import Browser, expect

from handlers.desk.sign_in.unlock import both, named
from handlers.dispatcher import build
from storage.values import Address, Arrival
from tests.bot.webchat.bot_api import until
from tests.handlers import world as school
from tests.handlers.desk.house import HOME, PASSPHRASE, House
from tests.person import Person
from tests.story.pictures import PHONE, Tab, watched

UNKNOWN = "That did not unlock"


async def test_unknown_wrong_and_disabled_look_the_same(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    seen = set()
    for name, passphrase, code in (
        ("Nobody Here", PASSPHRASE, "123456"),
        ("Ms Khan", "another eleven kettles", lead.code()),
        ("Ms Khan", PASSPHRASE, "000000"),
    ):
        await lead.says(f"/unlock {name}")
        await lead.says(f"{passphrase}\n{code}", secret=True)
        seen.add(lead.tab.last.text)
    await house.store.leads.team.disable(await house.id_of("Ms Khan"))
    house.clock.pass_(minutes=10)
    await lead.unlocks()
    seen.add(lead.tab.last.text)
    [same] = seen
    assert UNKNOWN in same


@pytest.mark.browser
async def test_a_lead_who_opens_her_desk_sees_only_the_desk(house: House, browser: Browser) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    async with watched(browser, house.chat.page_url, PHONE) as context:
        hers = Tab(await context.new_page())
        await hers.page.goto(house.chat.page_url)
        await hers.sees("Who is writing?")
        await hers.write("/unlock Ms Khan")
        await hers.fill("current-password", PASSPHRASE)
        await hers.fill("one-time-code", lead.code())
        await hers.submit()
        await hers.sees("Your desk is open.")
        await expect(hers.at.locator(".theirs", has_text="Who is writing?")).to_have_count(0)
        await hers.write("/queue")
        await hers.sees("Queue")
        await expect(hers.at.locator("#log > .theirs")).to_have_count(1)
        await hers.write("/lock")
        await hers.sees("locked")
        await hers.write("/start")
        await hers.sees("Who is writing?")


async def test_a_desk_takes_away_no_question_and_no_words_to_come_back(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    lead.tab = await house.tab()
    for text in ("/start", "I work here", "OK", "They hit a child."):
        await lead.says(text)
    asked = lead.tab.last.text
    await lead.unlocks()
    assert asked in lead.words
    await lead.says("/lock")
    for text in ("/start", "Carry on", "Carry on", "Done", "No"):
        await lead.says(text)
    await lead.taps("Send")
    [words] = lead.tab.last.codes
    await lead.unlocks()
    assert words in lead.words


async def test_a_browser_in_which_the_desk_was_open_is_known_in_a_new_tab(house: House) -> None:
    lead = await house.lead("Ms Khan")
    unlocks = house.store.leads.unlocks

    async def places(browser: CookieJar) -> frozenset[str]:
        """Where the lead has unlocked, after an unlock in a new tab of a browser that then keeps what it is told."""
        arriving = Person.arrive(house.chat.page_url, start=None, browser=browser)
        lead.tab = await house.tabs.enter_async_context(await arriving)
        await lead.unlocks()
        await until(lambda: list(browser))
        return frozenset((await unlocks.fresh((await house.store.leads.rosters.read()).named("Ms Khan"))).places.marks)

    hers, foreign = CookieJar(unsafe=True), CookieJar(unsafe=True)
    first = await places(hers)
    assert await places(hers) == first
    assert len(await places(foreign) - first) == 1


async def test_of_a_new_place_a_lead_is_told_when_that_was_by_the_clock_of_her_site(world: school.World) -> None:
    chat = (await world.lead()).address
    await world.deliver_notices()
    elsewhere = {**school.SITES, school.HOME: replace(school.ELMFIELD, timezone="America/New_York")}
    world.handlers = build(replace(world.deps(), sites=elsewhere))
    world.clock.pass_(10)
    code = school.totp_code((world.where / "grace.totp").read_text(), world.clock())
    arrival = Arrival(Address("web", 77), 77, device="new")
    await world.store.leads.unlock(arrival, "Grace Okafor", school.PASSPHRASE, code)
    world.clock.pass_(5)
    await world.deliver_notices()
    said = world.messenger.chats[chat.chat_id][-1].text
    assert "Tue, 24 Nov 2026, 04:41" in said
    assert "tell another lead" in said
    assert "Grace" not in said


async def test_beside_the_secret_of_the_second_factor_nothing_else_stands(house: House) -> None:
    code = (await house.store.leads.invites.draw("Ms Khan", "lead", HOME)).code
    tab = await house.tab()
    for text in (f"/join {code}", PASSPHRASE):
        await tab.type(text, secret=text == PASSPHRASE)
        await house.dealt_with(tab)
    picture, asked = tab.messages
    assert "otpauth://" not in picture.text + asked.text
    assert asked.field is not None
    assert asked.field["label"] == "Six-digit code"
    for words in ("Google Authenticator", "Microsoft Authenticator", "on this same phone"):
        assert words in asked.text
    await tab.tap("Show it as a link")
    await house.dealt_with(tab)
    assert tab.messages[-2].text.startswith("otpauth://")
    assert tab.last.field is not None


async def test_the_secret_is_shown_to_nobody_who_is_not_just_joining(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.pressed(lead.tab, f"d:{lead.tag}:link:::")
    assert "otpauth://" not in lead.words
    assert "not good" in lead.words


async def test_both_factors_are_asked_for_in_two_fields_whose_label_is_whole(house: House) -> None:
    tab = await house.tab()
    await tab.type("/unlock Ms Khan")
    await house.dealt_with(tab)
    assert tab.last.field == {"parts": ["password", "one-time-code"], "label": "Passphrase and code"}


async def test_a_code_serves_once(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    code = lead.code()
    await lead.says("/unlock Ms Khan")
    await lead.says(f"{PASSPHRASE}\n{code}", secret=True)
    assert "Your desk is open" in lead.words
    await lead.says("/lock")
    await lead.says("/unlock Ms Khan")
    await lead.says(f"{PASSPHRASE}\n{code}", secret=True)
    assert UNKNOWN in lead.words


async def test_guessing_is_slowed_down_and_told(house: House) -> None:
    lead = await house.lead("Ms Khan")
    other = await house.lead("Mr Bell", "deputy")
    thief = await house.tab()
    for _ in range(8):
        await thief.type("/unlock Ms Khan")
        await house.dealt_with(thief)
        await thief.type("wrong words entirely\n000000", secret=True)
        await house.dealt_with(thief)
    assert "Too many tries" in thief.last.text
    await other.says("/lock")
    await other.unlocks()
    assert "Your desk is open" in other.words
    assert "Your desk is open" in lead.words


async def test_the_chat_alone_is_nobody(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern("words", "Ms Khan")
    await lead.says("/lock")
    for command in ("/queue", "/brief", "/case_K7QM3D", "/claim", "/start x", "/copy"):
        await lead.says(command)
        assert "words" not in lead.words
        assert "open case" not in lead.words


async def test_passphrase_and_code_one_after_the_other(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    await lead.says("/unlock")
    await lead.says("Ms Khan")
    await lead.says(PASSPHRASE)
    await lead.says(lead.code())
    assert "Your desk is open" in lead.words


async def test_a_secret_after_the_name_is_deleted_and_asked_for_properly(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    await lead.says(f"/unlock Ms Khan {PASSPHRASE}")
    assert "kettles" not in lead.words
    assert lead.tab.last.field is not None
    assert lead.tab.last.field["parts"] == ["password", "one-time-code"]
    await lead.says(f"{PASSPHRASE}\n{lead.code()}", secret=True)
    assert "Your desk is open" in lead.words


async def test_the_invite_is_used_once_and_a_weak_passphrase_is_told_kindly(house: House) -> None:
    code = (await house.store.leads.invites.draw("Ms Khan", "lead", HOME)).code
    tab = await house.tab()
    await tab.type(f"/start j-{code}")
    await house.dealt_with(tab)
    for weak, why in (("short", "too short"), ("passwordpassword", "lists"), ("khan khan is my name", "name")):
        await tab.type(weak, secret=True)
        await house.dealt_with(tab)
        assert why in tab.last.text
    lead = await house.seated("Ms Khan", code)
    await lead.says("/lock")
    await lead.says(f"/join {code}")
    assert "ask for a new invite" in lead.words


async def test_an_existing_name_needs_both_factors_for_a_new_chat(house: House) -> None:
    lead = await house.lead("Ms Khan")
    code = (await house.store.leads.invites.draw("Ms Khan", "lead", HOME)).code
    elsewhere = await house.tab()
    await elsewhere.type(f"/join {code}")
    await house.dealt_with(elsewhere)
    await elsewhere.type("a passphrase of their own\n123456", secret=True)
    await house.dealt_with(elsewhere)
    assert UNKNOWN in elsewhere.last.text
    await elsewhere.type(f"{PASSPHRASE}\n{lead.code()}", secret=True)
    await house.dealt_with(elsewhere)
    assert any("Your desk is open" in one.text for one in elsewhere.heard)


async def test_idle_minutes_draw_the_curtain_and_the_pin_lifts_it(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.taps("Set a PIN")
    await lead.says("4937", secret=True)
    assert "Your PIN is set" in lead.words
    await house.concern("behind the bus stop", "Ms Khan")
    await lead.says("/brief")
    await lead.taps("Start")
    house.clock.pass_(minutes=11)
    await house.desk.check_pin_locks()
    await lead.tab.wait_for(lambda: "curtain is drawn" in lead.words)
    assert "/case_" not in lead.words
    await lead.says("/queue")
    assert "curtain is drawn" in lead.words
    await lead.says("4937", secret=True)
    assert "Your desk is open" in lead.words


async def test_three_misses_lock(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.taps("Set a PIN")
    await lead.says("4937", secret=True)
    house.clock.pass_(minutes=11)
    await house.desk.check_pin_locks()
    for left in ("2 tries left", "1 try left"):
        await lead.says("5822", secret=True)
        assert left in lead.words
    await lead.says("5822", secret=True)
    assert "The desk is locked here" in lead.words
    await lead.says("4937", secret=True)
    assert "Your desk is open" not in lead.words


async def test_wrong_pins_are_told_when_the_desk_is_open_again(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.taps("Set a PIN")
    await lead.says("4937", secret=True)
    for _ in range(2):
        house.clock.pass_(minutes=11)
        await house.desk.check_pin_locks()
        for _ in range(2):
            await lead.says("5822", secret=True)
        await lead.says("4937", secret=True)
        assert "2 wrong PINs were typed since your desk was last open." in lead.card.text
    await lead.says("/brief")
    assert "wrong PIN" not in lead.words
    house.clock.pass_(minutes=11)
    await house.desk.check_pin_locks()
    await lead.says("5822", secret=True)
    assert "1 try left" in lead.words
    await lead.says("5822", secret=True)
    assert "The desk is locked here" in lead.words
    await lead.unlocks()
    assert "2 wrong PINs were typed" in lead.card.text
    assert "Today the PIN opens nothing more" in lead.card.text


@pytest.mark.types_joining
async def test_what_is_typed_after_an_idle_hour_is_no_concern_of_a_reporter(house: House) -> None:
    lead = await house.lead("Ms Khan")
    house.clock.pass_(minutes=61)
    await lead.says("Spoke to the mother, she cried.")
    assert "she cried" not in lead.words
    assert "The desk is locked here" in lead.words


async def test_after_lock_the_chat_holds_nothing_but_the_door(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern("behind the bus stop", "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("Read the words")
    await lead.says("/lock")
    [left] = lead.tab.messages
    assert "The desk is locked here" in left.text


@pytest.mark.types_joining
async def test_disabling_ends_the_session_and_empties_the_chat(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern("behind the bus stop", "Ms Khan")
    await lead.says("/queue")
    await house.store.leads.team.disable(await house.id_of("Ms Khan"))
    await house.desk.check_pin_locks()
    await lead.tab.wait_for(lambda: "The desk is locked here" in lead.words)
    assert "/case_" not in lead.words
    await lead.says("/queue")
    assert "/case_" not in lead.words


@pytest.mark.parametrize(
    ("typed", "before", "both_"),
    [
        ("seven green kettles sing\n123 456", "", ("seven green kettles sing", "123456")),
        ("seven green kettles sing", "", ("seven green kettles sing", "")),
        ("123456", "seven green kettles sing", ("seven green kettles sing", "123456")),
        ("two\nlines", "", ("two\nlines", "")),
    ],
)
def test_factors_come_together_or_apart(typed: str, before: str, both_: tuple[str, str]) -> None:
    assert both(typed, before) == both_


def test_a_name_is_found_before_what_does_not_belong_to_it() -> None:
    names = ("Ann", "Ann Lee")
    assert named("ann lee  my secret words", names) == "Ann Lee"
    assert named("Nobody my secret words", names) == "Nobody my secret words"
    assert named("Anna", names) == "Anna"
