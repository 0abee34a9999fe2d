"""What a lead sees before a reply goes: what must not be missed, the language it is read in, fitting replies."""

from __future__ import annotations

import pytest

from flows.cases.triage import READY, offered
from flows.values.deeds import Answered
from handlers.desk.case import summary
from handlers.desk.chat.wording import labels
from storage.values import Glance
from tests.handlers.desk.house import START, House, Lead, chosen

WORDS = "They wait for me behind the bus stop and film me."


async def replying(house: House, language: str = "en", *answers: Answered) -> Lead:
    """A lead who is about to write in the only case."""
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan", language=language, answers=answers)
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("Reply")
    return lead


async def test_the_preview_says_what_must_not_be_missed(house: House) -> None:
    lead = await replying(house, "en", chosen("C4", "no", "No"))
    await lead.says("I am here.")
    for said in ("unread words", "Safe now: NO", "Safe contact: not answered", "They read this as you wrote it:"):
        assert said in lead.words, said
    assert "language" not in lead.words
    assert "not translated" not in lead.words
    await lead.taps("Back to the case")
    await lead.reads()
    await lead.says("/reply I am here.")
    assert "unread words" not in lead.words


async def test_in_danger_the_reply_for_danger_is_first_and_each_is_there_once_and_whole(house: House) -> None:
    lead = await replying(house, "en", chosen("C4", "no", "No"))
    assert [label for label in lead.tab.buttons if label.isdigit()] == ["1", "2", "3", "4", "5", "6", "7"]
    shown = lead.words
    assert all(shown.count(text.msgid) == 1 for name, text in READY.items() if name not in {"talk_tomorrow", "shared"})
    assert "school tomorrow" not in shown  # no hours are known
    await lead.taps("1")
    assert READY["person_now"].msgid in lead.words
    assert "They read this:" in lead.words


async def test_who_writes_in_a_language_that_hark_has_not_is_said_to_read_another(house: House) -> None:
    lead = await replying(house, "pl")
    await lead.taps("1")
    assert "Hark has no Polski; they read this in English" in lead.words
    await lead.says("/reply I am here.")
    assert "it is not translated" in lead.words


async def test_who_writes_in_a_language_that_hark_has_reads_a_ready_reply_in_it(house: House) -> None:
    lead = await replying(house, "es")
    await lead.taps("1")
    assert "They write in Español" in lead.words
    assert "in their own language" in lead.words


@pytest.mark.parametrize("danger", [True, False])
@pytest.mark.parametrize("tomorrow", [True, False])
def test_every_reply_is_offered_but_the_one_for_a_day_without_school(*, danger: bool, tomorrow: bool) -> None:
    names = offered(child_in_danger=danger, open_tomorrow=tomorrow)
    every = set(READY) - {"shared"}  # which goes with a share, as its lead decides
    assert set(names) == (every if tomorrow else every - {"talk_tomorrow"})
    assert len(names) == len(set(names))
    assert (names[0] == "person_now") is danger


def test_a_parent_who_says_when_asked_again_that_a_child_is_in_danger_and_asks_for_no_contact_is_shown_so() -> None:
    told = Glance("parent", "en", "web", START, chosen={"P3": ("no",), "P3a": ("yes",), "P12": ("no",)})
    assert summary.safe_now(told) == labels.SAFE["P3a", "yes"]
    assert summary.says_unsafe(told)
    assert summary.contact(told) == ("no",)
