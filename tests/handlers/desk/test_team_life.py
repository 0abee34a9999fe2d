"""A lead's life at the desk: invited, in another role, on a new phone, with new keys, given past cases, and leaving."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time

import pytest

from bot.delivery.scheduler import Scheduler
from flows.values.ids import Urgency
from handlers.desk.team import past_cases
from tests.handlers.desk.house import PASSPHRASE, House, Lead, open_store
from tests.handlers.desk.test_team import WORDS

_CODE = re.compile(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b")


def code_in(lead: Lead) -> str:
    """The code of an invite that stands on the screen."""
    found = _CODE.search(lead.words)
    assert found is not None
    return found[0]


async def about(lead: Lead, name: str, *labels: str) -> None:
    """Go to a colleague's page of the team, and press what is there."""
    await lead.says("/team")
    await lead.taps("About a colleague")
    for label in (name, *labels):
        await lead.taps(label)


async def test_a_lead_invites_and_the_code_is_shown_once(house: House) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    await khan.says("/team")
    await khan.taps("Invite somebody")
    await khan.says("Ms Dunn")
    await khan.taps("deputy lead")
    code = code_in(khan)
    await khan.taps("Back to the team")
    assert code not in khan.words
    dunn = Lead("Ms Dunn", await house.tab(), house)
    await dunn.joins(code)
    assert "You wait for two leads to say yes" in dunn.words
    await khan.says("/team")
    await khan.taps("Invite somebody")
    await khan.says("Mr Bell")
    await khan.taps("chair")
    assert "That name cannot be invited" in khan.words


