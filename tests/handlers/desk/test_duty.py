"""Duty: who is on it, who holds the ladder, and how cases go from one lead to another."""

from __future__ import annotations

from datetime import timedelta

from tests.handlers.desk.house import HOME, House

WORDS = "It is about Mr Bell, he was shouting."


async def test_the_rota_is_seen_and_changed_by_buttons(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await khan.says("/oncall")
    assert "On duty now: nobody" in khan.words
    await khan.taps_first()
    assert "Who is on duty then?" in khan.words
    await khan.taps("Mr Bell")
    assert "✓ Mr Bell" in [button.text for button in khan.card.buttons]
    await khan.taps("Back to the week")
    assert khan.words.count("Mr Bell") == 2  # now, and today's line
    await bell.says("/oncall")
    await bell.taps_first()
    await bell.taps("The same every week")
    rota = await house.store.rota.read(HOME)
    assert rota is not None
    assert rota.week[house.clock.at.weekday()] == {await house.id_of("Mr Bell")}
    await bell.taps("✓ Mr Bell")
    await bell.taps("Back to the week")
    assert "On duty now: nobody" in bell.words


async def test_a_holiday_weeks_ahead_can_be_planned(house: House) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    today = house.clock.at.date()
    await khan.says("/oncall")
    for _ in range(4):
        await khan.taps("The week after")
    await khan.taps_first()
    await khan.taps("Mr Bell")
    await khan.taps("Back to the week")
    for _ in range(4):
        await khan.taps("The week before")
    assert "The week before" not in [button.text for button in khan.card.buttons]
    rota = await house.store.rota.read(HOME)
    assert rota is not None
    assert dict(rota.dates) == {today + timedelta(days=28): frozenset({await house.id_of("Mr Bell")})}
    await khan.says(f"/oncall {today + timedelta(days=28)}")
    assert "Mr Bell" in khan.words
    await khan.says("/oncall 9999-12-31")
    await khan.taps_first()
    assert "Who is on duty then?" in khan.words


async def test_who_is_on_duty_is_told_first(house: House) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.notices()
    await khan.says("/oncall")
    await khan.taps_first()
    await khan.taps("Mr Bell")
    await house.concern(WORDS, "Ms Khan", "Mr Bell", urgency="immediate")
    assert [one.lead for one in await house.notices() if "new" in one.kinds] == [await house.id_of("Mr Bell")]


async def test_cases_go_over_once_the_other_accepts_by_name(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await house.concern("This one is for Ms Khan alone.", "Ms Khan")
    for _ in range(2):  # what was taken on is due later, so the other one comes first
        await khan.says("/queue")
        await khan.taps_first()
        await khan.taps("I have this")
    await house.notices()
    await khan.says("/handover")
    await khan.taps("Mr Bell")
    assert "can take over 1 of your open cases" in khan.words
    assert "they stay with you: 1" in khan.words
    await khan.taps("Hand them over")
    assert [one.kinds for one in await house.notices()] == [frozenset({"handover"})]
    await bell.says("/brief")
    assert "Ms Khan would like to hand cases over to you: 1" in bell.words
    await bell.taps("Accept")
    assert "Yours now: 1" in bell.words
    await bell.says("/queue")
    await bell.taps_first()
    assert "Mr Bell has it" in bell.words
    await bell.taps("History")
    assert "Ms Khan: offered to hand the case over · Mr Bell" in bell.words
    assert "Mr Bell: accepted the handover" in bell.words


async def test_a_declined_or_recalled_case_stays_with_its_owner(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await khan.says("/queue")
    await khan.taps_first()
    await khan.taps("I have this")
    for answer in ("Decline", None):
        await khan.says("/handover")
        await khan.taps("Mr Bell")
        await khan.taps("Hand them over")
        if answer:
            await bell.says("/handover")
            await bell.taps(answer)
            assert "Declined: 1" in bell.words
        else:
            await khan.says("/handover")
            await khan.taps("Take it back")
            assert "Taken back: 1" in khan.words
            await bell.says("/brief")
            assert "hand cases over" not in bell.words
    await khan.says("/queue")
    await khan.taps_first()
    assert "Ms Khan has it" in khan.words


async def test_whom_a_case_is_kept_from_cannot_be_handed_it_and_learns_of_nothing(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan")
    await khan.says("/queue")
    await khan.taps_first()
    await khan.taps("I have this")
    await house.notices()
    await khan.says("/handover")
    await khan.taps("Mr Bell")
    assert "Hand them over" not in [button.text for button in khan.card.buttons]
    assert await house.notices() == []
    await bell.says("/handover")
    assert "hand cases over to you" not in bell.words


async def test_the_button_under_a_notice_holds_the_ladder_for_its_lead_alone(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await khan.says("/lock")
    await house.notices()
    await house.concern(WORDS, "Ms Khan", "Mr Bell", urgency="immediate")
    await house.notices()
    await khan.taps("I'm opening it")
    assert "Nobody else is called for ten minutes" in khan.words
    await khan.taps("I'm opening it")
    assert "You have held it once already" in khan.words
    # A notice of before this had a verb of its own.
    await khan.tab.tap_data(khan.card.id, "d:-:hold:::")
    await house.dealt_with(khan.tab)
    assert khan.words.count("You have held it once already") == 2
    stranger = await house.tab()
    await stranger.tap_data(1, "d:-:opening:::")
    await house.dealt_with(stranger)
    assert "Nothing is waiting to be held" in "".join(one.text for one in stranger.heard)
    assert bell.words
