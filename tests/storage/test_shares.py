"""A share is a copy under its own key: what its partner reads, answers and learns; and its end, for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.core.destruction_ledger import Tombstone
from storage.database.schema.notices import outbox
from storage.database.schema.shares import share_answers, shares
from storage.deeds.readers.exclude import Exclude
from storage.deeds.sharing.share import Share
from storage.deeds.words import AddNote
from storage.sealing.keys.share_keys import SealedAnswer, SealedShare, open_answer, open_share
from storage.sealing.primitives.errors import CannotOpen
from storage.upkeep.replay_ledger import LedgerReplay, rows_of_case
from storage.values.errors import CodeMissing, NoSuchCase, NotOffered, SessionOver, Stale, Tampered
from storage.values.shares import LONGEST_FOR, Answer, ShareContent, SharedPart
from tests.raw_database import all_bytes, fetch, read_tables, tamper, write_tables
from tests.storage.conftest import PASSPHRASE

ADA, BEA, NUR, FAI = 500, 501, 510, 511
QUESTION = "Could you see her this week?"
PART = "My quokka makes me skip tea."


@pytest.fixture
async def four(school: Any) -> tuple[Any, Any, Any, Any]:
    """Two leads, and two partners."""
    return (
        await school.join("Ada Byron", chat=ADA),
        await school.join("Bea Potter", "deputy", chat=BEA),
        await school.join("Nurse Okafor", "partner", chat=NUR),
        await school.join("Pastor Quill", "partner", chat=FAI, agency="faith"),
    )


def sharing(school: Any, partner: Any, *, days: float = 14, **changes: Any) -> Share:
    until = school.now + timedelta(days=days)
    who = ("Ada Byron, Oakfield", partner.lead.name)
    content = ShareContent(*who, "to plan how she eats at school", QUESTION, until, (SharedPart("She wrote:", PART),))
    given = {"to": partner.lead.id, "content": content, "numbers": (1,), "upto": 1, "basis": "child", "told": "yes"}
    return Share(**{**given, **changes})


async def shares_it(school: Any, lead: Any, case: Any, deed: Share) -> str:
    """Share, and give the id."""
    row, before = (await school.reads(lead, case)).row, await listed(school, deed.to)
    await school.store.desk.act(lead, school.arrival(lead.address.chat_id), case, row.version, deed)
    [new] = set(await listed(school, deed.to)) - set(before)
    return new


async def listed(school: Any, partner: Any) -> list[str]:
    return list(await fetch_column(school, select(shares.c.id).where(shares.c.partner == partner)))


async def fetch_column(school: Any, asked: Any) -> list[Any]:
    return [row[0] for row in await fetch(school.url, asked)]


async def opens(school: Any, partner: Any, share: str) -> Any:
    return await school.store.shares.open(partner, school.arrival(partner.address.chat_id), share)


async def answers(school: Any, partner: Any, share: str, answer: Answer) -> None:
    await school.store.shares.answer(partner, school.arrival(partner.address.chat_id), share, answer)


async def came_back(school: Any, lead: Any, case: Any) -> list[tuple[str, str, str]]:
    """What partners answered as the case tells it: what, by whom it was taken in, and the words."""
    view = await school.reads(lead, case)
    found = [one for one in view.entries if one.action and one.action.what == "share_answer"]
    return [(one.action.detail["answer"], one.by.name, one.text) for one in found]


async def test_she_reads_the_copy_and_holds_no_key_of_the_case(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    [waiting] = await school.store.shares.listed(nurse)
    assert (waiting.id, waiting.state) == (share, "sent")
    opened = await opens(school, nurse, share)
    assert opened.content.parts == (SharedPart("She wrote:", PART),)
    assert (opened.content.purpose, opened.content.question) == ("to plan how she eats at school", QUESTION)
    tables = await read_tables(school.url)
    assert nurse.lead.id not in {row["holder"] for row in tables["wraps"]}
    assert not [row for row in tables["readers"] if row["lead_id"] == nurse.lead.id]
    with pytest.raises(NotOffered):
        await school.store.desk.open_case(nurse, school.arrival(NUR), case)
    with pytest.raises(NotOffered):
        await school.store.desk.queues.page(nurse)
    files = await all_bytes(school.folder, school.url)
    assert not [word for word in (b"quokka", b"see her this week", b"how she eats") if word in files]


async def test_a_notice_to_her_tells_of_no_case(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    await shares_it(school, ada, case, sharing(school, nurse))
    asked = select(outbox.c.kind, outbox.c.case_id, outbox.c.rank).where(outbox.c.lead_id == nurse.lead.id)
    assert ("share", None, 3) in [tuple(row) for row in await fetch(school.url, asked)]


async def test_somebody_elses_share_an_ended_one_and_none_are_one_answer(school: Any, four: Any) -> None:
    ada, bea, nurse, pastor = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    for of, other in ((pastor, share), (nurse, "0" * 32)):
        with pytest.raises(NoSuchCase):
            await opens(school, of, other)
        with pytest.raises(NoSuchCase):
            await answers(school, of, other, Answer("accepted"))
    assert await school.store.shares.listed(pastor) == ()
    school.later(days=14)
    with pytest.raises(NoSuchCase):
        await opens(school, nurse := await school.unlock("Nurse Okafor", NUR), share)
    assert await school.store.shares.listed(nurse) == ()


async def test_opening_leaves_one_signed_receipt_that_the_first_recipient_takes_in(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    await opens(school, nurse, share)
    assert await came_back(school, bea, case) == [("opened", "Bea Potter", "")]
    assert await came_back(school, ada, case) == [("opened", "Bea Potter", "")], "once"
    assert (await read_tables(school.url))["share_answers"] == []


async def test_what_she_answers_is_sealed_for_the_recipients_of_then_and_told(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    with pytest.raises(NotOffered):
        await answers(school, nurse, share, Answer("accepted"))  # nothing is answered unread
    await opens(school, nurse, share)
    row = (await school.reads(ada, case)).row
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, Exclude(bea.lead.id, "It is about her."))
    await answers(school, nurse, share, Answer("accepted"))
    await answers(school, nurse, share, Answer("replied", text="axolotl on Thursday"))
    [*_, kept] = (await read_tables(school.url))["share_answers"]
    sealed = SealedAnswer(kept["wraps"], kept["sealed"])
    assert open_answer(bea.private_keys, share, kept["number"], sealed) is None, "kept out before she answered"
    assert b"axolotl" not in await all_bytes(school.folder, school.url)
    told = await fetch_column(school, select(outbox.c.lead_id).where(outbox.c.kind == "share_answer"))
    assert ada.lead.id in told
    assert bea.lead.id not in told, "what waited for her is gone"
    assert (await came_back(school, ada, case))[1:] == [
        ("accepted", "Ada Byron", ""),
        ("replied", "Ada Byron", "axolotl on Thursday"),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        Answer("opened"),
        Answer("declined"),
        Answer("accepted", because="other"),
        Answer("asked", text="  "),
        Answer("replied", text="x" * 2_001),
    ],
)
async def test_an_answer_that_lacks_something_is_refused(school: Any, four: Any, answer: Answer) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    with pytest.raises(NotOffered):
        await answers(school, nurse, share, answer)
    assert [one[0] for one in await came_back(school, ada, case)] == ["opened"]


async def test_to_decline_ends_it_and_the_case_learns_why(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    await answers(school, nurse, share, Answer("declined", because="family"))
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, share)
    view = await school.reads(ada, case)
    told = [one.action.detail for one in view.entries if one.action and one.action.what == "share_answer"]
    assert (told[-1]["answer"], told[-1]["because"]) == ("declined", "family")
    [row] = (await read_tables(school.url))["shares"]
    assert (row["wrapped"], row["sealed"]) == (b"", b"")


async def offered(school: Any, lead: Any, case: Any) -> dict[str, bool]:
    """Who is offered, and whether it takes two."""
    return {one.card.name: one.two for one in (await school.store.desk.shares.read(lead, case)).partners}


async def acts(school: Any, lead: Any, case: Any, deed: Any) -> Any:
    row = (await school.reads(lead, case)).row
    return await school.store.desk.act(lead, school.arrival(lead.address.chat_id), case, row.version, deed)


async def by_two(school: Any, leads: Any, case: Any, deed: Any) -> str:
    """Both say it, each with a fresh code; give the share's id."""
    first, second = leads
    await school.confirm(first)
    await acts(school, first, case, replace(deed, two=True))
    [waits] = (await school.store.desk.shares.read(second, case)).proposed
    await school.confirm(second)
    await acts(school, second, case, waits.deed)
    return (await listed(school, deed.to))[-1]


