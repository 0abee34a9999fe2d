"""A case in the queue is one line whose parts never change places; a screen with room has a second."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.cases.triage import GROUPS, OUTCOMES
from flows.values.text import Text
from handlers.desk.case import queue_lines
from handlers.desk.chat.wording.urgency_reasons import Reasons
from handlers.telegram import languages
from storage.values import CaseId, CaseRow, Glance
from tests.handlers.desk.house import HOME, START, House, our_flows

ENGLISH = languages.load(Path("nowhere"), ZoneInfo("Europe/London"), "GB")["en"]
REASONS = Reasons(our_flows())
GLANCE = Glance(
    "12_17",
    "en",
    "web",
    START,
    categories=("bullying.online", "abuse.physical"),
    rules=("R1", "R17"),
    chosen={"C4": ("no",), "C6": ("me",)},
    label="bus stop",
)
ROW = CaseRow(
    id=CaseId("x"),
    reference="K7QM3D",
    version=1,
    site=HOME,
    status="new",
    urgency="immediate",
    due_at=START + timedelta(minutes=15),
    due="acknowledge",
    owner=None,
    unread=True,
    entries=1,
    opened_hour=START,
    glance=GLANCE,
)
#: A key of the card, and what its screen asks.
ACTS = {
    "Urgency": "How urgent is it?",
    "Status": "Where does it stand now?",
    "Give to": "Who should have this case?",
    "Close": "Take it first",
}


def say(text: Text) -> str:
    return ENGLISH.say(text).translate(dict.fromkeys(range(0x2066, 0x206A)))


def test_the_parts_stand_in_one_order_on_one_line() -> None:
    assert say(queue_lines.line(ROW, START, REASONS)) == (
        "🔴 immediate · NOW · /case_K7QM3D · a child of 12 to 17 · Online bullying +1 “bus stop” · ✉ unread"
        " · nobody has it yet"
    )


def test_the_second_line_has_what_must_not_be_missed_and_what_held() -> None:
    first, second = say(queue_lines.both(ROW, START, REASONS)).splitlines()
    assert first == say(queue_lines.line(ROW, START, REASONS))
    assert second == "Safe now: NO · why: Said not to be safe now · new"


@pytest.mark.parametrize(
    ("chosen", "whom"),
    [
        ({"C6": ("friend",)}, "a friend of a child of 12 to 17"),
        ({"C6": ("someone_else",), "C6a": ("6_11",)}, "a child of 6 to 11"),
        ({}, "from a child of 12 to 17"),
    ],
)
def test_whom_it_is_about_is_said_as_far_as_it_was_told(chosen: dict[str, tuple[str, ...]], whom: str) -> None:
    row = replace(ROW, glance=replace(GLANCE, chosen=chosen))
    assert say(queue_lines.line(row, START, REASONS)).split(" · ")[3] == whom


@pytest.mark.parametrize(
    ("due", "clock"),
    [
        (timedelta(minutes=-30), "OVERDUE since 09:00"),
        (timedelta(hours=2), "by 11:30"),
        (timedelta(days=2), "by Thu, 26 Nov 2026, 09:30"),
    ],
)
def test_a_time_has_its_day_only_where_it_is_far(due: timedelta, clock: str) -> None:
    row = replace(ROW, urgency="soon", due_at=START + due)
    assert say(queue_lines.line(row, START, REASONS)).split(" · ")[1] == clock


def test_every_outcome_stands_in_one_of_four_groups() -> None:
    assert len(GROUPS) == 4
    assert sorted(one for group in GROUPS.values() for one in group.outcomes) == sorted(OUTCOMES)


async def test_what_is_done_to_a_case_is_one_tap_from_its_card(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern("words", "Ms Khan")
    for key, said in ACTS.items():
        await lead.says("/queue")
        await lead.taps_first()
        await lead.taps(key)
        assert said in lead.words
