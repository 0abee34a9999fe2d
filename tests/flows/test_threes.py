"""After sending: what matters for this category first, three at a time, worded by who it is about, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.conversation.engine import current, step
from flows.drafts.rulebook import Flows
from flows.drafts.scene import asked, scene
from flows.screens import copy as say_
from flows.screens.welcome import begin
from flows.values.deeds import AddAnswer, AddMessage
from flows.values.draft import Chose, Draft, Wrote
from flows.values.ids import Register
from flows.values.inputs import Heard, Pressed, Tapped, Typed
from flows.values.screen import Screen
from flows.values.situation import Situation

Say = Callable[[Screen], str]


@pytest.fixture
def after(flows: Flows, situation: Situation) -> Callable[..., Draft]:
    """A child's sent concern with these answers and the cursor at the first question that has none."""

    def made(register: Register = "under_12", **given: str) -> Draft:
        answers = {"C5": "no", "C3": "ok", "C4": "yes", "C14": "no", **given}
        draft = replace(begin(flows, register, situation), sent=True, sent_at=situation.now, cursor="")
        told = {"C8": Wrote(("Something is wrong.",)), **{name: Chose((one,)) for name, one in answers.items()}}
        return step(flows, replace(draft, answers=told), Pressed("-", "questions"), situation).draft or draft

    return made


def heard_by(flows: Flows, situation: Situation, draft: Draft, *heard: Heard) -> tuple[Draft, Screen]:
    screen = current(flows, draft, situation)
    for one in heard:
        outcome = step(flows, draft, one, situation)
        assert outcome.draft is not None
        draft, screen = outcome.draft, outcome.said[-1]
    return draft, screen


def test_three_questions_of_the_category_then_a_stop_and_three_more(
    flows: Flows, situation: Situation, after: Callable[..., Draft], say: Say
) -> None:
    draft = after(C6="me", C10="g.unkind")
    assert draft.cursor == "b_often"
    bullied = (Tapped("b_often", "often"), Typed("In the gym."), Pressed("b_place", "done"), Tapped("b_many", "one"))
    draft, pause = heard_by(flows, situation, draft, *bullied)
    assert "Three more can help, or stop here." in say(pause)
    assert [row[0].label for row in pause.rows[:2]] == [say_.GO_ON, say_.ENOUGH]
    draft, going_on = heard_by(flows, situation, draft, Pressed("-", "questions"))
    assert "Are you hurt, or do you need a doctor?" in say(going_on)
    more = (Tapped("C13", "no"), Tapped("C16", "later"), Pressed("C19", "skip"))
    _, pause = heard_by(flows, situation, draft, *more)
    assert "Three more can help, or stop here." in say(pause)


def test_words_at_a_stop_are_a_message_and_no_answer(
    flows: Flows, situation: Situation, after: Callable[..., Draft]
) -> None:
    draft = after(C6="me", C10="g.unkind", b_often="once", b_many="one")
    paused, _ = heard_by(flows, situation, draft, Typed("The gym."), Pressed("b_place", "done"))
    (deed,) = step(flows, paused, Typed("And the bus."), situation).deeds
    assert deed == AddMessage("And the bus.", None, ())


def test_a_stop_comes_at_no_other_place_and_never_at_the_end(
    flows: Flows, situation: Situation, after: Callable[..., Draft], say: Say
) -> None:
    draft, stops, screens = after(C6="me", C10="g.unkind"), 0, 0
    while draft.cursor:
        outcome = step(flows, draft, Pressed(draft.cursor, "skip"), situation)
        assert isinstance(outcome.deeds[0], AddAnswer)
        assert outcome.draft is not None
        draft, screens = outcome.draft, screens + 1
        if "or stop here" in say(outcome.said[-1]):
            assert screens % 3 == 0
            stops += 1
            draft = step(flows, draft, Pressed("-", "questions"), situation).draft or draft
    assert stops == (screens - 1) // 3
    assert say_.ALL_ASKED.msgid in say(outcome.said[-1])


@pytest.mark.parametrize("register", ["under_12", "12_17", "parent"])
def test_nothing_is_counted_after_sending(flows: Flows, situation: Situation, say: Say, register: Register) -> None:
    definition = flows.of_register(register)
    for name in definition.steps:
        draft = replace(begin(flows, register, situation), sent=name not in definition.order, cursor=name)
        assert (re.search(r"\d/\d", say(current(flows, draft, situation))) is None) is draft.sent


@pytest.mark.parametrize(
    ("known_already", "not_asked"),
    [
        ({"s_last": "week"}, "C11"),
        ({"d_now": "yes"}, "C11"),
        ({"p_doctor": "no"}, "C13"),
        ({"s_medical": "yes"}, "C13"),
    ],
)
def test_what_was_answered_is_not_asked_in_other_words(
    flows: Flows, situation: Situation, after: Callable[..., Draft], known_already: dict[str, str], not_asked: str
) -> None:
    def path(**given: str) -> list[str]:
        return [one.id for one in asked(scene(flows, after(C6="me", **given), situation))]

    assert not_asked in path()
    assert not_asked not in path(**known_already)


def test_where_it_happens_is_asked_once(flows: Flows, situation: Situation, after: Callable[..., Draft]) -> None:
    draft = after(C6="me", C10="g.unkind")
    draft = replace(draft, answers={**draft.answers, "b_place": Wrote(("In the gym.",))})
    assert "C12" not in [one.id for one in asked(scene(flows, draft, situation))]


@pytest.mark.parametrize(
    ("who", "asks"),
    [
        ("me", "Do you still see or hear from this person?"),
        ("friend", "Does your friend still see or hear from this person?"),
        ("someone_else", "Do they still see or hear from this person?"),
    ],
)
def test_a_child_is_asked_by_whom_it_is_worried_about(
    flows: Flows, situation: Situation, after: Callable[..., Draft], say: Say, who: str, asks: str
) -> None:
    draft = replace(after(C6=who, C14="yes", C10="g.hurt"), cursor="a_contact")
    assert asks in say(current(flows, draft, situation))
    dying = replace(draft, answers={**draft.answers, "C10": Chose(("self_harm",))}, cursor="C15")
    assert ("Are you feeling like that?" in say(current(flows, dying, situation))) is (who == "me")
    outcome = step(flows, replace(dying, cursor="C13"), Tapped("C13", "yes"), situation)
    assert ("your safety" in say(outcome.said[-1])) is (who == "me")


def test_words_of_danger_at_a_choice_are_asked_about_next(
    flows: Flows, situation: Situation, after: Callable[..., Draft]
) -> None:
    draft, _ = heard_by(
        flows, situation, after(), Typed("I want to die."), Pressed("-", "carry_on"), Tapped("C6", "me")
    )
    assert draft.cursor == "C15"