async def test_whom_the_reporter_left_out_is_never_offered_nor_who_is_no_partner(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    left_out = (await school.send((ada, bea), excluded=(nurse.lead.id,))).talk.found.case
    assert await offered(school, ada, left_out) == {"Pastor Quill": True}
    sent = await school.send((ada, bea), chat=2)
    case = sent.talk.found.case
    assert await offered(school, ada, case) == {"Nurse Okafor": False, "Pastor Quill": True}
    for case_id, partner in ((left_out, nurse), (case, bea)):
        for two in (False, True):
            school.store.leads.sessions.give_code(ada)
            with pytest.raises(NotOffered):
                await acts(school, ada, case_id, sharing(school, partner, two=two))
    await school.say(sent.talk, "and the nurse", chat=2)
    row = (await school.store.desk.open_case(ada, school.arrival(ADA), case)).row
    with pytest.raises(Stale):
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, sharing(school, nurse))
    assert (await read_tables(school.url))["shares"] == []


async def test_whom_the_words_name_or_who_lives_among_families_takes_two_with_a_code_each(
    school: Any, four: Any
) -> None:
    ada, bea, nurse, pastor = four
    case = (await school.send((ada, bea))).talk.found.case
    await acts(school, ada, case, AddNote("I rang nurse okafor about it."))
    assert await offered(school, ada, case) == {"Nurse Okafor": True, "Pastor Quill": True}
    for partner in (nurse, pastor):
        with pytest.raises(NotOffered):
            await acts(school, ada, case, sharing(school, partner))
        two = sharing(school, partner, two=True)
        with pytest.raises(CodeMissing):
            await acts(school, ada, case, two)
        await school.confirm(ada)
        await acts(school, ada, case, two)
        [waits] = (await school.store.desk.shares.read(bea, case)).proposed
        assert (waits.by, waits.deed.content) == (ada.lead.id, two.content)
        assert await listed(school, partner.lead.id) == []
        await school.confirm(ada)
        with pytest.raises(NotOffered):
            await acts(school, ada, case, waits.deed)  # the same person is no second one
        with pytest.raises(CodeMissing):
            await acts(school, bea, case, waits.deed)
        await school.confirm(bea)
        await acts(school, bea, case, waits.deed)
        [share] = await listed(school, partner.lead.id)
        assert (await opens(school, partner, share)).content.parts == (SharedPart("She wrote:", PART),)
        assert (await school.store.desk.shares.read(bea, case)).proposed == ()
    files = await all_bytes(school.folder, school.url)
    assert not [word for word in (b"quokka", b"see her this week", b"how she eats") if word in files]


