"""A round table on a share, as what was said at it tells."""

from __future__ import annotations

import pytest

from flows.together.share_table import MOST_SAID, SaidAtTable, fits, split_time, table_of
from flows.values.ids import LeadId

ADA, NUR = LeadId("ada"), LeadId("nurse")
PLAN = {"kind": "plan", "on": "2026-11-27", "time": ""}


def said(by: LeadId, **what: str) -> SaidAtTable:
    return SaidAtTable(by, by.title(), what)


BEGUN = (said(ADA, **PLAN), said(ADA, kind="item", action="The lunch hall"))


def test_the_latest_view_and_signature_of_each_count_and_a_change_makes_signatures_earlier() -> None:
    views = (said(ADA, kind="view", note="One."), said(ADA, kind="view", note="Two."))
    signed = (*BEGUN, *views, said(NUR, kind="sign", answer="differs", upto="4"))
    table = table_of(signed)
    assert table is not None
    assert (table.agenda, dict(table.views), table.changed) == (("The lunch hall",), {"Ada": "Two."}, 4)
    assert table.signed == {"Nurse": (False, True)}
    agreed = said(ADA, kind="agree", action="See her", owner="nurse", whose="Nurse", due="2026-11-30")
    table = table_of((*signed, agreed))
    assert table is not None
    assert table.signed == {"Nurse": (False, False)}
    assert table_of((*signed, said(ADA, **PLAN))) == table_of((*signed[:5], said(ADA, **PLAN))), (
        "the latest table counts"
    )


def test_without_one_that_is_planned_there_is_none() -> None:
    assert table_of(()) is None
    assert not fits((), said(ADA, kind="view", note="One."), leads=True)


@pytest.mark.parametrize(
    ("what", "by_lead", "by_partner"),
    [
        (PLAN, True, False),
        ({**PLAN, "time": "14:30"}, True, False),
        ({**PLAN, "time": "24:30"}, False, False),
        ({"kind": "item", "action": "The bus"}, True, False),
        ({"kind": "item", "action": "The lunch hall"}, False, False),
        ({"kind": "item", "action": ""}, False, False),
        ({"kind": "view", "note": "x" * 1_000}, True, True),
        ({"kind": "view", "note": "x" * 1_001}, False, False),
        ({"kind": "agree", "action": "See her", "owner": "nurse", "due": "2026-11-30"}, True, False),
        ({"kind": "sign", "answer": "agrees", "upto": "2"}, True, True),
        ({"kind": "sign", "answer": "agrees", "upto": "1"}, False, False),
        ({"kind": "sign", "answer": "perhaps", "upto": "2"}, False, False),
        ({"kind": "other"}, False, False),
    ],
)
def test_who_may_say_what(what: dict[str, str], by_lead: bool, by_partner: bool) -> None:  # noqa: FBT001 - a table
    assert fits(BEGUN, said(ADA, **what), leads=True) is by_lead
    assert fits(BEGUN, said(NUR, **what), leads=False) is by_partner


def test_so_much_is_said_at_one_and_no_more() -> None:
    full = BEGUN[:1] * MOST_SAID
    assert not fits(full, said(ADA, **PLAN), leads=True)
    assert fits(full[1:], said(ADA, **PLAN), leads=True)


@pytest.mark.parametrize(
    ("typed", "parted"),
    [
        ("12.6.2027 14:30", ("12.6.2027", "14:30")),
        ("12.6. 9:05", ("12.6.", "09:05")),
        ("12.6.2027", ("12.6.2027", "")),
        ("12.6.2027 24:00", ("12.6.2027 24:00", "")),
        ("12.6.2027 9:5", ("12.6.2027 9:5", "")),
        ("14:30", ("14:30", "")),
    ],
)
def test_a_time_behind_a_day_is_parted_from_it(typed: str, parted: tuple[str, str]) -> None:
    assert split_time(typed) == parted
