"""Somebody writes the database file by hand: whatever is changed, moved, added or left out is noticed, never shown."""

# ruff: noqa: E501, S608 - the statements read better whole, and hold nothing of anybody's

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from storage.deeds.words import AddNote
from storage.values.errors import NoSuchCase, NotUnlocked, Tampered
from tests.storage.conftest import PASSPHRASE


def by_hand(school: Any, *statements: str) -> None:
    with closing(sqlite3.connect(school.folder / "hark.db")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            cursor = connection.execute(statement)
            assert cursor.rowcount != 0, statement
        connection.commit()


TWO = "(SELECT id FROM cases ORDER BY opened_hour, rowid LIMIT 1 OFFSET 1)"
ONE = "(SELECT id FROM cases ORDER BY opened_hour, rowid LIMIT 1)"

#: What a writer of the database might do to the first of two cases.
DEEDS = {
    "lower its urgency": f"UPDATE cases SET rank = 3 WHERE id = {ONE}",
    "lower it in the queues as well": f"UPDATE cases SET rank = 3 WHERE id = {ONE}; UPDATE readers SET rank = 3 WHERE case_id = {ONE}",
    "close it": f"UPDATE cases SET status = 'closed' WHERE id = {ONE}",
    "give it to another owner": f"UPDATE cases SET owner = 'eve' WHERE id = {ONE}",
    "move it to another site": f"UPDATE cases SET site = 'elsewhere' WHERE id = {ONE}",
    "swap the MACs": f"UPDATE cases SET mac = (SELECT mac FROM cases WHERE id = {TWO}) WHERE id = {ONE}",
    "sort it to the end of a queue": f"UPDATE readers SET due_at = due_at + 1 WHERE case_id = {ONE}",
    "sink it as one of many": f"UPDATE readers SET band = 4 WHERE case_id = {ONE}",
    "sink it in its clear row as well": f"UPDATE readers SET band = 4 WHERE case_id = {ONE}; UPDATE cases SET bands = (SELECT group_concat(lead_id || '=4', ' ') FROM readers WHERE case_id = {ONE}) WHERE id = {ONE}",
    "hide it among the closed": f"UPDATE readers SET open = 0 WHERE case_id = {ONE}",
    "take a recipient's wrap away": f"DELETE FROM wraps WHERE case_id = {ONE} AND holder != '' AND rowid = (SELECT max(rowid) FROM wraps WHERE case_id = {ONE} AND holder != '')",
    "take a recipient's queue away": f"DELETE FROM readers WHERE case_id = {ONE} AND rung = 1",
    "copy a wrap from another case": f"UPDATE wraps SET blob = (SELECT blob FROM wraps w WHERE w.case_id = {TWO} AND w.key_id = wraps.key_id) WHERE case_id = {ONE} AND kind = 'lead'",
    "name another holder": f"UPDATE wraps SET holder = 'eve' WHERE case_id = {ONE} AND holder != ''",
    "add a wrap": f"INSERT INTO wraps SELECT case_id, epoch, x'00112233445566778899aabbccddeeff', kind, 'eve', digest, blob FROM wraps WHERE case_id = {ONE} LIMIT 1",
    "change a commitment": f"UPDATE epochs SET desk = (SELECT desk FROM epochs WHERE case_id = {TWO}) WHERE case_id = {ONE}",
    "exchange the reporter's key": f"UPDATE receipts SET verifying = (SELECT verifying FROM receipts WHERE case_id = {TWO}) WHERE case_id = {ONE}",
    "swap the header": f"UPDATE headers SET sealed = (SELECT sealed FROM headers WHERE case_id = {TWO}) WHERE case_id = {ONE}",
    "remove the header": f"DELETE FROM headers WHERE case_id = {ONE}",
    "change an entry": f"UPDATE entries SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || CASE substr(sealed, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB) WHERE case_id = {ONE} AND number = 2",
    "cut an entry short": f"UPDATE entries SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE case_id = {ONE} AND number = 2",
    "cut off the last entry": f"DELETE FROM entries WHERE case_id = {ONE} AND number = 3",
    "leave one out": f"DELETE FROM entries WHERE case_id = {ONE} AND number = 2",
    "swap two entries": f"UPDATE entries SET number = CASE number WHEN 2 THEN -3 ELSE -2 END WHERE case_id = {ONE} AND number IN (2, 3); UPDATE entries SET number = -number WHERE number < 0",
    "put another's name to one": f"UPDATE entries SET author = 'eve' WHERE case_id = {ONE} AND number = 2",
    "make a message a note": f"UPDATE entries SET kind = 'desk' WHERE case_id = {ONE} AND number = 2",
    "date one back": f"UPDATE entries SET hour = hour - 3600 WHERE case_id = {ONE} AND number = 2",
    "copy an entry in from another case": f"UPDATE entries SET sealed = (SELECT sealed FROM entries WHERE case_id = {TWO} AND number = 2), signature = (SELECT signature FROM entries WHERE case_id = {TWO} AND number = 2) WHERE case_id = {ONE} AND number = 2",
    "repeat an entry": f"INSERT INTO entries SELECT case_id, 4, epoch, kind, author, hour, sealed, signature FROM entries WHERE case_id = {ONE} AND number = 3",
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
    by_hand(school, *DEEDS[what].split("; "))
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
    ada, _, _ = two_cases
    by_hand(school, DEEDS["give it to another owner"])
    page = await school.store.desk.queues.page(ada)
    assert (len(page.rows), page.forged) == (1, 1)


async def test_a_queue_row_alone_lets_nobody_in(school: Any, two_cases: Any) -> None:
    eve = await school.join("Eve Moneypenny", chat=502)
    by_hand(
        school,
        f"INSERT INTO readers SELECT '{eve.lead.id}', case_id, open, rank, due_at, status, owner, rung, read_to, unread, band, mac, version "
        f"FROM readers WHERE case_id = {ONE} LIMIT 1",
    )
    page = await school.store.desk.queues.page(eve)
    assert page.rows == ()
    with pytest.raises(NoSuchCase):
        await school.store.desk.open_case(eve, school.arrival(502), two_cases[2][0].found.case)
    assert school.store.tampered


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE leads SET role = 'head'",
        "UPDATE leads SET disabled = 1",
        "UPDATE leads SET name = 'Eve', name_key = 'eve' WHERE role = 'lead'",
        "UPDATE leads SET wrapping = (SELECT wrapping FROM leads WHERE role = 'deputy') WHERE role = 'lead'",
        "UPDATE leads SET seed = (SELECT seed FROM leads WHERE role = 'deputy') WHERE role = 'lead'",
        "DELETE FROM leads WHERE role = 'deputy'",
        "INSERT INTO leads SELECT 'eve', 'Eve', 'eve', title, role, site, language, disabled, wrapping, verifying, seed_version, seed, totp, totp_step, chat, unlocked_day, places, state_mac FROM leads LIMIT 1",
        "UPDATE roster SET recovery = x'00'",
        "UPDATE roster SET version = version + 1",
    ],
)
@pytest.mark.usefixtures("two_cases")
async def test_a_roster_that_was_written_by_hand_is_refused_at_the_next_start(school: Any, statement: str) -> None:
    await school.store.close()
    by_hand(school, statement)
    with pytest.raises(Tampered):
        await school.open()


