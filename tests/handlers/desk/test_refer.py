"""`/refer`: somebody outside is asked to take it on; what is answered, where a lead disagrees, and on paper."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from flows.measures.charts import NotDrawn
from storage.leads.sign_in.session import LeadSession
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_export import all_of, files_of

WORDS = "My mum Zelda Quokka makes me skip tea when I get weighed."
PURPOSE = "to have her seen by a doctor"
QUESTION = "Could your team take her on?"


@pytest.fixture
async def three(house: House) -> tuple[Lead, Lead, Lead]:
    """A lead with a case on the screen, the head above her, and a partner."""
    house.equipped = True
    await house.restart()
    khan, head = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    nurse = await house.lead("Nurse Okafor", "partner")
    await house.concern(WORDS, "Ms Khan", later=("Mr Bell",))
    await opens(khan)
    return khan, head, nurse


async def opens(lead: Lead) -> None:
    await lead.says("/queue")
    await lead.taps_first()
    await lead.reads()


async def puts_together(khan: Lead, to: str = "Nurse Okafor") -> None:
    """Everything up to until when."""
    await khan.says("/refer")
    await khan.taps(to)
    await answers_all(khan)


async def answers_all(khan: Lead) -> None:
    await khan.says(PURPOSE)
    await khan.says(QUESTION)
    assert "That is all she needs" not in khan.tab.buttons, "nothing is ticked"
    await khan.says("1")
    await khan.says("Zelda Quokka")
    await khan.taps("That is all she needs")
    await khan.taps("To protect a child")
    await khan.taps("Yes")


async def refers(khan: Lead) -> None:
    await puts_together(khan)
    await khan.taps("14 days")
    await khan.taps("Send")


async def test_she_takes_it_on_and_the_case_says_what_is_next_and_by_when(three: tuple[Lead, Lead, Lead]) -> None:
    khan, _, nurse = three
    await refers(khan)
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    assert "You are asked to take it on: say whether you do, what happens next, and by when." in nurse.words
    assert "Accept" not in nurse.tab.buttons
    await nurse.taps("We take it on")
    await nurse.says("I ring her parents.")
    await nurse.says("yesterday")
    assert "That is no day within the next year." in nurse.words
    await nurse.says("27.11.2026")
    assert "Noted: you take it on. They are told." in nurse.words
    await nurse.taps("Open 1")
    await nurse.taps("Reply")
    await nurse.says("Rang them.")
    await opens(khan)
    await khan.says("/refer")
    assert "Nurse Okafor takes it on." in khan.words
    assert "“I ring her parents.”" in khan.words
    assert "by Fri, Nov 27" in khan.words
    assert "I disagree: Nurse Okafor" not in khan.tab.buttons
    await khan.says("/queue")
    await khan.taps_first()
    await khan.taps("History")
    assert "took in what a partner answered · Nurse Okafor · taken on · by Fri, Nov 27 · “I ring her parents.”" in (
        khan.words
    )


@pytest.mark.parametrize(
    ("tap", "said", "after"),
    [("We only note it", "Nurse Okafor has only noted it.", 1), ("Not ours", "it is not theirs.", 0)],
)
async def test_where_a_lead_disagrees_it_is_an_action_of_whoever_stands_above(
    house: House, three: tuple[Lead, Lead, Lead], tap: str, said: str, after: int
) -> None:
    khan, head, nurse = three
    await refers(khan)
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    await nurse.taps(tap)
    await nurse.says("The family doctor could.")
    if tap == "We only note it":
        await nurse.taps("No day yet")
    assert len(await house.store.shares.listed(session_of(house, nurse))) == after
    await opens(khan)
    await khan.says("/refer")
    assert said in khan.words
    assert "“The family doctor could.”" in khan.words
    await khan.taps("I disagree: Nurse Okafor")
    await khan.says("x" * 190)
    assert "That is too long: at most" in khan.words
    await khan.says("She has lost six kilos.")
    assert "Planned: Mr Bell, by Wed, Nov 25." in khan.words
    await head.says("/actions")
    assert "Disagreement with Nurse Okafor: She has lost six kilos." in head.words


def session_of(house: House, lead: Lead) -> LeadSession:
    return next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == lead.name)


async def test_where_it_is_immediate_one_rings_first(house: House) -> None:
    khan, nurse = await house.lead("Ms Khan"), await house.lead("Nurse Okafor", "partner")
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await opens(khan)
    await khan.says("/refer")
    assert "☎ Ring first: it is immediate. What is sent may be read late." in khan.words
    await puts_together(khan)
    await khan.taps("14 days")
    assert "☎ Ring Nurse Okafor first: it is immediate." in khan.words
    await khan.taps("Send")
    await nurse.says("/brief")
    assert "1 share waits for you." in nurse.words


async def puts_on_paper(khan: Lead) -> None:
    """Hand a referral out to somebody without an account."""
    await khan.says("/refer")
    await khan.taps("Somebody without an account")
    await khan.taps("Social care")
    await khan.says("Ms Bell, duty social worker")
    await answers_all(khan)
    await khan.taps("Hand it out")


async def test_the_paper_is_a_pdf_of_the_same_lines_and_holds_nothing_that_was_cut_in_any_layer(
    house: House, three: tuple[Lead, Lead, Lead]
) -> None:
    khan, _, _ = three
    await khan.says("/note")
    await khan.says("CANARY-NOTE is of another family.")
    await puts_on_paper(khan)
    [(name, paper)] = await files_of(khan)
    assert name == "referral.pdf"
    pages = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    shown = " ".join(pages.split())
    for words in (PURPOSE, QUESTION, "Ms Bell, duty social worker", "Social care", "Ms Khan, Elmfield School"):
        assert words in shown
    assert "My mum" in shown
    assert "makes me skip tea when I get weighed." in shown
    assert "Taken by (name, day, your reference):" in shown
    reference = next(place.shown.reference for _, place in house.desk.places.by_address.items() if place.shown)
    for canary in ("Zelda", "Quokka", "CANARY", reference):
        assert canary not in all_of(paper)


async def test_where_no_pdf_can_be_drawn_the_lead_has_the_text_and_is_told(
    house: House, three: tuple[Lead, Lead, Lead]
) -> None:
    khan, _, _ = three

    async def broken(_: object) -> bytes:
        assert "can be copied for five minutes" in khan.tab.heard[-1].text, "the text does not wait for it"
        raise NotDrawn

    object.__setattr__(house.handlers.desk.deps, "draw", broken)
    await puts_on_paper(khan)
    assert "The PDF could not be made now. The text above has all that would be in it." in khan.words
    assert QUESTION in next(one.text for one in khan.tab.heard if "can be copied for five minutes" in one.text)
    assert await files_of(khan) == []
    await khan.says("/refer")
    assert "→ Ms Bell, duty social worker: no answer yet" in khan.words, "it was handed out all the same"


async def test_somebody_without_an_account_gets_a_text_and_who_took_it_is_noted(
    house: House, three: tuple[Lead, Lead, Lead]
) -> None:
    khan, _, _ = three
    await khan.says("/refer")
    await khan.taps("Somebody without an account")
    assert "Faith" not in khan.tab.buttons
    await khan.taps("Social care")
    await khan.says("Zelda Quokka, aunt")
    assert "That person is named in this case, or was left out of it. Type somebody else." in khan.words
    await khan.says("Ms Bell, duty social worker")
    await answers_all(khan)
    assert "This is what Ms Bell, duty social worker would get, on paper." in khan.words
    assert "My mum █████ makes me skip tea" in khan.words
    await khan.taps("Hand it out")
    assert "Noted. Print the PDF below, or read the text out. Then note in /refer who took it." in khan.words
    text = next(one.text for one in reversed(khan.tab.heard) if "can be copied for five minutes" in one.text)
    for words in (PURPOSE, QUESTION, "For: Ms Bell, duty social worker, Social care", "From: Ms Khan, Elmfield School"):
        assert words in text.translate({0x2066: None, 0x2067: None, 0x2068: None, 0x2069: None})
    reference = next(place.shown.reference for _, place in house.desk.places.by_address.items() if place.shown)
    for canary in ("Zelda", "Quokka", reference):
        assert canary not in text
    await khan.says("/refer")
    assert "→ Ms Bell, duty social worker: no answer yet" in khan.words
    await khan.taps("Who took it: Ms Bell")
    await khan.says("Mr Sand")
    await khan.says("1.6.2031")
    assert "That is no day up to today." in khan.words
    await khan.says("24.11.")
    await khan.says("SC-4711")
    assert "Noted: Mr Sand took it." in khan.words
    await opens(khan)
    await khan.says("/refer")
    assert "Mr Sand takes it on." in khan.words
    assert "“SC-4711”" in khan.words
    assert "on Tue, Nov 24" in khan.words
    assert "Who took it" not in " ".join(khan.tab.buttons)
    await khan.taps("Somebody without an account")
    await khan.taps("Social care")
    await khan.says("Mr Sand")
    assert "Why is it shared with Mr Sand?" in khan.words, "who took one before may take another"


async def test_a_day_and_a_reference_may_be_none_and_a_button_of_before_does_nothing(
    three: tuple[Lead, Lead, Lead],
) -> None:
    khan, _, nurse = three
    await refers(khan)
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    await nurse.taps("We take it on")
    await nurse.taps("Nothing to add")
    assert "Noted: you take it on. They are told." in nurse.words
    await nurse.taps("Open 1")
    assert "We take it on" not in nurse.tab.buttons
    assert "Reply" in nurse.tab.buttons


@pytest.mark.parametrize("typed", ["Today", "20.11.", "2026-11-20", "24/11/2026"])
async def test_the_day_on_which_somebody_took_it_is_the_latest_that_is_past(
    three: tuple[Lead, Lead, Lead], typed: str
) -> None:
    khan, _, _ = three
    await khan.says("/refer")
    await khan.taps("Somebody without an account")
    await khan.taps("Police")
    await khan.says("PC Bell, child protection unit")
    await answers_all(khan)
    await khan.taps("Hand it out")
    await khan.says("/refer")
    await khan.taps("Who took it: PC Bell")
    await khan.says("Sgt Moor")
    await (khan.taps("Today") if typed == "Today" else khan.says(typed))
    await khan.taps("They gave none")
    assert "Noted: Sgt Moor took it." in khan.words
    await opens(khan)
    await khan.says("/refer")
    assert f"on {'Fri, Nov 20' if '20' in typed[:2] or typed.endswith('-20') else 'Tue, Nov 24'}" in khan.words
