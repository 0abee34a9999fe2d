"""While nobody has opened the desk for a week, reporters are told so kindly, and can send all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from flows.conversation.engine import current
from flows.drafts.rulebook import Flows
from flows.duty.deadlines import nobody_lately
from flows.screens.copy import READ_BY, SLOW
from flows.screens.receipt import read_by
from flows.screens.welcome import begin, opening
from flows.values.draft import Chose, Wrote
from flows.values.screen import Screen
from flows.values.situation import Situation

Say = Callable[[Screen], str]
TODAY = date(2026, 11, 24)


def test_one_reader_who_unlocked_this_week_is_enough(situation: Situation) -> None:
    days = dict.fromkeys((reader.lead for reader in situation.roster), TODAY - timedelta(days=7))
    assert nobody_lately(situation.roster, days, TODAY)
    assert nobody_lately(situation.roster, {}, TODAY)
    assert not nobody_lately(situation.roster, {**days, situation.roster[-1].lead: TODAY - timedelta(days=6)}, TODAY)


def test_where_nobody_reads_at_all_another_screen_says_so() -> None:
    assert not nobody_lately((), {}, TODAY)


def test_the_first_screen_and_the_one_before_sending_say_so_with_helplines(
    flows: Flows, known_by: Callable[..., Situation], situation: Situation, say: Say
) -> None:
    slow = known_by(slow=True)
    answers = {name: Chose((value,)) for name, value in (("C5", "no"), ("C3", "ok"), ("C4", "yes"), ("C14", "no"))}
    draft = replace(begin(flows, "12_17", slow), cursor="CR", answers={**answers, "C8": Wrote(("He shouts.",))})
    for shown in (say(opening(slow)), say(current(flows, draft, slow))):
        assert SLOW.msgid in shown
        assert situation.site.helplines[0].number in shown
    assert "[Send it to these 3 people]" in say(current(flows, draft, slow))
    assert SLOW.msgid not in say(opening(situation))


def test_no_time_is_promised_then(known_by: Callable[..., Situation]) -> None:
    assert read_by(known_by(slow=True)) == READ_BY[-1].text
    assert read_by(known_by()) != READ_BY[-1].text


def test_a_practice_site_says_only_that_nobody_acts(known_by: Callable[..., Situation], say: Say) -> None:
    assert SLOW.msgid not in say(opening(known_by(slow=True, practice=True)))
