"""What is a partner's to do for what was shared with her, as what was said tells."""

from __future__ import annotations

from datetime import date

import pytest

from flows.together.own_actions import LONGEST_REASON, MOST_OPEN, fits, open_actions, own_actions
from flows.together.share_table import LONGEST, MOST_SAID, SaidAtTable, table_of
from flows.values.ids import LeadId

ADA, NUR = LeadId("ada"), LeadId("nurse")


def said(by: LeadId, **what: str) -> SaidAtTable:
    return SaidAtTable(by, by.title(), what)


PLAN = said(ADA, kind="plan", on="2026-11-27", time="")
AGREED = said(ADA, kind="agree", action="See her", owner="nurse", whose="Nurse", due="2026-11-30")
OF_ADA = said(ADA, kind="agree", action="Find a room", owner="ada", whose="Ada", due="2026-11-28")
OWN = said(NUR, kind="own", action="Ring the clinic", due="2026-11-26")
BEGUN = (PLAN, AGREED, OF_ADA, OWN)


def test_hers_is_what_was_agreed_for_her_and_what_she_adds_due_first_first() -> None:
    found = open_actions(BEGUN, NUR)
    assert [(one.number, one.what, one.due) for one in found] == [
        (4, "Ring the clinic", date(2026, 11, 26)),
        (2, "See her", date(2026, 11, 30)),
    ]


def test_what_has_ended_is_not_open_and_how_it_ended_stays() -> None:
    ended = (*BEGUN, said(NUR, kind="done", of="2"), said(NUR, kind="undone", of="4", note="They are shut."))
    assert open_actions(ended, NUR) == ()
    assert [(one.number, one.standing) for one in own_actions(ended, NUR)] == [(4, "undone"), (2, "done")]


def test_what_she_is_to_do_stands_without_a_round_table_and_changes_none() -> None:
    assert table_of((OWN,)) is None
    assert [one.what for one in open_actions((OWN,), NUR)] == ["Ring the clinic"]
    signed = (*BEGUN[:3], said(NUR, kind="sign", answer="agrees", upto="3"))
    table = table_of((*signed, OWN, said(NUR, kind="done", of="2")))
    assert table is not None
    assert table.signed == {"Nurse": (True, True)}, "that it is done changes nothing that was signed"
    assert table.changed == 3
    assert [(one.what, one.ended) for one in table.agreed] == [("See her", "done"), ("Find a room", "")]


def test_another_round_table_leaves_what_is_hers() -> None:
    assert len(open_actions((*BEGUN, PLAN), NUR)) == 2


@pytest.mark.parametrize(
    ("what", "fitting"),
    [
        ({"kind": "own", "action": "x" * LONGEST, "due": "2026-11-26"}, True),
        ({"kind": "own", "action": "x" * (LONGEST + 1), "due": "2026-11-26"}, False),
        ({"kind": "own", "action": " ", "due": "2026-11-26"}, False),
        ({"kind": "done", "of": "2"}, True),
        ({"kind": "done", "of": "3"}, False),
        ({"kind": "done", "of": "9"}, False),
        ({"kind": "undone", "of": "4", "note": "x" * LONGEST_REASON}, True),
        ({"kind": "undone", "of": "4", "note": "x" * (LONGEST_REASON + 1)}, False),
        ({"kind": "undone", "of": "4", "note": " "}, False),
        ({"kind": "undone", "of": "3", "note": "Not mine."}, False),
        ({"kind": "plan", "on": "2026-11-27", "time": ""}, False),
    ],
)
def test_what_she_may_say(what: dict[str, str], fitting: bool) -> None:  # noqa: FBT001 - a table
    assert fits(BEGUN, said(NUR, **what)) is fitting


def test_so_much_is_open_and_no_more_and_what_is_open_can_always_be_ended() -> None:
    full = (OWN,) * MOST_OPEN
    assert not fits(full, OWN)
    assert fits((*full, said(NUR, kind="done", of="1")), OWN)
    crowded = (OWN,) + (PLAN,) * MOST_SAID
    assert not fits(crowded, OWN)
    assert fits(crowded, said(NUR, kind="done", of="1"))
