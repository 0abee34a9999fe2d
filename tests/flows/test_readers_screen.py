"""The readers screen says who will read, who cannot yet, and where else to turn."""

from collections.abc import Callable
from dataclasses import replace

from flows.conversation.engine import current, step
from flows.drafts.rulebook import Flows
from flows.screens.buttons import roster_hash
from flows.screens.welcome import begin
from flows.values.deeds import AddAnswer, SendConcern
from flows.values.draft import Chose, Draft, Wrote
from flows.values.inputs import Pressed, Struck
from flows.values.screen import Screen
from flows.values.situation import Situation

Say = Callable[[Screen], str]


def at_readers(flows: Flows, situation: Situation, words: str, adult: str) -> Draft:
    answers = {name: Chose((value,)) for name, value in (("C5", "no"), ("C3", "ok"), ("C4", "yes"), ("C14", adult))}
    return replace(begin(flows, "12_17", situation), cursor="CR", answers={**answers, "C8": Wrote((words,))})


def test_about_an_adult_here_the_safeguarding_leads_do_not_read(flows: Flows, situation: Situation, say: Say) -> None:
    shown = say(current(flows, at_readers(flows, situation, "He shouts.", "yes"), situation))
    assert "[✓ Mrs Okafor · Head teacher]" in shown
    assert "Mr Bell" not in shown


def test_somebody_whom_the_words_name_does_not_read_and_it_is_said(
    flows: Flows, situation: Situation, say: Say
) -> None:
    draft = at_readers(flows, situation, "Mr Bell shouts at us.", "no")
    shown = say(current(flows, draft, situation))
    assert "Mr Bell cannot read this until someone else has checked it." in shown
    (deed,) = step(flows, draft, Pressed("CR", "send"), situation).deeds
    assert isinstance(deed, SendConcern)
    assert deed.withheld == (situation.roster[0].lead,)
    assert situation.roster[0].lead not in {lead for rung in deed.rungs for lead in rung}


def test_that_somebody_is_not_sure_who_goes_with_what_is_sent(flows: Flows, situation: Situation) -> None:
    draft = at_readers(flows, situation, "Somebody shouts at us.", "no")
    unsure = step(flows, draft, Struck(roster_hash(situation.roster), None), situation).draft
    assert unsure is not None
    sent = [step(flows, one, Pressed("CR", "send"), situation).deeds[0] for one in (draft, unsure)]
    assert [isinstance(deed, SendConcern) and deed.unsure for deed in sent] == [False, True]


def test_the_only_reader_who_is_named_is_pointed_out(
    flows: Flows, known_by: Callable[..., Situation], situation: Situation, say: Say
) -> None:
    alone = known_by(roster=situation.roster[:1])
    shown = say(current(flows, at_readers(flows, alone, "I told Mr Bell.", "no"), alone))
    assert "Your words may name Mr Bell." in shown
    assert "[✓ Mr Bell · Safeguarding lead]" in shown


def test_if_the_chair_is_left_out_places_outside_are_shown_too(flows: Flows, situation: Situation, say: Say) -> None:
    draft = at_readers(flows, situation, "It is about money.", "yes")
    struck = step(flows, draft, Struck(roster_hash(situation.roster), 3), situation).draft
    assert struck is not None
    shown = say(current(flows, struck, situation))
    assert "[✓ Ms Moreau · Independent reader]" in shown
    assert "0123 456" in shown


def test_a_rise_at_the_end_of_the_questions_reaches_the_case(flows: Flows, situation: Situation) -> None:
    """R12: a marriage whose date nobody gave is immediate once the questions are over."""
    draft = at_readers(flows, situation, "They want me to marry.", "no")
    answers = {**draft.answers, "C10": Chose(("forced_marriage",))}
    draft = replace(draft, sent=True, cursor="t_when", answers=answers, urgency="same_day")
    outcome = step(flows, draft, Pressed("-", "enough"), situation)
    (deed,) = outcome.deeds
    assert isinstance(deed, AddAnswer)
    assert deed.urgency == "immediate"
