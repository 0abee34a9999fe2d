"""The evaluation of a term at the desk: six taps, what should change, and next term a goal made of it."""

from __future__ import annotations

from datetime import date

from flows.measures.terms import CALENDAR
from flows.together.evaluation import Evaluation
from storage.values import Arrival
from tests.handlers.desk.house import House, Lead

TERM = CALENDAR.term_of(date(2026, 11, 23))
CHANGE = "Answer partners within a day"
STATEMENTS = (
    *("I knew who does what.", "I was answered in time.", "My view counted, also when we disagreed."),
    *("The child's voice was in what we decided.", "We did what we said.", "I would work like this again."),
)


async def answers(lead: Lead, change: str) -> None:
    await lead.says("/brief")
    await lead.taps("Together")
    await lead.taps("This term")
    await lead.taps("Begin")
    for number, statement in enumerate(STATEMENTS, 1):
        assert f"{number} of 6: {statement}" in lead.words
        await lead.taps("Mostly")
    if change:
        await lead.says("Mr Bell should answer")
        assert "That names somebody whom Hark knows." in lead.words
        await lead.says(change)
    else:
        await lead.taps("Nothing to add")


async def test_an_answer_is_given_by_taps_and_what_should_change_becomes_a_goal(house: House) -> None:
    names = ("Ms Khan", "Mr Bell", "Ms Wren", "Ms Holt")
    leads = [await house.lead(name, "deputy" if number else "lead") for number, name in enumerate(names)]
    nurse = await house.lead("Nurse Okafor", "partner")
    khan = leads[0]
    await answers(khan, CHANGE)
    assert "Kept, without your name." in khan.words
    assert "You have answered for this term. Thank you." in khan.words
    await answers(nurse, "")
    assert "Kept, without your name." in nurse.words
    sessions = {one.lead.name: one for one in house.store.leads.sessions.by_address.values()}
    for number, lead in enumerate(leads[1:]):
        one = sessions[lead.name]
        await house.store.together.evaluations.give(
            one, Arrival(one.address, 80_000 + number), Evaluation((2,) * 6), TERM
        )
    house.clock.pass_(days=60)
    await khan.unlocks()
    await khan.says("/evaluate")
    assert "About 5 answered. The middle answer to each:" in khan.words
    assert "I knew who does what. Hardly" in khan.words
    assert f"To change, 1: “{CHANGE}”" in khan.words
    await khan.taps("Make a goal of 1")
    assert "How can you tell that it is reached?" in khan.words
    await khan.says("Partners are asked in April")
    await khan.taps("It is mine")
    await khan.says("1.4.2027")
    assert f"Goal: {CHANGE}" in khan.words
    await nurse.unlocks()
    await nurse.says("/evaluate")
    assert "The term before" not in nurse.words
    assert "Six statements" in nurse.words
