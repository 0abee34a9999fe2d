"""Somebody writes the database file by hand: whatever is changed, moved, added or left out is noticed, never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Delete, LargeBinary, ScalarSelect, Table, Update, cast, delete, func, insert, select, update
from sqlalchemy import case as either
from sqlalchemy.sql.dml import UpdateBase

from storage.database.schema.cases import cases, entries, epochs, headers, readers, receipts, wraps
from storage.database.schema.leads import deployment, invites, leads, roster
from storage.database.schema.sites import audit
from storage.deeds.words import AddNote
from storage.values.errors import NoSuchCase, NotUnlocked, Tampered
from tests.forged_rows import insert_like
from tests.raw_database import read_tables, tamper, write_tables
from tests.storage.conftest import PASSPHRASE

#: Gives the statements of somebody who writes into the first of two cases, from the ids of both.
Deed: TypeAlias = Callable[[str, str], tuple[UpdateBase, ...]]


def rows(table: Table, one: str, *where: Any) -> Update:
    """Change rows of a case."""
    return update(table).where(table.c["id" if table is cases else "case_id"] == one, *where)


def gone(table: Table, one: str, *where: Any) -> Delete:
    """Delete rows of a case."""
    return delete(table).where(table.c.case_id == one, *where)


def entry(one: str, number: int) -> Update:
    """Change one entry of a case."""
    return rows(entries, one, entries.c.number == number)


def of(table: Table, column: str, **at: Any) -> ScalarSelect[Any]:
    """Give what stands in a column of the row that has these values."""
    other = table.alias()
    return select(other.c[column]).where(*(other.c[name] == value for name, value in at.items())).scalar_subquery()


def _bands(one: str) -> ScalarSelect[Any]:
    said = func.aggregate_strings(readers.c.lead_id + "=4", " ")
    return select(said).where(readers.c.case_id == one).scalar_subquery()


def _last_holder(one: str) -> ScalarSelect[Any]:
    other = wraps.alias()
    return select(func.max(other.c.holder)).where(other.c.case_id == one).scalar_subquery()


def _newest_audited() -> Delete:
    other = audit.alias()
    return delete(audit).where(audit.c.number == select(func.max(other.c.number)).scalar_subquery())


LENGTH = func.length(entries.c.sealed)
SHORTER = func.substr(entries.c.sealed, 1, LENGTH - 1, type_=LargeBinary)
LAST = func.substr(entries.c.sealed, LENGTH, 1, type_=LargeBinary)
CHANGED = cast(SHORTER.concat(either((LAST == b"\0", b"\1"), else_=b"\0")), LargeBinary)
NUMBER = entries.c.number

#: What a writer of the database might do to the first of two cases.
DEEDS: dict[str, Deed] = {
    "lower its urgency": lambda one, _: (rows(cases, one).values(rank=3),),
    "lower it in the queues as well": lambda one, _: (
        rows(cases, one).values(rank=3),
        rows(readers, one).values(rank=3),
    ),
    "close it": lambda one, _: (rows(cases, one).values(status="closed"),),
    "give it to another owner": lambda one, _: (rows(cases, one).values(owner="eve"),),
    "move it to another site": lambda one, _: (rows(cases, one).values(site="elsewhere"),),
    "swap the MACs": lambda one, two: (rows(cases, one).values(mac=of(cases, "mac", id=two)),),
    "sort it to the end of a queue": lambda one, _: (rows(readers, one).values(due_at=readers.c.due_at + 1),),
    "sink it as one of many": lambda one, _: (rows(readers, one).values(band=4),),
    "sink it in its clear row as well": lambda one, _: (
        rows(readers, one).values(band=4),
        rows(cases, one).values(bands=_bands(one)),
    ),
    "hide it among the closed": lambda one, _: (rows(readers, one).values(open=0),),
    "take a recipient's wrap away": lambda one, _: (gone(wraps, one, wraps.c.holder == _last_holder(one)),),
    "take a recipient's queue away": lambda one, _: (gone(readers, one, readers.c.rung == 1),),
    "copy a wrap from another case": lambda one, two: (
        rows(wraps, one, wraps.c.kind == "lead").values(blob=of(wraps, "blob", case_id=two, key_id=wraps.c.key_id)),
    ),
    "name another holder": lambda one, _: (rows(wraps, one, wraps.c.holder != "").values(holder="eve"),),
    "add a wrap": lambda one, _: (
        insert_like(
            wraps, wraps.c.case_id == one, key_id=bytes.fromhex("00112233445566778899aabbccddeeff"), holder="eve"
        ),
    ),
    "change a commitment": lambda one, two: (rows(epochs, one).values(desk=of(epochs, "desk", case_id=two)),),
    "exchange the reporter's key": lambda one, two: (
        rows(receipts, one).values(verifying=of(receipts, "verifying", case_id=two)),
    ),
    "swap the header": lambda one, two: (rows(headers, one).values(sealed=of(headers, "sealed", case_id=two)),),
    "remove the header": lambda one, _: (gone(headers, one),),
    "change an entry": lambda one, _: (entry(one, 2).values(sealed=CHANGED),),
    "cut an entry short": lambda one, _: (entry(one, 2).values(sealed=SHORTER),),
    "cut off the last entry": lambda one, _: (gone(entries, one, NUMBER == 3),),
    "leave one out": lambda one, _: (gone(entries, one, NUMBER == 2),),
    "swap two entries": lambda one, _: (
        rows(entries, one, NUMBER.in_((2, 3))).values(number=either((NUMBER == 2, -3), else_=-2)),
        rows(entries, one, NUMBER < 0).values(number=-NUMBER),
    ),
    "put another's name to one": lambda one, _: (entry(one, 2).values(author="eve"),),
    "make a message a note": lambda one, _: (entry(one, 2).values(kind="desk"),),
    "date one back": lambda one, _: (entry(one, 2).values(hour=entries.c.hour - 3600),),
    "copy an entry in from another case": lambda one, two: (
        entry(one, 2).values(
            sealed=of(entries, "sealed", case_id=two, number=2),
            signature=of(entries, "signature", case_id=two, number=2),
        ),
    ),
    "repeat an entry": lambda one, _: (insert_like(entries, entries.c.case_id == one, NUMBER == 3, number=4),),
}


@pytest.fixture
async def two_cases(school: Any) -> tuple[Any, Any, Any]:
    """Two cases of two leads, each with two messages; the first is opened by its sender too."""
    ada = await school.join("Ada Byron", chat=500)
    bea = await school.join("Bea Potter", "deputy", chat=501)
    talks = []
    for chat in (1, 2):
        sent = await school.send((ada,), (bea,), chat=chat, urgency="same_day")
        for text in ("first", "second"):
            await school.say(sent.talk, text, chat=chat)
        talks.append(sent.talk)
    return ada, bea, talks


@pytest.mark.parametrize("what", DEEDS)
async def test_it_is_noticed(school: Any, two_cases: Any, what: str) -> None:
    ada, bea, talks = two_cases
    case = talks[0].found.case
    assert (await school.store.watch.verify()).forged == 0
    assert len((await school.store.desk.queues.page(ada)).rows) == 2  # so that one of the two has checked it before
    await tamper(school.url, *DEEDS[what](case, talks[1].found.case))
    for session in (ada, bea):
        session.case_keys.clear()
    caught = 0
    for session, chat in ((ada, 500), (bea, 501)):
        try:
            view = await school.store.desk.open_case(session, school.arrival(chat), case)
        except (Tampered, NoSuchCase):
            caught += 1
        else:
            assert [entry.text for entry in view.entries[1:]] == ["first", "second"], "shown, though changed"
    try:
        await school.store.talks.view(talks[0])
    except Tampered:
        caught += 1
    assert caught
    assert school.store.tampered
    if what != "swap the header":  # which nobody can tell without the desk key
        checked = await school.store.watch.verify()
        assert checked.forged == 1
    other = await school.store.desk.open_case(ada, school.arrival(500), talks[1].found.case)
    assert [entry.text for entry in other.entries[1:]] == ["first", "second"]


async def test_a_forged_case_leaves_the_rest_of_the_page_alone(school: Any, two_cases: Any) -> None:
    ada, _, talks = two_cases
    await tamper(school.url, *DEEDS["give it to another owner"](talks[0].found.case, talks[1].found.case))
    page = await school.store.desk.queues.page(ada)
    assert (len(page.rows), page.forged) == (1, 1)


async def test_a_queue_row_alone_lets_nobody_in(school: Any, two_cases: Any) -> None:
    eve = await school.join("Eve Moneypenny", chat=502)
    case = two_cases[2][0].found.case
    await tamper(school.url, insert_like(readers, readers.c.case_id == case, lead_id=eve.lead.id))
    page = await school.store.desk.queues.page(eve)
    assert page.rows == ()
    with pytest.raises(NoSuchCase):
        await school.store.desk.open_case(eve, school.arrival(502), case)
    assert school.store.tampered


LEAD = leads.c.role == "lead"
ANOTHER_LEAD = insert_like(leads, LEAD, id="eve", name="Eve", name_key="eve")

#: What a writer of the database might do to the list of leads.
ROSTERS = {
    "make everybody a head": update(leads).values(role="head"),
    "shut everybody out": update(leads).values(disabled=1),
    "give a lead another name": update(leads).where(LEAD).values(name="Eve", name_key="eve"),
    "give a lead another's key": update(leads).where(LEAD).values(wrapping=of(leads, "wrapping", role="deputy")),
    "give a lead another's seed": update(leads).where(LEAD).values(seed=of(leads, "seed", role="deputy")),
    "take a lead away": delete(leads).where(leads.c.role == "deputy"),
    "add a lead": ANOTHER_LEAD,
    "add a recovery key": update(roster).values(recovery=b"\0"),
    "raise its version": update(roster).values(version=roster.c.version + 1),
}


@pytest.mark.parametrize("what", ROSTERS)
@pytest.mark.usefixtures("two_cases")
async def test_a_roster_that_was_written_by_hand_is_refused_at_the_next_start(school: Any, what: str) -> None:
    await school.store.close()
    await tamper(school.url, ROSTERS[what])
    with pytest.raises(Tampered):
        await school.open()


async def test_a_roster_that_was_rolled_back_is_refused(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    await school.store.close()
    old = await read_tables(school.url)
    await school.open()
    await school.join("Bea Potter", chat=501)
    await school.store.close()
    assert await write_tables(school.url, old)
    with pytest.raises(Tampered):
        await school.open()


@pytest.mark.usefixtures("two_cases")
async def test_a_lead_added_by_hand_reads_nothing_new(school: Any) -> None:
    """The running process keeps to the roster that it has verified."""
    await tamper(school.url, ANOTHER_LEAD)
    assert "eve" not in {card.id for card in await school.store.leads.roster()}


async def test_an_invite_written_by_hand_is_refused(school: Any) -> None:
    code = (await school.store.leads.invites.draw("Zoe", "auditor", "oakfield")).code
    await tamper(school.url, update(invites).values(role="lead"))
    with pytest.raises(Tampered):
        await school.store.leads.invites.describe(code)


@pytest.mark.parametrize("when", ["before the lead was shut out", "before the lead was let in and shut out again"])
async def test_an_invite_that_is_put_back_lets_in_nobody_who_was_shut_out(school: Any, when: str) -> None:
    leads = school.store.leads
    ada = await school.join("Ada Byron", chat=500)
    if "again" in when:
        await leads.team.disable(ada.lead.id)
    code = (await leads.invites.draw("Ada Byron", "lead", "oakfield")).code
    aside = (await read_tables(school.url))["invites"]
    school.later(seconds=60)
    if "again" in when:
        await leads.unlock(school.arrival(9), "Ada Byron", PASSPHRASE, school.code("Ada Byron"), invite=code)
        school.later(seconds=60)
    await leads.team.disable(ada.lead.id)
    await tamper(school.url, insert(invites).values(aside))
    with pytest.raises((Tampered, NotUnlocked)):
        await leads.unlock(school.arrival(9), "Ada Byron", PASSPHRASE, school.code("Ada Byron"), invite=code)
    assert await leads.roster() == ()


@pytest.mark.usefixtures("two_cases")
async def test_an_audit_row_changed_or_left_out_breaks_the_chain(school: Any) -> None:
    assert (await school.store.watch.verify()).audit
    await tamper(school.url, delete(audit).where(audit.c.number == 1))
    assert not (await school.store.watch.verify()).audit


#: Every table that holds something of a case.
OF_CASES = ("cases", "epochs", "wraps", "receipts", "headers", "entries", "readers")


@pytest.mark.parametrize("who", ["the reporter", "a lead", "nobody, it is another case that goes"])
async def test_whole_cases_that_are_put_back_to_what_they_were_are_noticed(
    school: Any, two_cases: Any, who: str
) -> None:
    """Every MAC holds then, and every signature; but the audit chain tells of more."""
    ada, _, talks = two_cases
    before = await read_tables(school.url)
    if who == "the reporter":
        await school.say(talks[0], "and there is more")
    elif who == "a lead":
        row = (await school.store.desk.queues.page(ada)).rows[0]
        await school.store.desk.act(ada, school.arrival(500), row.id, row.version, AddNote(text="a note"))
    else:
        await school.send((ada,), chat=3)
    assert (await school.store.watch.verify()).forged == 0
    assert await write_tables(school.url, {table: before[table] for table in OF_CASES})
    checked = await school.store.watch.verify()
    assert (checked.forged, checked.audit) == (1, True)


@pytest.mark.usefixtures("two_cases")
async def test_an_audit_chain_that_is_cut_short_is_noticed_once_its_end_was_noted(school: Any) -> None:
    await tamper(school.url, _newest_audited())
    assert (await school.store.watch.verify()).audit, "which nobody can tell before the first note"
    await school.store.watch.sweep()
    await tamper(school.url, _newest_audited())
    assert not (await school.store.watch.verify()).audit
    await school.join("Cy Moss", chat=502)  # the chain is as long again
    await school.store.watch.sweep()
    assert not (await school.store.watch.verify()).audit


async def test_a_database_that_is_put_back_whole_is_noticed(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    await school.store.close()
    old = await read_tables(school.url)
    await school.open()
    await school.send((ada,))
    await school.store.watch.sweep()
    await school.store.close()
    assert await write_tables(school.url, old)
    await school.open()
    assert not (await school.store.watch.verify()).audit


async def test_the_salt_of_the_receipts_cannot_be_exchanged(school: Any) -> None:
    await school.store.close()
    await tamper(school.url, update(deployment).values(receipt_salt=b"\0"))
    with pytest.raises(Tampered):
        await school.open()