async def test_somebody_takes_the_open_cases_by_name_and_the_progress_is_told(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    dunn = await house.lead("Ms Dunn", "deputy")
    await house.concern(WORDS, "Ms Dunn", "Mr Bell")
    await house.concern(WORDS, "Ms Dunn", "Ms Khan")
    for _ in range(2):
        await dunn.says("/queue")
        await dunn.taps_first()
        await dunn.taps("I have this")
    await about(khan, "Ms Dunn", "Shut Ms Dunn out")
    assert "Of the open cases that you can read, Ms Dunn has" in khan.words
    await khan.taps("Mr Bell takes")
    await bell.says("/team")
    assert "Ms Khan proposes to shut Ms Dunn out. Mr Bell would take over the open cases." in bell.words
    await bell.taps("Shut Ms Dunn out")
    assert "Cases are being locked away; left of those that you can read: 1." in bell.words
    await Scheduler(house.handlers, house.clock).look()
    await house.store.wrap_removal.run()
    await bell.says("/team")
    assert "Cases are being locked away" not in bell.words
    assert "Ms Dunn opens nothing of before any more" in bell.words


async def test_a_lead_leaves_once_a_colleague_says_yes(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    await khan.says("/team")
    await khan.taps("I leave")
    await khan.taps("Nobody by name")
    assert "You have said that you leave" in khan.words
    await bell.says("/team")
    assert "Ms Khan wants to leave." in bell.words
    await bell.taps("Yes, Ms Khan leaves")
    await khan.says("/queue")
    assert "The desk is locked here" in khan.words


async def test_another_role_and_title_take_two(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    dunn = await house.lead("Ms Dunn", "deputy")
    await about(khan, "Ms Dunn", "Another role", "safeguarding lead")
    await khan.says("Head of pastoral care")
    assert "Another lead here has to say so too" in khan.words
    await bell.says("/team")
    assert "Ms Khan proposes that Ms Dunn is Head of pastoral care (safeguarding lead)." in bell.words
    await bell.taps("Yes, another role for Ms Dunn")
    assert "Ms Dunn, Head of pastoral care:" in bell.words
    await dunn.says("/team")
    assert "Ms Dunn has another role or title" in dunn.words


async def test_after_a_lost_phone_the_passphrase_sets_up_another_authenticator(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    dunn = await house.lead("Ms Dunn", "deputy")
    await about(khan, "Ms Dunn", "Lost the phone", "Ms Dunn has lost the phone")
    await khan.says("000000", secret=True)
    assert "That code did not serve" in khan.words
    await khan.says(khan.code(), secret=True)
    assert "Another lead here has to say so too" in khan.words
    await bell.says("/team")
    await bell.taps("Yes, a new phone for Ms Dunn")
    assert "Ms Khan says that Ms Dunn has lost the phone." in bell.words
    await bell.says(bell.code(), secret=True)
    code = code_in(bell)
    again = Lead("Ms Dunn", await house.tab(), house)
    await again.says(f"/join {code}")
    assert "This invite is for a new authenticator of Ms Dunn." in again.words
    await again.says("not my passphrase at all", secret=True)
    assert "That is not the passphrase." in again.words
    await again.says(PASSPHRASE, secret=True)
    again.secret = await again.secret_shown()
    again.used = dunn.used
    await again.says(again.code(), secret=True)
    assert "Your desk is open." in again.words
    await dunn.says("/queue")
    assert "The desk is locked here" in dunn.words


async def test_after_a_forgotten_passphrase_she_joins_anew_and_is_given_the_past(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    await house.lead("Ms Dunn", "deputy")
    await house.concern("I am afraid of the dog.", "Ms Dunn", "Ms Khan")
    await about(khan, "Ms Dunn", "Forgot the passphrase", "Nobody by name")
    await khan.says(khan.code(), secret=True)
    await bell.says("/team")
    await bell.taps("Yes, Ms Dunn joins anew")
    await bell.says(bell.code(), secret=True)
    code = code_in(bell)
    await house.store.wrap_removal.run()
    again = Lead("Ms Dunn", await house.tab(), house)
    await again.joins(code)
    for lead in (khan, bell):
        await lead.says("/team")
        await lead.taps("Yes, Ms Dunn may read")
    await again.says("/queue")
    assert "Nothing here" in again.words
    await about(khan, "Ms Dunn", "Give past cases", "All of them")
    await khan.says("She has new keys.")
    await house.desk.give_past_cases()
    assert "Past cases for Ms Dunn: done. Given: 1." in khan.words
    assert "Cases that are not for Ms Dunn are left out." in khan.words
    await again.says("/queue")
    assert "/case_" in again.words


async def test_a_case_is_given_from_its_card_and_one_that_is_not_for_a_colleague_offers_nobody(house: House) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    dunn = await house.lead("Ms Dunn", "deputy")
    said: dict[str, Urgency] = {"I am afraid of the dog.": "soon", "Ms Dunn and Mr Bell were shouting.": "immediate"}
    for words, urgency in said.items():  # each is the first in the queue then
        await house.concern(words, "Ms Khan", urgency=urgency)
        await khan.says("/queue")
        await khan.taps_first()
        await khan.reads()
        await khan.taps("More")
        await khan.taps("Who may read")
        if "dog" not in words:
            assert not [label for label in khan.tab.buttons if "Give it to" in label]
            break
        await khan.taps("Give it to Ms Dunn too")
        await khan.says("She knows the family.")
        assert "Ms Dunn can read this case now." in khan.words
    await dunn.says("/queue")
    assert dunn.words.count("/case_") == 1


async def test_giving_that_is_under_way_goes_on_beside_the_work_and_can_be_stopped(house: House) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    for _number in range(25):
        await house.concern("I am afraid of the dog.", "Ms Khan")
    await house.lead("Ms Dunn", "deputy")
    await about(khan, "Ms Dunn", "Give past cases", "All that are open")
    await khan.says("She came later.")
    [session] = [one for one in house.store.leads.sessions.by_address.values() if one.lead.name == "Ms Khan"]
    progress = await house.store.desk.grants.step(session)
    assert progress is not None
    assert not progress.done
    await past_cases.show(house.desk._desk_chat(session.address), progress)
    await khan.tab.wait_to_see("40 %")
    assert "Past cases for Ms Dunn: ▓▓▓▓░░░░░░ 40 %. Given so far: 10." in khan.words
    await khan.taps("Stop")
    assert "Stopped. What was given stays given." in khan.words
    await house.desk.give_past_cases()
    assert not await house.store.desk.grants.unfinished()


@pytest.mark.types_joining
async def test_a_desk_ends_within_a_second_of_another_process_suspending_its_lead(house: House) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    beside = await open_store(house.url, house.where, house.clock)
    watch = asyncio.create_task(Scheduler(house.handlers, house.clock).run())
    try:
        await beside.leads.team.disable(await house.id_of("Ms Khan"))
        began = time.monotonic()
        while khan.name in {one.lead.name for one in house.store.leads.sessions.by_address.values()}:
            assert time.monotonic() - began < 5, "on a machine that does nothing else it is a quarter of a second"
            await asyncio.sleep(0)
        await khan.tab.wait_to_see("The desk is locked here")
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        await beside.close()
