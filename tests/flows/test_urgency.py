"""Risk rules: each by itself, together, and what a machine never does, which is to lower anything."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.danger.crisis_phrases import Hit, PhraseClass
from flows.danger.risk_rules import read_rules
from flows.danger.urgency import ORDER, UNSORTED, Judged, contradicts, explain, judge, pages, worst
from flows.drafts.rulebook import Flows
from flows.loading.source_lines import DefinitionError
from flows.values.draft import Answer, Chose, Skipped, Wrote
from flows.values.ids import Urgency
from flows.values.situation import Cover, Situation

Judge = Callable[..., Judged]

#: Every rule of section 3 of the domain: what is known, the rule, and the urgency that it gives by itself.
CASES: list[tuple[str, dict[str, str], str, Urgency]] = [
    ("not safe", {"C4": "no"}, "R1", "immediate"),
    ("not safe, asked again", {"C4": "yes", "C4a": "no"}, "R1", "immediate"),
    ("a parent: danger now", {"P3": "yes"}, "R1", "immediate"),
    ("a parent: danger now, asked again", {"P3": "no", "P3a": "yes"}, "R1", "immediate"),
    ("now, with harm", {"C11": "today", "C13": "yes"}, "R1", "immediate"),
    ("now, with abuse", {"C11": "today", "category": "abuse.physical"}, "R1", "immediate"),
    ("now, hurt or touched, as an under-12 says it", {"C11": "today", "C10": "g.hurt"}, "R1", "immediate"),
    ("fighting now", {"d_now": "yes"}, "R1", "immediate"),
    ("being hurt now, in words", {"phrase": "danger"}, "R1", "immediate"),
    ("blackmail with pictures, in words", {"phrase": "sextortion"}, "R3", "immediate"),
    ("grooming, in words", {"phrase": "grooming"}, "R19", "same_day"),
    ("no hope, in words", {"phrase": "hopelessness"}, "R19", "same_day"),
    ("weapon", {"category": "weapon"}, "R2", "immediate"),
    ("weapon at home", {"d_weapon": "yes"}, "R2", "immediate"),
    ("threat to use it", {"w_threat": "yes"}, "R2", "immediate"),
    ("missing now", {"m_now": "yes"}, "R2", "immediate"),
    ("something taken", {"C15": "yes", "C15a": "yes"}, "R2", "immediate"),
    ("overdose, in words", {"phrase": "overdose"}, "R2", "immediate"),
    ("not breathing, in words", {"phrase": "medical"}, "R2", "immediate"),
    ("weapon, in words", {"phrase": "weapon"}, "R2", "immediate"),
    ("missing, in words", {"phrase": "missing"}, "R2", "immediate"),
    ("suicidal and something done", {"C15": "yes", "C15a": "yes"}, "R3", "immediate"),
    ("suicidal and not sure what was done", {"C15": "yes", "C15a": "not_sure"}, "R3", "immediate"),
    ("suicidal and alone", {"C15": "yes", "C15b": "no"}, "R3", "immediate"),
    ("sextortion", {"category": "online.sextortion"}, "R3", "immediate"),
    ("suicidal", {"C15": "yes", "C15a": "no", "C15b": "yes"}, "R4", "same_day"),
    ("perhaps suicidal", {"C15": "not_sure"}, "R4", "same_day"),
    ("suicidal, out of hours", {"C15": "yes", "cover": "closed"}, "R4", "immediate"),
    ("perhaps suicidal, out of hours", {"C15": "not_sure", "cover": "closed"}, "R4", "immediate"),
    ("sexual, within a day", {"category": "abuse.sexual", "s_last": "day"}, "R5", "immediate"),
    ("sexual, today", {"category": "abuse.sexual", "C11": "today"}, "R5", "immediate"),
    ("sexual, and pain", {"category": "abuse.sexual", "s_medical": "yes"}, "R5", "immediate"),
    ("sexual, within a week", {"category": "abuse.sexual", "s_last": "week"}, "R6", "same_day"),
    ("sexual, within a month", {"category": "abuse.sexual", "s_last": "month"}, "R7", "same_day"),
    ("sexual, older", {"category": "abuse.sexual", "s_last": "older"}, "R7", "same_day"),
    ("sexual, unknown", {"category": "sexual_violence_harassment", "s_last": "not_sure"}, "R7", "same_day"),
    ("sexual, in words", {"phrase": "sexual"}, "R7", "same_day"),
    ("an injury", {"C13": "yes"}, "R8", "immediate"),
    ("a doctor is needed", {"p_doctor": "yes"}, "R8", "immediate"),
    ("seen again today", {"C16": "today"}, "R9", "immediate"),
    ("seen again tomorrow", {"C16": "tomorrow"}, "R10", "same_day"),
    ("FGM within a week", {"category": "fgm", "t_when": "week"}, "R12", "immediate"),
    ("FGM, date unknown", {"category": "fgm", "t_when": "not_sure"}, "R12", "immediate"),
    ("marriage, date skipped", {"category": "forced_marriage", "t_when": "skipped"}, "R12", "immediate"),
    ("marriage, never asked", {"category": "forced_marriage", "over": "true"}, "R12", "immediate"),
    ("marriage, later", {"category": "forced_marriage", "t_when": "month"}, "R12", "same_day"),
    ("FGM, no journey", {"category": "fgm", "t_when": "none", "over": "true"}, "R12", "same_day"),
    ("staff, children today", {"category": "staff_conduct.allegation", "a_today": "yes"}, "R13", "same_day"),
    ("staff, contact goes on", {"category": "staff_conduct.allegation", "a_contact": "yes"}, "R13", "immediate"),
    ("an adult here, not sorted yet", {"adult": "yes"}, "R13", "same_day"),
    ("adult at a club, contact goes on", {"category": "adult_external", "a_contact": "yes"}, "R13", "immediate"),
    ("nudes with an adult", {"category": "online.image_sharing", "o_age": "adult"}, "R14", "immediate"),
    ("nudes and payment", {"category": "online.image_sharing", "o_asked": "pay"}, "R14", "immediate"),
    ("nudes and a threat", {"category": "online.image_sharing", "o_asked": "threat"}, "R14", "immediate"),
    ("nudes among children", {"category": "online.image_sharing", "o_age": "child"}, "R14", "same_day"),
    ("not sure to be safe", {"C4": "not_sure"}, "R16", "same_day"),
    ("a parent is not sure", {"P3": "not_sure"}, "R16", "same_day"),
    ("skipped, serious", {"C4": "skipped", "urgency": "same_day"}, "R16", "same_day"),
    ("a crisis phrase", {"phrase": "suicide"}, "R17", "same_day"),
    ("perhaps a crisis phrase", {"phrase_low": "suicide"}, "R18", "soon"),
    ("a kind that is immediate", {"urgency": "immediate"}, "R0", "immediate"),
    ("a kind that is of the same day", {"urgency": "same_day"}, "R0", "same_day"),
    ("a kind that is soon", {"urgency": "soon"}, "R0", "soon"),
]

WORLD = {"category", "group", "cover", "adult", "urgency", "over", "register"}


@pytest.fixture(scope="session")
def judged(flows: Flows, situation: Situation) -> Judge:
    """Judge words by id: answers, facts of the world, and crisis phrases."""

    def of(raised: tuple[str, ...] = (), so_far: Urgency = "routine", **words: str) -> Judged:
        facts = {name: frozenset({value}) for name, value in words.items() if name in WORLD}
        answers: dict[str, Answer] = {
            name: Skipped() if value == "skipped" else Chose((value,))
            for name, value in words.items()
            if name not in WORLD and not name.startswith("phrase")
        }
        hits = [
            Hit(words[name], certainty, "en.1")  # type: ignore[arg-type]
            for name, certainty in (("phrase", "high"), ("phrase_low", "low"))
            if name in words
        ]
        return judge(answers, facts, (), hits, situation, flows.rules, raised=raised, so_far=so_far)

    return of


@pytest.mark.parametrize(("words", "rule", "urgency"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_rule_holds_and_gives_its_urgency(judged: Judge, words: dict[str, str], rule: str, urgency: Urgency) -> None:
    found = judged(**words)
    assert rule in found.rules
    assert found.urgency == urgency


def test_every_rule_is_shown_by_a_case_and_has_words(flows: Flows) -> None:
    shown = {rule for _, _, rule, _ in CASES} | {"R11"}
    assert {rule.id for rule in flows.rules} == shown == {f"R{number}" for number in range(20) if number != 15}
    for rule in flows.rules:
        assert explain(rule.id, flows.rules).context == "desk"
        assert explain(rule.id, flows.rules).msgid == rule.say


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ({"C4": "yes"}, "R1"),
        ({"C11": "today"}, "R1"),
        ({"m_now": "no", "category": "missing.person"}, "R2"),
        ({"C15a": "yes"}, "R3"),
        ({"C15": "no"}, "R4"),
        ({"C11": "today"}, "R5"),
        ({"category": "abuse.sexual", "s_last": "day"}, "R6"),
        ({"category": "abuse.sexual", "s_last": "day"}, "R7"),
        ({"category": "abuse.sexual", "s_last": "week"}, "R7"),
        ({"C13": "not_sure"}, "R8"),
        ({"C16": "later"}, "R9"),
        ({"t_when": "week"}, "R12"),
        ({"a_contact": "yes"}, "R13"),
        ({"adult": "not_sure"}, "R13"),
        ({"o_age": "adult"}, "R14"),
        ({"C4": "skipped", "urgency": "soon"}, "R16"),
        ({"phrase_low": "suicide"}, "R17"),
        ({"phrase": "suicide"}, "R18"),
        ({"urgency": "routine"}, "R0"),
    ],
)
def test_a_rule_does_not_hold_without_its_reason(judged: Judge, words: dict[str, str], rule: str) -> None:
    assert rule not in judged(**words).rules


def test_what_nobody_has_sorted_yet_is_not_routine(judged: Judge) -> None:
    assert judged().urgency == UNSORTED == "soon"
    assert judged(urgency="routine").urgency == "routine"


@pytest.mark.parametrize(
    ("words", "urgency"),
    [
        ({"category": "abuse.emotional", "urgency": "same_day", "register": "under_12"}, "immediate"),
        ({"category": "abuse.emotional", "urgency": "same_day", "C6a": "6_11"}, "immediate"),
        ({"category": "neglect", "urgency": "same_day", "P4a": "under_6"}, "immediate"),
        ({"C10": "g.hurt", "urgency": "same_day", "register": "under_12"}, "immediate"),
        ({"C10": "g.home", "urgency": "soon", "register": "under_12"}, "same_day"),
        ({"C10": "g.unkind", "urgency": "soon", "register": "under_12"}, "soon"),
        ({"category": "neglect", "urgency": "same_day", "register": "12_17"}, "same_day"),
        ({"category": "neglect", "urgency": "same_day", "register": "under_12", "C6a": "12_17"}, "same_day"),
        ({"category": "fgm", "urgency": "immediate", "register": "under_12"}, "immediate"),
    ],
)
def test_r11_lifts_a_young_childs_abuse_by_one_step(judged: Judge, words: dict[str, str], urgency: Urgency) -> None:
    assert judged(**words).urgency == urgency


def test_cover_is_taken_from_the_world_where_no_fact_says_it(flows: Flows, situation: Situation) -> None:
    closed = replace(situation, cover=Cover(open_now=False, read_by=None, opens_at=None))
    answers: dict[str, Answer] = {"C15": Chose(("yes",))}
    assert judge(answers, {}, (), (), situation, flows.rules).urgency == "same_day"
    assert judge(answers, {}, (), (), closed, flows.rules).urgency == "immediate"


@pytest.mark.parametrize(
    ("words", "contradicted"),
    [
        ({"C4": "yes", "C16": "today"}, True),
        ({"P3": "no", "C13": "yes"}, True),
        ({"C4": "yes", "C4a": "no"}, True),
        ({"C4": "no"}, False),
        ({"C4": "yes", "C16": "tomorrow"}, False),
        ({"C13": "yes"}, False),
    ],
)
def test_said_to_be_safe_and_a_rule_says_not_is_flagged_and_the_higher_counts(
    judged: Judge, flows: Flows, words: dict[str, str], *, contradicted: bool
) -> None:
    found = judged(**words)
    answers = {step: Chose((option,)) for step, option in words.items()}
    assert contradicts(found.rules, answers, flows.rules) is contradicted
    assert found.urgency == "immediate" or not contradicted


def test_danger_wants_the_help_screen(judged: Judge) -> None:
    assert judged(C4="no").screens == ("R1",)
    assert judged(category="weapon").screens == ("R2",)
    assert judged(phrase="self_harm").screens == ("R17",)
    assert judged(C16="today").screens == ()


@pytest.mark.parametrize("phrase_class", get_args(PhraseClass))
def test_low_certainty_alarms_nobody(judged: Judge, flows: Flows, phrase_class: PhraseClass) -> None:
    found = judged(phrase_low=phrase_class, certainty="low", urgency="routine")
    assert "R18" in found.rules
    assert (found.urgency, found.screens, pages(found.rules, flows.rules)) == ("routine", (), False)


def test_sexual_harm_within_a_week_pages_a_lead(judged: Judge, flows: Flows) -> None:
    assert pages(judged(s_last="week", category="abuse.sexual").rules, flows.rules)
    assert not pages(judged(s_last="month", category="abuse.sexual").rules, flows.rules)


def test_a_rule_that_held_once_holds_for_ever(judged: Judge) -> None:
    found = judged(raised=("R1",), C4="yes")
    assert "R1" in found.rules
    assert found.urgency == "immediate"
    assert judged(raised=("R4",), C15="no").urgency == "same_day"


def test_a_later_answer_that_asks_for_less_lowers_nothing(judged: Judge) -> None:
    week = judged(category="fgm", t_when="week")
    assert week.urgency == "immediate"
    assert judged(raised=week.rules, so_far=week.urgency, category="fgm", t_when="month").urgency == "immediate"


def test_rules_of_an_older_file_change_nothing_and_are_named_by_their_id(judged: Judge, flows: Flows) -> None:
    assert judged(raised=("R99",)).rules == judged().rules
    assert explain("R99", flows.rules).args == {"rule": "R99"}


STEPS = {
    "C4": ("yes", "no", "not_sure", "skipped"),
    "C11": ("today", "week", "older", "not_sure"),
    "C13": ("yes", "no", "not_sure"),
    "C15": ("yes", "no", "not_sure"),
    "C15b": ("yes", "no"),
    "C16": ("today", "tomorrow", "later"),
    "s_last": ("day", "week", "month", "older", "not_sure", "skipped"),
    "t_when": ("week", "month", "not_sure", "none"),
    "a_contact": ("yes", "no"),
    "o_asked": ("pay", "secret", "none"),
    "category": ("fgm", "abuse.sexual", "online.image_sharing", "other"),
    "cover": ("open", "closed"),
    "register": ("under_12", "12_17"),
    "phrase": ("suicide", "sexual", "danger"),
    "phrase_low": ("abuse", "suicide"),
}
anything = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in STEPS.items()})


@given(earlier=anything, later=anything)
def test_a_change_of_answers_never_lowers_the_urgency_and_never_loses_a_rule(
    judged: Judge, earlier: dict[str, str], later: dict[str, str]
) -> None:
    first = judged(**earlier)
    second = judged(raised=first.rules, so_far=first.urgency, **later)
    assert ORDER.index(second.urgency) >= ORDER.index(first.urgency)
    assert set(first.rules) <= set(second.rules)


@given(words=anything)
def test_the_urgency_is_that_of_the_highest_rule_and_at_most_a_step_above(judged: Judge, words: dict[str, str]) -> None:
    found = judged(**words)
    assert found.urgency in ORDER
    assert judged(**words) == found
    assert ORDER.index(judged(**{**words, "C4": "no"}).urgency) == ORDER.index("immediate")


def test_words_are_a_fact_that_an_organisations_rule_may_look_at(situation: Situation) -> None:
    rules = read_rules('[rule.X]\nsay = "Words"\nlevels = [{ urgency = "immediate", when = { words = "written" } }]\n')
    assert judge({"C8": Wrote(("x",))}, {}, ("x",), (), situation, rules).urgency == "immediate"
    assert judge({}, {}, (" ",), (), situation, rules).urgency == "soon"


def test_an_organisation_lays_its_own_levels_over_ours(situation: Situation) -> None:
    ours = '[rule.X]\nsay = "X"\nlevels = [{ urgency = "soon", when = { C1 = "a" } }]\n'
    theirs = '[rule.X]\nlevels = [{ urgency = "immediate", when = { C1 = "a" } }]\n'
    assert judge({"C1": Chose(("a",))}, {}, (), (), situation, read_rules(ours, theirs)).urgency == "immediate"


def test_the_worst_of_urgencies() -> None:
    assert worst("soon", "immediate", "routine") == "immediate"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[rule.X]\nlevels = [{ urgency = "soon" }]\n', "rule 'X' has no words or no levels"),
        ('[rule.X]\nsay = "x"\n', "rule 'X' has no words or no levels"),
        (
            '[rule.X]\nsay = "x"\nlevels = [{ urgency = "now" }]\n',
            "'urgency' takes one of immediate, same_day, soon, routine",
        ),
        ('[rule.X]\nsay = "x"\nlower = true\nlevels = [{ up = true }]\n', "unknown key 'lower'"),
        ('contradicting = ["Y"]\n', "there is no rule 'Y'"),
    ],
)
def test_an_unfit_file_is_refused(text: str, what: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_rules(text)
    assert refused.value.what == what
