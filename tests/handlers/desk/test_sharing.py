"""Sharing a part of a case at the desk: one question a screen, shown as she sees it; and a partner's own desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.cases.roles import is_for
from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from handlers.desk.commands import BUTTONS, COMMANDS
from storage.deeds.sharing.share import Share
from storage.values import Arrival
from storage.values.shares import ShareContent, SharedPart
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_cases import everything, waiting_for

WORDS = "My mum Zelda Quokka makes me skip tea when I get weighed."
SECRET = "Axolotl is what my brother is called."
QUESTION = "Could you see her this week and tell me what she needs?"
PURPOSE = "to plan how she is looked after at school"


@pytest.fixture
async def three(house: House) -> tuple[Lead, Lead, str]:
    """A lead with a case on the screen, a partner, and the receipt of the case."""
    house.equipped = True
    await house.restart()
    khan, nurse = await house.lead("Ms Khan"), await house.lead("Nurse Okafor", "partner")
    receipt = await house.concern(WORDS, "Ms Khan")
    await khan.says("/queue")
    await khan.taps_first()
    await khan.reads()
    await khan.taps("Note, leads only")
    await khan.says(SECRET)
    return khan, nurse, receipt


async def puts_together(khan: Lead, *, told: str = "Yes", until: str = "14 days") -> None:
    """Everything up to the preview: the first part, with one name blacked out."""
    await khan.taps("More")
    await khan.taps("Share")
    await khan.taps("Nurse Okafor")
    await khan.says(PURPOSE)
    await khan.says(QUESTION)
    assert "That is all she needs" not in khan.tab.buttons, "nothing is ticked"
    await khan.taps("☐ 1")
    await khan.says("Zelda Quokka")
    await khan.taps("That is all she needs")
    await khan.taps("The child agrees")
    await khan.taps(told)
    if told.startswith("No,"):
        await khan.says("Her father reads her phone.")
    await khan.taps(until)


def shown_of(lead: Lead) -> str:
    """The share on the screen, from whom it is to the end of its parts."""
    return lead.words[lead.words.index("From: ") :]


async def test_what_she_sees_is_what_the_preview_showed_and_her_answer_is_in_the_case(
    house: House, three: tuple[Lead, Lead, str]
) -> None:
    khan, nurse, _ = three
    await puts_together(khan)
    assert "This is what Nurse Okafor will see" in khan.words
    assert "Basis: The child agrees · Does the child know: Yes, already" in khan.words
    preview = shown_of(khan)
    assert "From: Ms Khan, Elmfield School · For: Nurse Okafor" in preview
    assert f"Why: {PURPOSE} · Until Tue, Dec 8" in preview
    assert f"You are asked: “{QUESTION}”" in preview
    assert "My mum █████ makes me skip tea" in preview
    await khan.taps("Send")
    assert "Shared with Nurse Okafor. You are told when there is an answer." in khan.words
    await khan.says("/queue")
    await khan.taps_first()
    assert "↗ Shared with Nurse Okafor until Tue, Dec 8: not opened yet" in khan.words
    [notice] = [one for one in await house.notices() if "share" in one.kinds]
    assert notice.lead == await house.id_of("Nurse Okafor")
    assert notice.urgency is None
    assert "Something is shared with you." in nurse.words
    await nurse.says("/brief")
    assert "1 share waits for you." in nurse.words
    await nurse.taps("What is shared with you")
    assert QUESTION not in nurse.words, "the list opens nothing"
    await nurse.taps("Open 1")
    assert shown_of(nurse) == preview
    for canary in ("Zelda", "Quokka", "Axolotl"):
        assert canary not in nurse.words
    await nurse.taps("Accept")
    await nurse.taps("Open 1")
    await nurse.taps("Reply")
    await nurse.says("I can see her on Thursday at ten.")
    assert "It is kept for them. They are told." in nurse.words
    [notice] = [one for one in await house.notices() if "share_answer" in one.kinds]
    assert notice.lead == await house.id_of("Ms Khan")
    assert "Thursday" not in khan.words
    await khan.says("/queue")
    await khan.taps_first()
    assert "↗ Shared with Nurse Okafor until Tue, Dec 8: taken on" in khan.words
    await khan.taps("History")
    assert "took in what a partner answered · Nurse Okafor · opened" in khan.words
    assert "took in what a partner answered · Nurse Okafor · taken on" in khan.words
    assert "took in what a partner answered · Nurse Okafor · replied" in khan.words
    assert "I can see her on Thursday at ten." in khan.words
    assert f"“{PURPOSE}”" in khan.words


async def test_nothing_of_the_case_that_was_not_shared_is_in_anything_a_partner_gets(
    house: House, three: tuple[Lead, Lead, str]
) -> None:
    khan, nurse, _ = three
    reference = house.desk.places.by_address.get(address_of(house, khan)).shown.reference  # type: ignore[union-attr]
    await puts_together(khan)
    await khan.taps("Send")
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    tag = nurse.tag
    everything = [f"/{name} {reference}" for name in COMMANDS if name not in {"lock", "unlock", "join"}]
    buttons = [verb for verb in BUTTONS if verb not in {"lock", "hold"}]
    everything += [callback_data.data(tag, verb, Ask(reference, 1, "0")) for verb in buttons]
    everything += [f"/case_{reference}", reference, "loose words", "close it", "/clsoe"]
    for path in everything:
        await (house.pressed(nurse.tab, path) if path.startswith("d:") else nurse.says(path))
        heard = nurse.words.replace(path, "")
        for canary in ("Zelda", "Quokka", "Axolotl", reference, "brother"):
            assert canary not in heard, path
        assert not nurse.listed, "no queue stands beside it"
    assert {one.deed for one in COMMANDS.values() if is_for("partner", one.deed)}.isdisjoint({"queue", "read", "team"})


def address_of(house: House, lead: Lead) -> Any:
    return next(one.address for one in house.store.leads.sessions.by_address.values() if one.lead.name == lead.name)


async def test_taken_back_it_is_as_if_it_had_never_been_and_a_foreign_one_is_the_same(
    house: House, three: tuple[Lead, Lead, str]
) -> None:
    khan, nurse, _ = three
    pastor = await house.lead("Pastor Quill", "partner")
    await puts_together(khan)
    await khan.taps("Send")
    await nurse.says("/shares")
    [share] = await house.store.shares.listed(session_of(house, nurse))
    opening = Ask(argument=share.id)
    await khan.says("/share")
    await khan.taps("Take back: Nurse Okafor")
    assert "Taken back: its key is destroyed. What was read stays read." in khan.words
    answers = []
    for lead, ask in ((nurse, opening), (pastor, opening), (nurse, Ask(argument="0" * 32))):
        await house.pressed(lead.tab, callback_data.data(lead.tag, "shared", ask))
        answers.append(lead.words[lead.words.index("There is no such share") :])
    assert len(set(answers)) == 1
    assert "Nothing is shared with you just now." in answers[0]
    await khan.says("/share")
    assert "↗ Shared with Nurse Okafor until Tue, Dec 8: ended" in khan.words


def session_of(house: House, lead: Lead) -> Any:
    return next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == lead.name)


async def test_now_answers_the_child_in_her_language_and_not_safe_takes_a_reason(
    house: House, three: tuple[Lead, Lead, str]
) -> None:
    khan, _, receipt = three
    await puts_together(khan, told="Now")
    assert "Now, with this" in khan.words
    assert await house.replies(receipt) == []
    await khan.taps("Send")
    assert await house.replies(receipt) == [("", "shared")]
    await puts_together(khan, told="No, it is not safe", until="7 days")
    await khan.taps("Send")
    await khan.taps("History")
    assert "“Her father reads her phone.”" in khan.words
    assert await house.replies(receipt) == [("", "shared")]


async def test_she_declines_with_a_reason_and_asks_back(three: tuple[Lead, Lead, str]) -> None:
    khan, nurse, _ = three
    await puts_together(khan)
    await khan.taps("Send")
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    await nurse.taps("Ask")
    await nurse.says("Is she in school on Friday?")
    await nurse.taps("Open 1")
    await nurse.taps("Decline")
    await nurse.taps("I know the family")
    assert "Declined. It has ended for you." in nurse.words
    assert "Nothing is shared with you just now." in nurse.words
    await khan.says("/queue")
    await khan.taps_first()
    assert "↗ Shared with" not in khan.words
    await khan.taps("History")
    assert "asked" in khan.words
    assert "Is she in school on Friday?" in khan.words
    assert "declined · I know the family" in khan.words


async def test_everything_blacked_out_a_day_too_far_and_words_too_long_are_asked_for_again(
    three: tuple[Lead, Lead, str],
) -> None:
    khan, _, _ = three
    await khan.says("/share")
    await khan.taps("Nurse Okafor")
    await khan.says("x" * 2_001)
    assert "That is too long: at most 2,000 characters, please." in khan.words
    await khan.says(PURPOSE)
    await khan.says(QUESTION)
    await khan.says("99")
    await khan.taps("That is all she needs")
    assert "Nothing is left of it." in khan.words
    await khan.says("1")
    await khan.taps("That is all she needs")
    await khan.taps("To protect a child")
    await khan.taps("Yes")
    await khan.taps("Another day")
    await khan.says("1.6.2027")
    assert "That is no day within the next 90 days." in khan.words
    await khan.says("4.12.")
    assert "Until Fri, Dec 4" in khan.words
    await khan.taps("Other parts")
    assert "☑ [1]" in khan.words


async def test_nothing_of_it_is_in_the_files(house: House, three: tuple[Lead, Lead, str]) -> None:
    khan, nurse, _ = three
    await puts_together(khan)
    await khan.taps("Send")
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    await nurse.taps("Ask")
    await nurse.says("Is the narwhal hers?")
    await house.close()
    for path in house.where.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        assert not [word for word in (b"Quokka", b"see her this week", b"narwhal", b"looked after") if word in held]
    await house.start()


async def begins_with(khan: Lead, name: str) -> None:
    """Everything up to the preview, for a partner by her button."""
    await khan.says("/share")
    await khan.taps(name)
    await khan.says(PURPOSE)
    await khan.says(QUESTION)
    await khan.says("1")
    await khan.says("Zelda Quokka")
    await khan.taps("That is all she needs")
    await khan.taps("To protect a child")
    await khan.taps("Yes")
    await khan.taps("14 days")


async def test_who_lives_among_families_takes_a_second_lead_who_reads_the_very_same(house: House) -> None:
    khan, ali = await house.lead("Ms Khan"), await house.lead("Mr Ali", "deputy")
    pastor = await house.lead("Pastor Quill", "partner", agency="faith")
    await house.concern(WORDS, "Ms Khan", "Mr Ali")
    for lead in (khan, ali):
        await lead.says("/queue")
        await lead.taps_first()
        await lead.reads()
    await begins_with(khan, "👥 Pastor Quill")
    assert "👥 It takes two of you: a second lead reads the very same and says so too." in khan.words
    preview = shown_of(khan)
    await khan.taps("Send")
    await khan.says(khan.code(), secret=True)
    assert "Yours is noted. A second lead has to say so too within a day: /share" in khan.words
    await khan.says("/share")
    assert "⚠ Ms Khan would share a part with Pastor Quill. That takes a second lead." in khan.words
    assert "Look at it: Pastor Quill" not in khan.tab.buttons
    await pastor.says("/shares")
    assert "Nothing is shared with you just now." in pastor.words
    await ali.says("/queue")
    await ali.taps_first()
    assert "Ms Khan would share a part of it. That takes a second lead: /share" in ali.words
    await ali.says("/share")
    await ali.taps("Look at it: Pastor Quill")
    assert shown_of(ali) == preview
    await ali.taps("Yes, share it")
    await ali.says("000000", secret=True)
    assert "That code did not serve." in ali.words
    await ali.says(ali.code(), secret=True)
    assert "Shared with Pastor Quill. You are told when there is an answer." in ali.words
    await pastor.says("/shares")
    await pastor.taps("Open 1")
    seen = shown_of(pastor)
    assert seen.replace(wanted_in(seen), "") == preview.replace(wanted_in(preview), "")
    for canary in ("Zelda", "Quokka"):
        assert canary not in pastor.words
    await ali.taps("History")
    assert "would share a part of it, which takes two · Pastor Quill" in ali.words


def wanted_in(words: str) -> str:
    return next(line for line in words.splitlines() if line.startswith("An answer is wanted by"))


async def test_she_and_the_lead_see_by_when_an_answer_is_wanted_and_that_it_is_late(
    house: House, three: tuple[Lead, Lead, str]
) -> None:
    khan, nurse, _ = three
    await puts_together(khan)
    assert "An answer is wanted by Tue, Nov 24, 2026, 5:00" in khan.words.replace("\u202f", " ")
    await khan.taps("Send")
    await nurse.says("/brief")
    assert "The first answer is wanted by Tue, Nov 24, 2026, 5:00" in nurse.words.replace("\u202f", " ")
    house.clock.pass_(hours=8)
    await house.store.reminders.tell_unanswered()
    await khan.unlocks()
    [notice] = [one for one in await house.notices() if "share_late" in one.kinds]
    assert notice.lead == await house.id_of("Ms Khan")
    await khan.says("/queue")
    await khan.taps_first()
    assert "⚠ No answer yet; it was wanted by Tue, Nov 24, 2026, 5:00" in khan.words.replace("\u202f", " ")
    await nurse.unlocks()
    assert "⚠ An answer was wanted by Tue, Nov 24, 2026, 5:00" in nurse.words.replace("\u202f", " ")


async def test_a_partner_whom_the_reporter_left_out_sees_the_same_with_and_without_the_case(house: House) -> None:
    khan, nurse = await house.lead("Ms Khan"), await house.lead("Nurse Okafor", "partner")
    before, okafor = await everything(nurse), await house.id_of("Nurse Okafor")
    notices = await waiting_for(house, okafor)
    await house.concern(WORDS, "Ms Khan", urgency="immediate", excluded=(okafor,))
    await khan.says("/queue")
    await khan.taps_first()
    await khan.reads()
    for command in ("/share", "/refer"):
        await khan.says(command)
        assert "Nurse Okafor" not in " ".join(khan.tab.buttons)
    assert await waiting_for(house, okafor) == notices
    assert await everything(nurse) == before


async def test_with_many_shares_each_is_reached(house: House, three: tuple[Lead, Lead, str]) -> None:
    khan, nurse, _ = three
    await puts_together(khan)
    await khan.taps("Send")
    lead, partner = session_of(house, khan), session_of(house, nurse)
    shown = next(place.shown for _, place in house.desk.places.by_address.items() if place.shown)
    for number in range(12):
        until = house.clock.at + timedelta(days=20 + number)
        said = ("Ms Khan", "Nurse Okafor", PURPOSE, f"Question {number}?", until)
        content = ShareContent(*said, (SharedPart("A part:", "words"),))
        deed = Share(partner.lead.id, content, (1,), 1, "protect", "yes")
        await house.store.desk.act(lead, Arrival(lead.address, 900_000 + number), shown.case, None, deed)
    await nurse.says("/shares")
    assert "13 shares wait for you." in nurse.words
    assert "Open 13" not in nurse.tab.buttons
    await nurse.taps("Further ones")
    assert "Further ones" not in nurse.tab.buttons
    await nurse.taps("Open 13")
    assert "Question 11?" in nurse.words
