"""The conversations as a lead holds them: the same questions without the device, all before the readers, and an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.conversation import engine, spoken
from flows.drafts.rulebook import Flows
from flows.drafts.scene import asked, scene
from flows.loading.checks.validator import SETS
from flows.screens.buttons import heard_from
from flows.screens.welcome import begin
from flows.values.deeds import SendConcern
from flows.values.draft import Draft, Wrote, dump, parse
from flows.values.ids import Register
from flows.values.inputs import Changed, Heard, Pressed, Struck, Tapped, Typed
from flows.values.screen import Press, Screen
from flows.values.situation import Situation

REGISTERS = spoken.REGISTERS
NARRATIVE = {"under_12": "C8", "12_17": "C8", "parent": "P5"}
TEXTS = ("He hits me.", "I want to kill myself", "Mr Bell did it", "x")


def presses(screen: Screen) -> list[Heard]:
    found = (heard_from(one.data) for row in screen.rows for one in row if isinstance(one, Press))
    return [one for one in found if isinstance(one, Tapped | Pressed | Struck | Changed)]


def moved(flows: Flows, draft: Draft, situation: Situation, heard: Heard) -> tuple[Draft | None, SendConcern | None]:
    stepped = engine.step(flows, draft, heard, situation)
    deed = next((one for one in stepped.deeds if isinstance(one, SendConcern)), None)
    return stepped.draft, deed


@pytest.mark.parametrize("register", REGISTERS)
def test_every_question_of_the_written_conversation_is_asked_but_for_the_device(
    flows: Flows, register: Register
) -> None:
    written, said = flows.of_register(register), spoken.spoken(flows).of_register(register)
    before = {*written.order, *written.after}
    assert {*said.order} == before - {"C5"}
    assert said.steps[said.order[-1]].kind == "readers"
    assert SETS in said.order
    for name, step in said.steps.items():
        assert step.text == written.steps[name].text, name  # word for word
        assert step.when == written.steps[name].when, name


@pytest.mark.parametrize("register", REGISTERS)
def test_nothing_is_offered_that_speaks_of_a_chat_the_person_does_not_have(flows: Flows, register: Register) -> None:
    said = spoken.spoken(flows).of_register(register)
    for name in ("C20", "P12"):
        if name in said.order:
            assert "chat" not in {option.id for option in said.steps[name].options}
    labels = [one.say for step in said.steps.values() for option in step.options for one in option.more]
    assert [text for text in labels if "this chat" in text] == []


def test_staff_write_their_own_record(flows: Flows) -> None:
    assert "staff" not in REGISTERS
    assert spoken.spoken(flows).definitions["staff"] == flows.definitions["staff"]


@pytest.mark.parametrize("register", REGISTERS)
def test_a_device_that_is_nobodys_is_not_spoken_of(flows: Flows, situation: Situation, register: Register) -> None:
    said = spoken.spoken(flows)
    draft = spoken.begin(said, register, situation, "es")
    assert draft.language == "es"
    screen = engine.current(said, draft, situation)
    assert not [one.msgid for one in screen.paragraphs if "computer" in one.msgid]


def _to_readers(flows: Flows, register: Register, situation: Situation) -> Draft:
    draft = spoken.begin(flows, register, situation, "en")
    while flows.definitions[draft.definition].steps[draft.cursor].id != NARRATIVE[register]:
        assert not spoken.may_end(flows, draft)
        nobody_unsafe = {"C4": "yes", "P3": "no"}.get(draft.cursor, "ok")
        draft = moved(flows, draft, situation, Tapped(draft.cursor, nobody_unsafe))[0] or draft
    draft = moved(flows, draft, situation, Typed("He hits me."))[0] or draft
    return moved(flows, draft, situation, Pressed(draft.cursor, "done"))[0] or draft


@pytest.mark.parametrize("register", REGISTERS)
def test_once_the_narrative_is_there_one_tap_leads_to_the_readers_and_nothing_counts_as_skipped(
    flows: Flows, situation: Situation, register: Register
) -> None:
    said = spoken.spoken(flows)
    draft = _to_readers(said, register, situation)
    assert spoken.may_end(said, draft)
    ended = spoken.ended(said, draft, situation)
    assert ended.cursor == "CR"
    assert not spoken.may_end(said, ended)
    assert parse(dump(ended)) == ended
    _, deed = moved(said, ended, situation, Pressed("CR", "send"))
    assert deed is not None
    assert [one.step for one in deed.answers if isinstance(one.answer, Wrote)] == [NARRATIVE[register]]
    assert "skipped" not in repr(deed.answers).lower()
    assert "C5" not in [one.step for one in deed.answers]


def test_who_thinks_of_dying_is_asked_two_things_and_no_more(flows: Flows, situation: Situation) -> None:
    said = spoken.spoken(flows)
    draft = _to_readers(said, "12_17", situation)
    draft = replace(draft, answers={**draft.answers, "C8": Wrote(("I want to kill myself",))})
    for step, option in (("C14", "no"), ("C6", "me"), ("C15", "yes"), ("C15a", "no"), ("C15b", "yes")):
        draft = replace(draft, cursor=step, interrupted=False)
        draft = moved(said, draft, situation, Tapped(step, option))[0] or draft
    here = scene(said, replace(draft, interrupted=False), situation)
    assert [step.id for step in asked(here) if step.id not in draft.answers] == ["CR"]


def test_the_written_conversation_asks_what_it_did(flows: Flows, situation: Situation) -> None:
    for register in REGISTERS:
        draft = begin(flows, register, situation)
        assert "sets" not in {step.id for step in asked(scene(flows, draft, situation))}
        assert [step.id for step in asked(scene(flows, draft, situation))][-1] == "CR"


def _choices(flows: Flows, draft: Draft, situation: Situation) -> Iterator[Heard]:
    yield from presses(engine.current(flows, draft, situation))
    yield from map(Typed, TEXTS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(register=st.sampled_from(REGISTERS), walk=st.lists(st.integers(0, 40), min_size=10, max_size=80))
def test_whatever_is_tapped_or_written_there_is_a_way_to_the_readers(
    flows: Flows, situation: Situation, register: Register, walk: list[int]
) -> None:
    said = spoken.spoken(flows)
    draft = spoken.begin(said, register, situation, "en")
    for number in walk:
        choices = list(_choices(said, draft, situation))
        after, deed = moved(said, draft, situation, choices[number % len(choices)])
        if after is None:
            return
        if deed is not None:
            assert all(deed.rungs)
            return
        assert not after.sent
        draft = parse(dump(after))
    if spoken.may_end(said, draft):
        assert spoken.ended(said, draft, situation).cursor == "CR"