async def test_a_roster_that_was_rolled_back_is_refused(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    await school.store.close()
    old = (school.folder / "hark.db").read_bytes()
    await school.open()
    await school.join("Bea Potter", chat=501)
    await school.store.close()
    (school.folder / "hark.db").write_bytes(old)
    with pytest.raises(Tampered):
        await school.open()


@pytest.mark.usefixtures("two_cases")
async def test_a_lead_added_by_hand_reads_nothing_new(school: Any) -> None:
    """The running process keeps to the roster that it has verified."""
    by_hand(
        school,
        "INSERT INTO leads SELECT 'eve', 'Eve', 'eve', title, role, site, language, disabled, wrapping, verifying, "
        "seed_version, seed, totp, totp_step, chat, unlocked_day, places, state_mac FROM leads LIMIT 1",
    )
    assert "eve" not in {card.id for card in await school.store.leads.roster()}


async def test_an_invite_written_by_hand_is_refused(school: Any) -> None:
    code = (await school.store.leads.invites.draw("Zoe", "auditor", "oakfield")).code
    by_hand(school, "UPDATE invites SET role = 'lead'")
    with pytest.raises(Tampered):
        await school.store.leads.invites.describe(code)


@pytest.mark.parametrize("when", ["before the lead was shut out", "before the lead was let in and shut out again"])
async def test_an_invite_that_is_put_back_lets_in_nobody_who_was_shut_out(school: Any, when: str) -> None:
    leads = school.store.leads
    ada = await school.join("Ada Byron", chat=500)
    if "again" in when:
        await leads.team.disable(ada.lead.id)
    code = (await leads.invites.draw("Ada Byron", "lead", "oakfield")).code
    by_hand(school, "CREATE TABLE aside AS SELECT * FROM invites")
    school.later(seconds=60)
    if "again" in when:
        await leads.unlock(school.arrival(9), "Ada Byron", PASSPHRASE, school.code("Ada Byron"), invite=code)
        school.later(seconds=60)
    await leads.team.disable(ada.lead.id)
    by_hand(school, "INSERT INTO invites SELECT * FROM aside")
    with pytest.raises((Tampered, NotUnlocked)):
        await leads.unlock(school.arrival(9), "Ada Byron", PASSPHRASE, school.code("Ada Byron"), invite=code)
    assert await leads.roster() == ()


@pytest.mark.usefixtures("two_cases")
async def test_an_audit_row_changed_or_left_out_breaks_the_chain(school: Any) -> None:
    assert (await school.store.watch.verify()).audit
    by_hand(school, "DELETE FROM audit WHERE number = 1")
    assert not (await school.store.watch.verify()).audit


#: Every table that holds something of a case.
OF_CASES = ("cases", "epochs", "wraps", "receipts", "headers", "entries", "readers")


def kept(school: Any) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(school.folder / "hark.db")) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in OF_CASES}