@pytest.mark.parametrize("lapses", ["after a day", "with what the reporter says"])
async def test_a_first_word_for_a_share_lapses(school: Any, four: Any, lapses: str) -> None:
    ada, bea, _, pastor = four
    sent = await school.send((ada, bea))
    case = sent.talk.found.case
    await school.confirm(ada)
    await acts(school, ada, case, sharing(school, pastor, two=True))
    [waits] = (await school.store.desk.shares.read(bea, case)).proposed
    if lapses == "after a day":
        school.later(days=1)
        bea = await school.unlock("Bea Potter", BEA)
    else:
        await school.say(sent.talk, "One more thing.")
    await school.confirm(bea)
    with pytest.raises(NotOffered):
        await acts(school, bea, case, waits.deed)
    assert (await read_tables(school.url))["shares"] == []


async def test_what_leads_and_a_partner_say_to_each_other_does_not_name_her(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    deed = sharing(school, nurse)
    deed = replace(deed, content=replace(deed.content, question="Nurse Okafor, could you see her?"))
    share = await shares_it(school, ada, case, deed)
    await opens(school, nurse, share)
    await answers(school, nurse, share, Answer("replied", text="I will. Nurse Okafor"))
    await came_back(school, ada, case)
    assert (await offered(school, ada, case))["Nurse Okafor"] is False


async def late(school: Any) -> list[str]:
    told = await fetch(school.url, select(outbox.c.lead_id).where(outbox.c.kind == "share_late"))
    return sorted(row[0] for row in told)


async def test_whoever_has_the_case_is_told_once_a_day_that_a_partner_has_not_answered_in_time(
    school: Any, four: Any
) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada,), (bea,))).talk.found.case
    deed = sharing(school, nurse)
    wanted = school.now + timedelta(hours=6)
    share = await shares_it(school, ada, case, replace(deed, content=replace(deed.content, answer_by=wanted)))
    [waiting] = await school.store.shares.listed(nurse)
    assert (waiting.answer_by, waiting.waits) == (wanted, True)
    assert (await opens(school, nurse, share)).content.answer_by == wanted
    assert await school.store.reminders.tell_unanswered() == 0
    school.later(hours=6)
    assert await school.store.reminders.tell_unanswered() == 1
    assert await school.store.reminders.tell_unanswered() == 0, "once"
    assert await late(school) == [ada.lead.id]
    school.later(days=3)
    assert await school.store.reminders.tell_unanswered() == 1
    assert await school.store.reminders.tell_unanswered() == 0, "an outage is told of once"
    nurse = await school.unlock("Nurse Okafor", NUR)
    await answers(school, nurse, share, Answer("asked", text="Which day?"))
    school.later(days=1)
    assert await school.store.reminders.tell_unanswered() == 0, "she has answered"
    assert (await school.store.watch.verify()).rows


