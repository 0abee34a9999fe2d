"""A lead is told what held in a case and no more, and where in the words it stands."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.conversation.explanation import CaseContent, phrase_places, reasons
from flows.danger.crisis_phrases import look
from flows.drafts.rulebook import Flows
from flows.values.draft import Answer, Chose, Skipped

CORPUS = Path(__file__).parent / "crisis_corpus.csv"
ALL = tuple(f"R{number}" for number in range(20))


def why(flows: Flows, told: CaseContent, *held: str) -> list[str]:
    return [text.msgid for text in reasons(held, told, flows)]


@pytest.mark.parametrize(
    ("text", "held", "said"),
    [
        ("I took all the pills", ("R2", "R17"), ["Words of pills or something else taken"]),
        ("he has a knife", ("R2", "R17"), ["Words of a weapon"]),
        ("my sister is missing", ("R2", "R17"), ["Words of somebody missing"]),
        ("i cant do this any more", ("R19",), ["Words of having no hope"]),
    ],
)
def test_words_are_told_once_for_all_rules_that_they_made_hold(
    flows: Flows, text: str, held: tuple[str, ...], said: list[str]
) -> None:
    assert why(flows, CaseContent("12_17", texts=(text,)), *held) == said


@pytest.mark.parametrize(
    ("answers", "rule", "said"),
    [
        ({"C4": "no"}, "R1", "Said not to be safe now"),
        ({"P3": "no", "P3a": "yes"}, "R1", "Said that a child is in danger now"),
        ({"C15": "yes", "C15b": "no"}, "R3", "Said to think of dying, and nobody is there"),
        ({"s_last": "older"}, "R7", "Sexual harm longer ago"),
        ({"C15": "yes"}, "R4", "Thoughts of suicide: yes, or not sure"),
    ],
)
def test_answers_are_told_by_what_they_say(flows: Flows, answers: dict[str, str], rule: str, said: str) -> None:
    chosen: dict[str, Answer] = {step: Chose((option,)) for step, option in answers.items()}
    assert why(flows, CaseContent("12_17", answers=chosen), rule) == [said]


def test_a_rule_that_holds_no_more_or_is_of_an_older_file_is_told_whole(flows: Flows) -> None:
    changed = CaseContent("12_17", answers={"C4": Chose(("yes",))})
    assert why(flows, changed, "R1", "R99") == ["Not safe now, or being harmed now", "Risk rule {rule}"]


def test_whatever_held_is_told_and_nothing_twice(flows: Flows) -> None:
    empty = CaseContent("under_12", answers={"C4": Skipped()})
    assert len(why(flows, empty, *ALL, *ALL)) == len(flows.rules) + 1  # there is no R15


def test_whatever_is_found_in_a_text_has_a_place_in_it(flows: Flows) -> None:
    with CORPUS.open(encoding="utf-8") as file:
        texts = [row[-1] for row in csv.reader(file) if len(row) > 4]
    assert len(texts) > 200
    for text in texts:
        assert bool(phrase_places(text, flows.phrases)) == bool(look(text, flows.phrases)), text


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("I want to K1LL my-self!! and took   pills.", ["K1LL my-self!!", "took   pills."]),
        ("k i l l myself please", ["k i l l myself"]),
        ("🙂 quiero morirme ya", ["quiero morirme"]),
        ("nothing much", []),
    ],
)
def test_the_place_is_that_of_the_words_as_they_were_written(flows: Flows, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in phrase_places(text, flows.phrases)] == marked


@given(st.text(alphabet=st.sampled_from("kil mysef1!.\n🙂é\u200b\u0301"), max_size=80))
def test_places_lie_in_the_text_and_apart(flows: Flows, text: str) -> None:
    places = [place for one in phrase_places(text + " kill myself", flows.phrases) for place in one]
    assert places == sorted(places)
    assert places[-1] == len(text) + len(" kill myself")
