"""The board: five quiet cases behind each entry, two leads, no known name, and bound though it is public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.together.board import Behind, counts
from storage.deeds.ownership import Claim
from storage.deeds.readers.exclude import Exclude
from storage.deeds.record.people import AddPerson
from storage.deeds.status import CloseCase
from storage.values.errors import Conflict, NotOffered
from tests.raw_database import all_bytes, read_tables, write_tables
from tests.storage.conftest import SITE

ADA, BEA, CYD, NUR = 500, 501, 502, 510
SAID, DID = "The dugong corridor is scary after lunch", "An adult stands there every day now"
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
async def three(school: Any) -> tuple[Any, Any, Any]:
    return (
        await school.join("Ada Byron", chat=ADA),
        await school.join("Bea Potter", "deputy", chat=BEA),
        await school.join("Cyd Marsh", "head", chat=CYD),
    )


async def closed(school: Any, lead: Any, *rungs: Any, close: bool = True, **changes: Any) -> str:
    """A case that is closed, by its reference."""
    school.updates += 1
    sent = await school.send((lead,), *rungs, chat=school.updates, **changes)
    case, arrival = sent.talk.found.case, school.arrival(lead.address.chat_id)
    row = (await school.reads(lead, case)).row
    row = await school.store.desk.act(lead, arrival, case, row.version, Claim())
    if close:
        arrival = school.arrival(lead.address.chat_id)
        row = await school.store.desk.act(lead, arrival, case, row.version, CloseCase("early_help", "It is done."))
    return str(row.reference)


async def five(school: Any, lead: Any, count: int = 5) -> list[str]:
    return [await closed(school, lead) for _ in range(count)]


async def after(school: Any, days: float, *names: str) -> list[Any]:
    """Days later, with desks open again."""
    school.later(days=days)
    chats = {"Ada Byron": ADA, "Bea Potter": BEA, "Cyd Marsh": CYD}
    return [await school.unlock(name, chats[name]) for name in names]


async def drafts(school: Any, lead: Any, references: list[str], said: str = SAID, did: str = DID) -> None:
    await school.store.together.board.draft(lead, school.arrival(lead.address.chat_id), said, did, references)


async def publishes(school: Any, lead: Any) -> None:
    [one] = await school.store.together.board.drafts(lead)
    await school.store.together.board.publish(lead, school.arrival(lead.address.chat_id), one.id)


def standing(school: Any) -> list[tuple[str, str]]:
    return [(one.said, one.did) for one in school.store.together.board.standing.get(SITE, ())]


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 60 * 24))
def test_a_case_counts_if_it_is_closed_quiet_for_thirty_days_and_kept_from_nobody(
    over: bool,  # noqa: FBT001 - as Hypothesis gives them
    kept: bool,  # noqa: FBT001
    adult: bool,  # noqa: FBT001
    hours: int,
) -> None:
    case = Behind(over, NOW - timedelta(hours=hours), kept, adult)
    assert counts(case, NOW) == (over and not kept and not adult and hours >= 30 * 24)


async def test_five_closed_cases_that_are_quiet_for_thirty_days_and_no_fewer(school: Any, three: Any) -> None:
    ada, bea, _ = three
    known = await five(school, ada)
    kept = await closed(school, ada, (bea,), excluded=(bea.lead.id,))
    still, foreign = await closed(school, ada, close=False), await closed(school, bea)
    assert await school.store.together.board.counted(ada, known) == 0
    [ada] = await after(school, 29, "Ada Byron")
    assert await school.store.together.board.counted(ada, known) == 0
    [ada] = await after(school, 2, "Ada Byron")
    assert await school.store.together.board.counted(ada, known) == 5
    assert await school.store.together.board.counted(ada, [kept, still, foreign, "ZZZZZZ", ""]) == 0
    for references in (known[:4], [*known[:4], still], [*known[:4], kept], [*known[:4], known[0]]):
        with pytest.raises(NotOffered):
            await drafts(school, ada, references)
    await drafts(school, ada, known, "The numbat corridor is scary")  # words that no other test makes public
    assert standing(school) == []
    assert b"numbat" not in await all_bytes(school.folder, school.url), "a draft is sealed"


async def test_another_lead_says_yes_within_a_week_and_a_known_name_is_refused(school: Any, three: Any) -> None:
    ada, bea, _ = three
    known = await five(school, ada)
    case = (await school.send((bea,))).talk.found.case
    row = (await school.reads(bea, case)).row
    await school.store.desk.act(bea, school.arrival(BEA), case, row.version, AddPerson("Zelda Axolotl", "child"))
    ada, bea = await after(school, 31, "Ada Byron", "Bea Potter")
    for said, did in (("Ms Potter is kind", DID), (SAID, "Byron stands there"), ("", DID), (SAID, "x" * 301)):
        with pytest.raises(NotOffered):
            await drafts(school, ada, known, said, did)
    await drafts(school, ada, known)
    with pytest.raises(NotOffered):
        await publishes(school, ada)
    await publishes(school, bea)
    assert standing(school) == [(SAID, DID)]
    assert await school.store.together.board.drafts(ada) == ()
    await drafts(school, ada, known, "Axolotl was heard")
    with pytest.raises(NotOffered):  # Bea knows somebody by that name, and Ada does not
        await publishes(school, bea)
    ada, bea = await after(school, 8, "Ada Byron", "Bea Potter")
    assert await school.store.together.board.drafts(bea) == (), "a first word counts for a week"


async def test_it_stands_after_a_restart_is_taken_down_by_one_and_what_is_changed_stands_nowhere(
    school: Any, three: Any
) -> None:
    ada, bea, _ = three
    known = await five(school, ada)
    ada, bea = await after(school, 31, "Ada Byron", "Bea Potter")
    await drafts(school, ada, known)
    await publishes(school, bea)
    first = await read_tables(school.url)
    await school.store.close()
    await school.open()
    assert standing(school) == [(SAID, DID)]
    [bea] = await after(school, 0, "Bea Potter")
    [one] = school.store.together.board.standing.get(SITE, ())
    await school.store.together.board.take_down(bea, school.arrival(BEA), one.id)
    assert standing(school) == []
    with pytest.raises(NotOffered):
        await school.store.together.board.take_down(bea, school.arrival(BEA), one.id)
    now = await read_tables(school.url)
    for rows in (first["boards"], [{**now["boards"][0], "entries": "[1]"}]):
        await write_tables(school.url, {**now, "boards": rows})
        await school.store.close()
        await school.open()
        assert standing(school) == []
        assert not (await school.store.watch.verify()).holds


async def test_two_who_publish_at_once_publish_once(school: Any, three: Any) -> None:
    ada, bea, cyd = three
    known = await five(school, ada)
    ada, bea, cyd = await after(school, 31, "Ada Byron", "Bea Potter", "Cyd Marsh")
    await drafts(school, ada, known)
    [one] = await school.store.together.board.drafts(bea)
    await school.store.together.board.publish(bea, school.arrival(BEA), one.id)
    with pytest.raises((NotOffered, Conflict)):
        await school.store.together.board.publish(cyd, school.arrival(CYD), one.id)
    assert len(standing(school)) == 1


async def test_an_excluded_lead_gets_the_same_with_a_case_and_without(school: Any, three: Any) -> None:
    ada, bea, cyd = three
    known = await five(school, ada)
    case = (await school.send((ada,), (bea,), (cyd,), chat=77)).talk.found.case
    row = (await school.reads(ada, case)).row
    exclude = Exclude(to=cyd.lead.id, reason="It is about them.")
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, exclude)
    reference = (await school.reads(ada, case)).row.reference
    ada, cyd = await after(school, 31, "Ada Byron", "Cyd Marsh")
    assert (
        await school.store.together.board.counted(cyd, [reference])
        == await school.store.together.board.counted(cyd, ["ZZZZZZ"])
        == 0
    )
    assert await school.store.together.board.counted(cyd, known) == 0
    with pytest.raises(NotOffered):
        await drafts(school, cyd, [*known, reference])


FRAMES = ("{} was heard", "we told {} about the corridor", "The corridor is safe, {}!", "{}", "thanks to {}'s idea")
NAMES = (
    "Potter",
    "Ms Potter",
    "POTTER",
    "MsPotter",
    "potter",
    "P o t t e r",
    "Pótter",
    "Axolotl",
    "AXOLOTL",
    "axolotl's",
)


async def test_however_a_known_name_is_typed_it_is_refused_and_the_same_words_without_it_are_not(
    school: Any, three: Any
) -> None:
    ada, _, _ = three
    case = (await school.send((ada,))).talk.found.case
    row = (await school.reads(ada, case)).row
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, AddPerson("Zelda Axolotl", "child"))
    known = school.store.together.known_names
    typed = [frame.format(name) for frame in FRAMES for name in NAMES]
    assert [text for text in typed if not await known.are_in(ada, DID, text)] == []
    harmless = [frame.format(word) for frame in FRAMES for word in ("everybody", "The School")]
    assert [text for text in harmless if await known.are_in(ada, DID, text)] == []