async def test_nobody_who_writes_the_database_has_an_answer_forgotten(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    deed, wanted = sharing(school, nurse), school.now + timedelta(hours=6)
    await shares_it(school, ada, case, replace(deed, content=replace(deed.content, answer_by=wanted)))
    for changed in ({"answer_by": 0}, {"told": 900}, {"answer_by": 2_000_000_000}):
        kept = await read_tables(school.url)
        await tamper(school.url, update(shares).values(**changed))
        assert not (await school.store.watch.verify()).rows, changed
        await write_tables(school.url, kept)


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": LONGEST_FOR / timedelta(days=1) + 0.1},
        {"days": -1},
        {"numbers": ()},
        {"told": "unsafe"},
    ],
)
async def test_a_share_that_lacks_something_is_refused(school: Any, four: Any, wrong: dict[str, Any]) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    row = (await school.reads(ada, case)).row
    with pytest.raises(NotOffered):
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, sharing(school, nurse, **wrong))


async def test_a_child_is_told_with_it_and_a_member_of_staff_cannot_be(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    sent = await school.send((ada, bea))
    await shares_it(school, ada, sent.talk.found.case, sharing(school, nurse, told="now"))
    assert [reply.ready for reply in (await school.store.talks.view(sent.talk)).replies] == ["shared"]
    of_staff = (await school.send((ada, bea), chat=2, register="staff")).talk.found.case
    row = (await school.reads(ada, of_staff)).row
    with pytest.raises(NotOffered):
        await school.store.desk.act(ada, school.arrival(ADA), of_staff, row.version, sharing(school, nurse, told="now"))


async def test_taken_back_it_opens_from_no_file_and_no_copy_of_before(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    before = await read_tables(school.url)
    row = (await school.reads(ada, case)).row
    await school.store.desk.shares.take_back(ada, school.arrival(ADA), case, row.version, share)
    assert Tombstone("share", share) in school.store._core.ledger.read()
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, share)
    row = (await school.reads(ada, case)).row
    with pytest.raises(NotOffered):
        await school.store.desk.shares.take_back(ada, school.arrival(ADA), case, row.version, share)
    for _ in range(3):
        await school.store.watch.sweep()
    [kept] = [one for one in before["shares"] if one["id"] == share]
    files = await all_bytes(school.folder, school.url) if school.engine == "sqlite" else b""  # see the threat model
    assert kept["wrapped"] not in files
    assert kept["sealed"] not in files
    # Somebody puts the row back: Hark does not open it, and the next sweep empties it again.
    now = await read_tables(school.url)
    await write_tables(school.url, {**now, "shares": before["shares"]})
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, share)
    assert await school.store.shares.listed(nurse) == ()
    await school.store.watch.sweep()
    [row] = (await read_tables(school.url))["shares"]
    assert (row["wrapped"], row["sealed"], row["state"]) == (b"", b"", "ended")