def put_back(school: Any, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with closing(sqlite3.connect(school.folder / "hark.db")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for table, of in rows.items():
            connection.execute(f"DELETE FROM {table}")
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(of[0]))})", of)
        connection.commit()


@pytest.mark.parametrize("who", ["the reporter", "a lead", "nobody, it is another case that goes"])
async def test_whole_cases_that_are_put_back_to_what_they_were_are_noticed(
    school: Any, two_cases: Any, who: str
) -> None:
    """Every MAC holds then, and every signature; but the audit chain tells of more."""
    ada, _, talks = two_cases
    before = kept(school)
    if who == "the reporter":
        await school.say(talks[0], "and there is more")
    elif who == "a lead":
        row = (await school.store.desk.queues.page(ada)).rows[0]
        await school.store.desk.act(ada, school.arrival(500), row.id, row.version, AddNote(text="a note"))
    else:
        await school.send((ada,), chat=3)
    assert (await school.store.watch.verify()).forged == 0
    put_back(school, before)
    checked = await school.store.watch.verify()
    assert (checked.forged, checked.audit) == (1, True)


@pytest.mark.usefixtures("two_cases")
async def test_an_audit_chain_that_is_cut_short_is_noticed_once_its_end_was_noted(school: Any) -> None:
    by_hand(school, "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)")
    assert (await school.store.watch.verify()).audit, "which nobody can tell before the first note"
    await school.store.watch.sweep()
    by_hand(school, "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)")
    assert not (await school.store.watch.verify()).audit
    await school.join("Cy Moss", chat=502)  # the chain is as long again
    await school.store.watch.sweep()
    assert not (await school.store.watch.verify()).audit


async def test_a_database_that_is_put_back_whole_is_noticed(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    await school.store.close()
    old = (school.folder / "hark.db").read_bytes()
    await school.open()
    await school.send((ada,))
    await school.store.watch.sweep()
    await school.store.close()
    (school.folder / "hark.db").write_bytes(old)
    await school.open()
    assert not (await school.store.watch.verify()).audit


async def test_the_salt_of_the_receipts_cannot_be_exchanged(school: Any) -> None:
    await school.store.close()
    by_hand(school, "UPDATE deployment SET receipt_salt = x'00'")
    with pytest.raises(Tampered):
        await school.open()
