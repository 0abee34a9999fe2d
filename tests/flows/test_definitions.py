"""The definitions that ship: short sentences, six choices a screen, drawn pages that are true."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

from flows.loading.conditions import ALWAYS, Among, Condition, Every, Some, Unless, holds, names, with_named
from flows.loading.definition import Definition, Saying
from flows.loading.diagram import draw
from flows.loading.loader import load

HOME = Path(__file__).parents[2]
FILES = HOME / "flows" / "definitions"
NAMES = ("child", "parent", "staff", "feedback")


def shipped(name: str) -> Definition:
    base = None if name == "feedback" else (FILES / "sets.toml").read_text()
    return load((FILES / f"{name}.toml").read_text(), name, base=base)


def sayings(definition: Definition) -> list[Saying]:
    steps = definition.steps.values()
    found = [saying for step in steps for saying in (*step.text, *step.also)]
    found += [saying for step in steps for option in step.options for saying in (*option.label, *option.more)]
    return found + [saying for one in definition.interrupts for saying in one.text]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!;:])\s+", text) if part]


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_is_longer_than_fifteen_words(name: str) -> None:
    long = [part for one in sayings(shipped(name)) for part in sentences(one.say) if len(part.split()) > 15]
    assert long == []


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_asked_why_or_promised_a_secret(name: str) -> None:
    said = " ".join(one.say.lower() for one in sayings(shipped(name)))
    assert not re.search(r"\bwhy\b|\bprove\b|\bpromise to keep it secret\b(?<!can't promise to keep it secret)", said)
    assert "are you sure" not in said


@pytest.mark.parametrize("name", NAMES)
def test_the_drawn_page_is_true(name: str) -> None:
    page = HOME / "docs" / "conversations" / f"{name}.md"
    assert page.read_text() == draw(shipped(name)), f"run `hark flow draw` and commit {page.name}"


@pytest.mark.parametrize("name", ["child", "parent", "staff"])
def test_the_drawn_page_tells_which_set_asks_a_question(name: str) -> None:
    page = draw(shipped(name))
    assert "| s_medical | Does anything hurt or bleed, or is a doctor needed? | Yes / No / Not sure | set = s |" in page
    assert "follow-up sets: w, m, h" in page


@pytest.mark.parametrize("name", ["child", "parent", "staff"])
def test_a_receipt_comes_within_eight_screens(name: str) -> None:
    """The choice of who is writing, every question up to the readers, and the receipt."""
    definition = shipped(name)
    assert 1 + len(definition.order) + 1 <= 8
    assert definition.steps[definition.order[-1]].kind == "readers"


def test_a_child_meets_at_most_two_open_prompts_before_sending() -> None:
    child = shipped("child")
    assert [step for step in child.order if child.steps[step].kind == "words"] == ["C8"]


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_a_short_name_for_lists(name: str) -> None:
    assert [step.id for step in shipped(name).steps.values() if not 0 < len(step.title) <= 40] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_named_fact_is_looked_at(name: str) -> None:
    definition = shipped(name)
    looked = set().union(*(names(one.when) for one in definition.interrupts), *(_looks(definition)))
    assert set(definition.facts) - looked <= {"notice_allowed"}


def _looks(definition: Definition) -> list[frozenset[str]]:
    steps = definition.steps.values()
    conditions = [step.when for step in steps] + [saying.when for saying in sayings(definition)]
    return [names(condition) for condition in conditions]


@pytest.mark.parametrize("name", NAMES)
def test_every_callback_fits_a_button(name: str) -> None:
    for step in shipped(name).steps.values():
        for option in step.options:
            assert len(f"q:{step.id}:{option.id}".encode()) <= 64


def test_the_options_of_the_first_questions_come_in_the_order_of_the_domain() -> None:
    child = shipped("child")
    order = {step: [option.id for option in child.steps[step].options] for step in ("C5", "C3", "C4", "C14", "C11")}
    assert order == {
        "C5": ["no", "yes", "not_sure"],
        "C3": ["ok", "more", "stop"],
        "C4": ["yes", "no", "not_sure"],
        "C14": ["yes", "no", "not_sure"],
        "C11": ["today", "week", "month", "older", "not_sure"],
    }


def test_a_child_and_a_parent_are_told_that_telegram_reads_before_they_write() -> None:
    for name, limits, words in (("child", "C3", "C8"), ("parent", "P2", "P5"), ("staff", "S0", "SW")):
        definition = shipped(name)
        telegram = [one for one in definition.steps[limits].also if "door" in names(one.when)]
        assert "Telegram can read this chat." in telegram[0].say
        assert definition.order.index(limits) < definition.order.index(words)


def _worlds(condition: Condition, facts: Mapping[str, Condition]) -> Iterator[dict[str, frozenset[str]]]:
    """Every world in which each name that the condition looks at has one of the values it is compared with, or none."""
    values: dict[str, set[str]] = {}
    _collect(condition, facts, values)
    for chosen in product(*(["", *sorted(some)] for some in values.values())):
        yield {name: frozenset({value}) for name, value in zip(values, chosen, strict=True) if value}


def _collect(condition: Condition, facts: Mapping[str, Condition], values: dict[str, set[str]]) -> None:
    match condition:
        case Among(name, some):
            if name in facts:
                _collect(facts[name], facts, values)
            else:
                values.setdefault(name, set()).update(sorted(some)[:2])
        case Every(parts) | Some(parts):
            for part in parts:
                _collect(part, facts, values)
        case Unless(part):
            _collect(part, facts, values)


def _all_conditions(definition: Definition) -> list[Condition]:
    steps = definition.steps.values()
    found = [step.when for step in steps] + [saying.when for saying in sayings(definition)]
    found += [option.when for step in steps for option in step.options]
    found += [one.when for one in definition.interrupts] + list(definition.facts.values())
    return [condition for condition in found if condition != ALWAYS]


@pytest.mark.parametrize("name", NAMES)
def test_every_condition_can_hold_and_can_fail(name: str) -> None:
    definition = shipped(name)
    for condition in _all_conditions(definition):
        outcomes = {
            holds(condition, {}, with_named(definition.facts, {}, world))
            for world in _worlds(condition, definition.facts)
        }
        assert outcomes == {True, False}, condition