async def test_a_restored_backup_obeys_the_ledger(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    rosters = school.store.leads.rosters
    ledger = (Tombstone("share", share),)
    await LedgerReplay(school.store._core, rosters).settle(ledger, (await rosters.read()).version)
    [row] = (await read_tables(school.url))["shares"]
    assert (row["wrapped"], row["sealed"], row["state"]) == (b"", b"", "ended")
    assert (await school.store.watch.verify()).rows


async def test_it_ends_at_its_time_and_with_its_partner(school: Any, four: Any) -> None:
    ada, bea, nurse, pastor = four
    case = (await school.send((ada, bea))).talk.found.case
    await shares_it(school, ada, case, sharing(school, nurse, days=2))
    await by_two(school, (ada, bea), case, sharing(school, pastor, days=30))
    await school.store.watch.sweep()
    assert {row["state"] for row in (await read_tables(school.url))["shares"]} == {"sent"}
    await school.store.leads.team.disable(pastor.lead.id)
    school.later(days=2)
    await school.store.watch.sweep()
    assert {row["state"] for row in (await read_tables(school.url))["shares"]} == {"ended"}
    ada = await school.unlock("Ada Byron", ADA)
    assert {one.state for one in (await school.store.desk.shares.read(ada, case)).shares} == {"ended"}


async def test_a_row_that_somebody_wrote_shows_nothing_and_a_share_that_is_gone_is_noticed(
    school: Any, four: Any
) -> None:
    ada, bea, nurse, pastor = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    kept = await read_tables(school.url)
    await tamper(school.url, update(shares).values(partner=pastor.lead.id))
    with pytest.raises(Tampered):
        await opens(school, pastor, share)
    assert not (await school.store.watch.verify()).rows
    await write_tables(school.url, {**kept, "shares": []})
    noticed = school.store.tampered
    [gone] = (await school.store.desk.shares.read(ada, case)).shares
    assert gone.state == "ended"
    assert school.store.tampered == noticed + 1


async def test_an_answer_that_somebody_wrote_is_not_taken_in_and_the_case_opens_all_the_same(
    school: Any, four: Any
) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    await tamper(school.url, update(share_answers).values(number=7))
    noticed = school.store.tampered
    assert await came_back(school, ada, case) == []
    assert school.store.tampered > noticed


async def test_whoever_was_shut_out_opens_nothing(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await school.store.leads.team.disable(nurse.lead.id)
    with pytest.raises(SessionOver):
        await opens(school, nurse, share)


async def test_with_the_case_goes_what_was_shared_of_it(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    await school.store._core.commit(*rows_of_case(case))
    tables = await read_tables(school.url)
    assert (tables["shares"], tables["share_answers"]) == ([], [])
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, share)


async def test_it_opens_with_no_key_but_hers_and_as_no_other_share(school: Any, four: Any) -> None:
    ada, bea, nurse, pastor = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    [row] = (await read_tables(school.url))["shares"]
    kept = SealedShare(row["key_id"], row["wrapped"], row["sealed"])
    mine = nurse.private_keys[row["key_id"]]
    assert PART in open_share(mine, share, nurse.lead.id, kept)
    others = [next(iter(one.private_keys.values())) for one in (ada, bea, pastor)]
    for key, of, to in (*((other, share, nurse.lead.id) for other in others), (mine, "0" * 32, nurse.lead.id)):
        with pytest.raises(CannotOpen):
            open_share(key, of, to, kept)


async def renews(school: Any, session: Any) -> None:
    """Draw new keys at her own desk, with both factors."""
    own, name, chat = school.store.leads.own_factors, session.lead.name, session.address.chat_id
    school.later(seconds=30)
    await own.prove(session, school.arrival(chat), PASSPHRASE, school.code(name))
    await own.renew_keys(session, school.arrival(chat), PASSPHRASE)


async def test_a_partner_who_renews_her_keys_keeps_what_was_shared_with_her(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    kept = [await shares_it(school, ada, case, sharing(school, nurse)) for _ in range(2)]
    before = nurse.private_keys
    ended = await shares_it(school, ada, case, sharing(school, nurse))
    row = (await school.reads(ada, case)).row
    await school.store.desk.shares.take_back(ada, school.arrival(ADA), case, row.version, ended)
    await renews(school, nurse)
    assert await school.store.renewals.left(nurse) == 2
    assert (await opens(school, nurse, kept[0])).content.parts == (SharedPart("She wrote:", PART),), "meanwhile"
    renewing = school.store.renewals.go_on(nurse)
    await anext(renewing)
    await renewing.aclose()  # she locks in the middle
    nurse = await school.unlock("Nurse Okafor", NUR)
    assert await school.store.renewals.left(nurse) == 1
    *_, last = [one async for one in school.store.renewals.go_on(nurse)]
    assert (last.is_over, nurse.former) == (True, None)
    for share in kept:
        assert (await opens(school, nurse, share)).content.question == QUESTION
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, ended)
    for row in (await read_tables(school.url))["shares"]:
        sealed = SealedShare(row["key_id"], row["wrapped"], row["sealed"])
        with pytest.raises(CannotOpen):
            open_share(next(iter(before.values())), row["id"], nurse.lead.id, sealed)
    assert (await school.store.watch.verify()).rows


async def test_a_share_that_somebody_changed_keeps_the_keys_of_before(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    await shares_it(school, ada, case, sharing(school, nurse))
    await renews(school, nurse)
    await tamper(school.url, update(shares).values(wrapped=b"x" * 1168))
    [last] = [one async for one in school.store.renewals.go_on(nurse)]
    assert (last.forged, last.is_over) == (1, False)
    assert nurse.former is not None


async def test_a_lead_who_renews_her_keys_loses_no_answer_that_waited_for_her(school: Any, four: Any) -> None:
    ada, _, nurse, _ = four
    case = (await school.send((ada,))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    await answers(school, nurse, share, Answer("replied", text="axolotl on Thursday"))
    await renews(school, ada)
    _ = [one async for one in school.store.renewals.go_on(ada)]
    assert ada.former is None
    assert (await came_back(school, ada, case))[-1] == ("replied", "Ada Byron", "axolotl on Thursday")
