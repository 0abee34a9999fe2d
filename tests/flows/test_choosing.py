"""Choosing several things: groups, the categories behind them, and the questions that follow from them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.conversation.engine import current, offered, step
from flows.drafts.rulebook import Flows
from flows.drafts.scene import asked, scene
from flows.screens.welcome import begin
from flows.values.deeds import AddAnswer
from flows.values.draft import Chose, Draft, Skipped
from flows.values.ids import Register
from flows.values.inputs import Heard, Pressed, Tapped, Typed
from flows.values.screen import Press, Screen
from flows.values.situation import Situation

Say = Callable[[Screen], str]
Tap = Callable[[Screen, str], Heard]


def at_categories(flows: Flows, situation: Situation, register: Register, **answers: str) -> Draft:
    draft = begin(flows, register, situation)
    given = {name: Chose((value,)) for name, value in answers.items()}
    return replace(draft, sent=True, cursor="C10", answers={"C9": Skipped(), "C6": Skipped(), **given})


def options_on(screen: Screen) -> list[str]:
    rows = [button.data for row in screen.rows for button in row if isinstance(button, Press)]
    return [data for data in rows if data.startswith("q:")]


def test_a_child_under_twelve_sees_six_groups_and_nothing_below_them(
    flows: Flows, situation: Situation, say: Say
) -> None:
    draft = at_categories(flows, situation, "under_12")
    assert len(options_on(current(flows, draft, situation))) == 6
    outcome = step(flows, draft, Tapped("C10", "g.hurt"), situation)
    assert outcome.draft is not None
    assert outcome.draft.answers["C10"] == Chose(("g.hurt",))
    assert len(options_on(outcome.said[-1])) == 6
    assert "✓" in say(outcome.said[-1])


@pytest.mark.parametrize("register", ["12_17", "parent", "staff"])
def test_no_screen_of_any_group_has_more_than_six_choices(
    flows: Flows, situation: Situation, register: Register
) -> None:
    draft = replace(at_categories(flows, situation, register), cursor="C10")
    seen: set[str] = set()
    for group in flows.categories.group_ids():
        pending, shown = [f"{group}.0"], set()
        while pending:
            page = pending.pop()
            shown.add(page)
            screen = step(flows, draft, Tapped("C10", page), situation).said[-1]
            options = [data.removeprefix("q:C10:") for data in options_on(screen)]
            assert len(options) <= 6
            turns = [option for option in options if option.startswith("g.")]
            seen.update(set(options) - set(turns))
            pending += [turn for turn in turns if turn not in shown]
    assert seen == {code for code in flows.categories.codes if register in flows.categories.codes[code].registers}


def test_the_first_button_of_several_choices_is_next(flows: Flows, situation: Situation, tap: Tap) -> None:
    draft = at_categories(flows, situation, "12_17")
    screen = current(flows, draft, situation)
    assert tap(screen, "Next") == Pressed("C10", "done")
    assert isinstance(screen.rows[0][0], Press)
    assert screen.rows[0][0].data == "k:C10:done"


def test_a_choice_is_ticked_and_unticked_and_next_appends_it(flows: Flows, situation: Situation) -> None:
    draft = at_categories(flows, situation, "12_17")
    ticked = step(flows, draft, Tapped("C10", "wellbeing"), situation).draft
    assert ticked is not None
    assert ticked.answers["C10"] == Chose(("wellbeing",))
    unticked = step(flows, ticked, Tapped("C10", "wellbeing"), situation).draft
    assert unticked is not None
    assert "C10" not in unticked.answers
    (deed,) = step(flows, ticked, Pressed("C10", "done"), situation).deeds
    assert isinstance(deed, AddAnswer)
    assert deed.answered.answer == Chose(("wellbeing",))
    assert len(deed.answered.labels) == 1
    assert deed.categories == ("wellbeing",)


def test_a_typed_label_ticks_its_category(flows: Flows, situation: Situation) -> None:
    draft = at_categories(flows, situation, "12_17")
    labels = {label.msgid.casefold(): option for option, label in offered(flows, draft, situation)[0]}
    outcome = step(flows, draft, Typed("Self-harm", (labels["self-harm"],)), situation)
    assert outcome.draft is not None
    assert outcome.draft.answers["C10"] == Chose(("self_harm",))


def test_next_without_a_choice_passes_over(flows: Flows, situation: Situation) -> None:
    draft = step(flows, at_categories(flows, situation, "12_17"), Pressed("C10", "done"), situation).draft
    assert draft is not None
    assert draft.answers["C10"] == Skipped()
    assert draft.cursor == "C13"


def test_a_tick_that_means_danger_is_told_at_once(flows: Flows, situation: Situation) -> None:
    (deed,) = step(flows, at_categories(flows, situation, "12_17"), Tapped("C10", "weapon"), situation).deeds
    assert isinstance(deed, AddAnswer)
    assert deed.urgency == "immediate"


def test_the_sets_of_all_categories_are_asked_once_the_most_dangerous_first(flows: Flows, situation: Situation) -> None:
    draft = at_categories(flows, situation, "12_17", C11="week")
    codes = ("bullying.face_to_face", "abuse.physical", "weapon")
    draft = replace(draft, answers={**draft.answers, "C10": Chose(codes)})
    ids = [one.id for one in asked(scene(flows, draft, situation))]
    assert ids[ids.index("C10") + 1 : ids.index("C13")] == [
        *("w_where", "w_threat", "w_who", "p_doctor", "p_where", "b_often", "b_place", "b_many")
    ]


def test_self_harm_asks_about_dying_next(flows: Flows, situation: Situation) -> None:
    draft = at_categories(flows, situation, "12_17")
    ticked = step(flows, draft, Tapped("C10", "self_harm"), situation).draft
    assert ticked is not None
    after = step(flows, ticked, Pressed("C10", "done"), situation).draft
    assert after is not None
    assert after.cursor == "C15"


def test_nobody_is_asked_about_a_person_where_there_is_none(flows: Flows, situation: Situation) -> None:
    for code, person in (("eating", False), ("hate", True)):
        draft = at_categories(flows, situation, "12_17")
        draft = replace(draft, answers={**draft.answers, "C10": Chose((code,))})
        assert ("C16" in [one.id for one in asked(scene(flows, draft, situation))]) is person


def test_an_adult_here_is_asked_about_whatever_is_chosen(flows: Flows, situation: Situation) -> None:
    draft = at_categories(flows, situation, "under_12", C14="yes")
    assert "a_today" in [one.id for one in asked(scene(flows, draft, situation))]


def test_no_one_goes_with_nobody_else(flows: Flows, situation: Situation) -> None:
    draft = replace(at_categories(flows, situation, "12_17"), cursor="C17")
    for choice, kept in (
        ("friend", {"friend"}),
        ("family", {"family", "friend"}),
        ("no_one", {"no_one"}),
        ("friend", {"friend"}),
    ):
        after = step(flows, draft, Tapped("C17", choice), situation).draft
        assert after is not None
        assert after.answers["C17"] == Chose(tuple(one for one in ("family", "friend", "no_one") if one in kept))
        draft = after


@pytest.mark.parametrize(
    ("code", "answers", "questions"),
    [
        ("online.harmful_content", {}, ["o_platform"]),
        ("online.grooming", {}, ["o_contact", "o_asked", "o_age", "o_platform"]),
        ("missing.education", {}, ["m_now"]),
        ("missing.education", {"m_now": "no"}, ["m_now"]),
        ("missing.education", {"m_now": "not_sure"}, ["m_now", "m_last", "m_with"]),
        ("missing.person", {"m_now": "no"}, ["m_now", "m_last", "m_with"]),
    ],
)
def test_nobody_is_asked_about_somebody_who_is_not_there(
    flows: Flows, situation: Situation, code: str, answers: dict[str, str], questions: list[str]
) -> None:
    draft = at_categories(flows, situation, "12_17", **answers)
    draft = replace(draft, answers={**draft.answers, "C10": Chose((code,))})
    assert [one.id for one in asked(scene(flows, draft, situation)) if one.id[:2] in {"o_", "m_"}] == questions
