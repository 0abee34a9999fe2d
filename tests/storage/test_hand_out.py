"""A referral on paper: noted before it is shown, and never for whom the reporter left out or the words name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from storage.deeds.sharing.hand_out import HandOut, NoteTaken
from storage.values.errors import NotOffered, Stale
from storage.values.shares import Outside
from tests.raw_database import all_bytes
from tests.storage.test_shares import ADA, BEA, NUR, acts

TEXT = "They wrote: quokka"


@pytest.fixture
async def three(school: Any) -> tuple[Any, Any, Any]:
    """Two leads, and a partner."""
    ada, bea = await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)
    return ada, bea, await school.join("Nurse Okafor", "partner", chat=NUR)


def paper(**changes: Any) -> HandOut:
    to = Outside("Ms Bell, duty social worker", "social_care")
    return replace(HandOut(to, TEXT, "to help", "Take her on?", (1,), 1, "protect", "yes"), **changes)


async def test_who_took_it_is_noted_once_and_the_text_is_not_kept(school: Any, three: Any) -> None:
    ada, bea, _ = three
    case = (await school.send((ada, bea))).talk.found.case
    await acts(school, ada, case, paper())
    [number] = [one.number for one in (await school.reads(ada, case)).entries if _is(one, "hand_out")]
    assert b"quokka" not in await all_bytes(school.folder, school.url)
    for wrong in (NoteTaken(1, "Mr Sand", date(2026, 11, 23)), NoteTaken(number, " ", date(2026, 11, 23))):
        with pytest.raises(NotOffered):
            await acts(school, ada, case, wrong)
    taken = NoteTaken(number, "Mr Sand", date(2026, 11, 23), "SC-4711")
    await acts(school, bea, case, taken)
    with pytest.raises(NotOffered):
        await acts(school, ada, case, taken)
    [noted] = [one.action.detail for one in (await school.reads(ada, case)).entries if _is(one, "taken_by")]
    assert (noted["of"], noted["taker"], noted["reference"]) == (str(number), "Mr Sand", "SC-4711")


def _is(entry: Any, what: str) -> bool:
    return entry.action is not None and entry.action.what == what


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": Outside("Pastor Quill", "faith")},
        {"to": Outside("zebrafish-canary, aunt", "health")},
        {"to": Outside("Nurse Okafor", "health")},
        {"to": Outside("  ", "health")},
        {"purpose": " "},
        {"numbers": ()},
        {"told": "unsafe"},
    ],
)
async def test_whom_the_words_name_or_the_reporter_left_out_gets_none(
    school: Any, three: Any, wrong: dict[str, Any]
) -> None:
    ada, bea, nurse = three
    case = (await school.send((ada, bea), excluded=(nurse.lead.id,))).talk.found.case
    with pytest.raises(NotOffered):
        await acts(school, ada, case, paper(**wrong))


async def test_words_that_were_not_read_keep_it_back_and_a_child_is_told_with_it(school: Any, three: Any) -> None:
    ada, bea, _ = three
    sent = await school.send((ada, bea))
    case = sent.talk.found.case
    await school.say(sent.talk, "and one thing more")
    row = (await school.store.desk.open_case(ada, school.arrival(ADA), case)).row
    with pytest.raises(Stale):
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, paper())
    await acts(school, ada, case, paper(told="now"))
    assert [reply.ready for reply in (await school.store.talks.view(sent.talk)).replies] == ["shared"]
