"""The document of a referral to somebody without an account, and who stands above a lead who disagrees."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.duty.escalation import one_level_up
from flows.together.referral import Referral, document
from flows.values.ids import LeadId
from flows.values.text import Text

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ADA, BEA, CYD = (LeadId(name) for name in "abc")


def referral(*, urgent: bool = False) -> Referral:
    parts = (("She wrote:", "It hurts."), ("A note:", ""))
    care = Text("Social care", "desk")
    return Referral("Ms Khan, Elmfield", "Ms Bell", care, "to help", "Take her on?", NOW, urgent, parts)


def test_its_lines_stand_in_order_and_words_below_their_headings() -> None:
    lines = document(referral())
    assert [line.words for line in lines if line.words] == ["to help", "Take her on?", "It hurts."]
    assert [line.heading.msgid for line in lines][:3] == ["Referral", "From: {sender}", "For: {who}, {agency}"]
    assert lines[-1].heading.msgid == "Taken by (name, day, your reference):"


def test_where_it_is_immediate_it_says_so_first() -> None:
    assert document(referral(urgent=True))[1].heading.msgid == "☎ Immediate: please ring us at once."
    assert len(document(referral(urgent=True))) == len(document(referral())) + 1


def test_above_a_lead_stands_the_next_rung_then_a_colleague_then_nobody_but_herself() -> None:
    rungs = {ADA: 0, BEA: 2, CYD: 5}
    assert one_level_up(rungs, ADA) == (BEA,)
    assert one_level_up(rungs, BEA) == (CYD,)
    assert one_level_up(rungs, CYD) == (CYD,)
    assert one_level_up({ADA: 0, BEA: 0}, ADA) == (BEA,)
