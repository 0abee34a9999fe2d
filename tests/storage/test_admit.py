"""Whom only the words kept out is let in by somebody who has read them; nobody else can, and nobody else gets in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from sqlalchemy import ScalarSelect, delete, select, update
from sqlalchemy.sql.dml import UpdateBase

from flows.values.ids import LeadId
from storage.cases.access import read_access
from storage.cases.rows.case_row import change_rows, read_clear
from storage.core.core import one_row
from storage.core.integrity import write_recipients
from storage.database.schema.cases import cases, entries, readers, wraps
from storage.database.schema.notices import outbox
from storage.database.turn import Delete
from storage.deeds.ownership import Acknowledge, Claim
from storage.deeds.readers.admit import Admit
from storage.deeds.status import CloseCase
from storage.deeds.words import AddNote
from storage.sealing.primitives.xwing import public_key
from storage.values import CaseId
from storage.values.errors import NoSuchCase, NotOffered, Stale, Tampered
from tests.forged_rows import insert_like
from tests.raw_database import read_tables, tamper
from tests.team import set_recovery

REASON = "She is the one he told."


@pytest.fixture
async def three(school: Any) -> tuple[Any, Any, Any]:
    """The main lead, whom the words name; a deputy, who has the case; a head, whom the reporter left out."""
    cyd = await school.join("Cyd Carter", chat=500)
    bea = await school.join("Bea Potter", "deputy", chat=501)
    hal = await school.join("Hal Stone", "head", chat=502)
    return cyd, bea, hal


async def withheld(school: Any, three: Any, **changes: Any) -> tuple[Any, Any]:
    """A case that only the deputy reads, as she has opened it; and the reporter's talk."""
    cyd, bea, hal = three
    shut = {"withheld": (cyd.lead.id,), "excluded": (hal.lead.id,), **changes}
    sent = await school.send((cyd,), (bea,), (hal,), chat=7, **shut)
    return await opened(school, bea, 501, sent.talk.found.case), sent.talk


async def opened(school: Any, session: Any, _chat: int, case: CaseId) -> Any:
    return await school.reads(session, case)


async def admit(school: Any, session: Any, chat: int, row: Any, to: Any, reason: str = REASON) -> Any:
    arrival = school.arrival(chat)
    return await school.store.desk.act(session, arrival, row.id, row.version, Admit(to=to.lead.id, reason=reason))


async def told(school: Any) -> list[tuple[str | None, str, int]]:
    async with school.store._core.read() as connection:
        columns = (outbox.c.lead_id, outbox.c.kind, outbox.c.rung)
        return [tuple(row) for row in (await connection.execute(select(*columns).order_by(outbox.c.id))).all()]


async def test_she_reads_it_all_from_then_on_and_so_does_everybody_who_could(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    view, talk = await withheld(school, three)
    assert [card.name for card in view.admissible] == ["Cyd Carter"]
    row = await admit(school, bea, 501, view.row, cyd)
    assert row.glance.withheld == ()
    theirs = (await school.store.desk.queues.page(cyd)).rows
    assert [(one.id, one.unread, one.status, one.due) for one in theirs] == [(row.id, True, "new", "acknowledge")]
    await school.say(talk, "one thing more", chat=7)
    for session, chat in ((cyd, 500), (bea, 501)):
        seen = await opened(school, session, chat, row.id)
        assert "zebrafish-canary words" in str(seen.entries[0].answers)
        assert seen.entries[-1].text == "one thing more"
        assert {card.name for card in seen.recipients} == {"Cyd Carter", "Bea Potter"}
        assert seen.admissible == ()
    checked = await school.store.watch.verify()
    assert (checked.forged, checked.audit) == (0, True)
    cyd.case_keys.clear()
    assert (await school.store.desk.act(cyd, school.arrival(500), row.id, seen.row.version, Claim())).owner == cyd.lead


async def test_the_history_holds_who_did_it_and_why_and_so_does_the_audit(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    view, _ = await withheld(school, three)
    await admit(school, bea, 501, view.row, cyd)
    seen = await opened(school, cyd, 500, view.row.id)
    done = {entry.action.what: entry for entry in seen.entries if entry.action}
    assert (done["admit"].by, done["admit"].action.detail["reason"]) == (bea.lead, REASON)
    assert done["admit"].action.detail["to"] == cyd.lead.id
    assert set(done) == {"admit", "reader"}
    with pytest.raises(Stale) as stale:
        await school.store.desk.act(bea, school.arrival(501), view.row.id, view.row.version, AddNote(text="late"))
    assert [(change.what, change.by) for change in stale.value.changes] == [("admit", bea.lead)]


async def test_the_reporter_is_told_who_reads_it_too_and_never_why(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    view, talk = await withheld(school, three)
    await school.store.talks.notice(school.arrival(7), talk, on=True)
    assert (await school.store.talks.view(talk)).let_in == ()
    await admit(school, bea, 501, view.row, cyd)
    shown = await school.store.talks.view(talk)
    assert [card.name for card in shown.let_in] == ["Cyd Carter"]
    assert shown.replies == ()
    assert REASON not in repr(shown)
    assert (None, "reply", 0) in await told(school)


async def test_she_is_told_at_once_and_again_while_nobody_has_acknowledged(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    view, _ = await withheld(school, three, urgency="immediate")
    await admit(school, bea, 501, view.row, cyd)
    hers = [(kind, rung) for lead, kind, rung in await told(school) if lead == cyd.lead.id and kind != "sign_in"]
    assert hers == [("message", 0), ("new", 0)]
    while notice := await school.store.outbox.next():
        if notice.lead == cyd.lead.id and "new" in notice.kinds:
            assert (notice.count, notice.urgency, notice.pages) == (1, "immediate", True)
        await school.store.outbox.done(notice)
    assert (cyd.lead.id, "new", 0) in await told(school)
    seen = await opened(school, bea, 501, view.row.id)
    await school.store.desk.act(bea, school.arrival(501), view.row.id, seen.row.version, Acknowledge())
    assert not {one for one in await told(school) if one[1] in {"new", "message"}}


async def test_of_a_case_that_was_acknowledged_she_is_told_once(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    view, _ = await withheld(school, three)
    row = await school.store.desk.act(bea, school.arrival(501), view.row.id, view.row.version, Claim())
    await admit(school, bea, 501, row, cyd)
    assert [one for one in await told(school) if one[1] != "sign_in"] == [(cyd.lead.id, "message", 0)]


async def test_nobody_but_whom_the_words_kept_out_is_ever_let_in(school: Any, three: Any) -> None:
    cyd, bea, hal = three
    eve = await school.join("Eve Moneypenny", chat=503)
    view, _ = await withheld(school, three, withheld=(cyd.lead.id, hal.lead.id, LeadId("not-joined")))
    assert [card.name for card in view.admissible] == ["Cyd Carter"]
    for one in (hal, eve, bea):
        with pytest.raises(NotOffered):
            await admit(school, bea, 501, view.row, one)
    with pytest.raises(NotOffered):
        await school.store.desk.act(
            bea, school.arrival(501), view.row.id, view.row.version, Admit(to=LeadId("not-joined"), reason=REASON)
        )
    with pytest.raises(NotOffered):
        await admit(school, bea, 501, view.row, cyd, reason="  ")
    for session, chat in ((cyd, 500), (hal, 502), (eve, 503)):
        with pytest.raises(NoSuchCase):
            await admit(school, session, chat, view.row, cyd)
    assert (await school.store.desk.queues.page(cyd)).total == 0


async def test_whoever_is_disabled_or_of_another_site_by_now_is_not_let_in(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    dan = await school.join("Dan Reed", chat=504, site="elsewhere")
    view, _ = await withheld(school, three, withheld=(cyd.lead.id, dan.lead.id))
    await school.store.leads.team.disable(cyd.lead.id)
    view = await opened(school, bea, 501, view.row.id)
    assert view.admissible == ()
    for one in (cyd, dan):
        with pytest.raises(NotOffered):
            await admit(school, bea, 501, view.row, one)


async def test_it_is_refused_where_the_case_was_changed_or_words_were_not_read(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    view, talk = await withheld(school, three)
    await school.store.desk.act(bea, school.arrival(501), view.row.id, view.row.version, AddNote(text="first"))
    with pytest.raises(Stale):
        await admit(school, bea, 501, view.row, cyd)
    await school.say(talk, "it is Cyd Carter who does it", chat=7)
    row = (await school.store.desk.queues.page(bea)).rows[0]
    with pytest.raises(Stale):
        await admit(school, bea, 501, row, cyd)
    assert (await school.store.desk.queues.page(cyd)).total == 0
    assert await admit(school, bea, 501, (await opened(school, bea, 501, row.id)).row, cyd)


@pytest.mark.parametrize("changes", [{"unsure": True}, {"categories": ("staff_conduct.allegation",)}])
async def test_where_it_may_be_about_an_adult_here_one_alone_lets_nobody_in(
    school: Any, three: Any, changes: dict[str, Any]
) -> None:
    cyd, bea, hal = three
    view, _ = await withheld(school, three, excluded=(), **changes)
    assert [card.name for card in view.admissible] == ["Cyd Carter"]
    row = await admit(school, bea, 501, view.row, cyd)
    row = await admit(school, bea, 501, row, cyd, reason="I say it again.")
    assert [(what, one.by) for what, one in row.glance.proposed.items()] == [(f"admit {cyd.lead.id}", bea.lead.id)]
    assert row.glance.withheld == (cyd.lead.id,)
    assert (await school.store.desk.queues.page(cyd)).total == 0
    assert {lead for lead, kind, _ in await told(school) if kind == "message"} == {hal.lead.id}
    row = await admit(school, hal, 502, (await opened(school, hal, 502, row.id)).row, cyd)
    assert (row.glance.withheld, row.glance.proposed) == ((), {})
    seen = await opened(school, cyd, 500, row.id)
    done = [(entry.action.what, entry.by) for entry in seen.entries if entry.action]
    assert done == [("vouch", bea.lead), ("vouch", bea.lead), ("admit", hal.lead), ("reader", hal.lead)]
    vouched = [entry.action.detail for entry in seen.entries if entry.action and entry.action.what == "vouch"]
    assert vouched == [{"to": cyd.lead.id, "reason": reason} for reason in (REASON, "I say it again.")]
    logged = [row["action"] for row in (await read_tables(school.url))["audit"]]
    assert [what for what in logged if what in {"vouch", "admit"}] == ["vouch", "vouch", "admit"]


async def test_where_it_takes_two_and_the_other_is_disabled_nobody_is_offered(school: Any, three: Any) -> None:
    cyd, bea, hal = three
    view, _ = await withheld(school, three, excluded=(), unsure=True)
    await school.store.leads.team.disable(hal.lead.id)
    assert (await opened(school, bea, 501, view.row.id)).admissible == ()
    with pytest.raises(NotOffered):
        await admit(school, bea, 501, view.row, cyd)


async def test_whoever_was_let_in_lets_in_the_next(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    dee = await school.join("Dee Lund", "deputy", chat=503)
    view, talk = await withheld(school, three, withheld=(cyd.lead.id, dee.lead.id))
    await admit(school, bea, 501, view.row, cyd)
    seen = await opened(school, cyd, 500, view.row.id)
    await admit(school, cyd, 500, seen.row, dee)
    assert len((await opened(school, dee, 503, view.row.id)).recipients) == 3
    assert [card.name for card in (await school.store.talks.view(talk)).let_in] == ["Cyd Carter", "Dee Lund"]
    assert (await school.store.watch.verify()).forged == 0


async def test_a_closed_case_can_be_read_by_her_too_and_stays_closed(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    view, _ = await withheld(school, three)
    row = await school.store.desk.act(
        bea, school.arrival(501), view.row.id, view.row.version, CloseCase(outcome="early_help", reason="done")
    )
    await admit(school, bea, 501, row, cyd)
    assert [one.id for one in (await school.store.desk.queues.page(cyd, "closed")).rows] == [row.id]
    assert (await school.store.desk.queues.page(cyd)).rows == ()


async def test_the_recovery_key_reads_a_case_that_somebody_was_let_into(school: Any, three: Any) -> None:
    cyd, bea, _ = three
    await set_recovery(school.store, public_key(b"r" * 32))
    view, _ = await withheld(school, three)
    await admit(school, bea, 501, view.row, cyd)
    read = await school.store.recovering.open(b"r" * 32, view.row.reference)
    assert {card.name for card in read.recipients} == {"Cyd Carter", "Bea Potter"}
    assert [entry.action.what for entry in read.entries if entry.action] == ["admit", "reader"]


#: Gives the statements from the ids of the case, and of the leads.
Forgery: TypeAlias = Callable[[str, str, str, str], tuple[UpdateBase, ...]]


def _hers(column: str, eve: str) -> ScalarSelect[Any]:
    other = wraps.alias()
    return select(other.c[column]).where(other.c.holder == eve).scalar_subquery()


def _queued(one: str, eve: str, bea: str) -> UpdateBase:
    return insert_like(readers, readers.c.case_id == one, readers.c.lead_id == bea, lead_id=eve)


#: What a writer of the database might do so that somebody is let in, or shut out, by nobody.
FORGED: dict[str, Forgery] = {
    "let Eve in with the wrap of a case that is hers": lambda one, eve, bea, _: (
        insert_like(wraps, wraps.c.holder == eve, case_id=one),
        _queued(one, eve, bea),
    ),
    "let Eve in with a copy of another's wrap, under her key": lambda one, eve, bea, cyd: (
        insert_like(wraps, wraps.c.case_id == one, wraps.c.holder == cyd, key_id=_hers("key_id", eve), holder=eve),
        _queued(one, eve, bea),
    ),
    "put Eve in the place of whom a recipient let in": lambda one, eve, _, cyd: (
        update(wraps)
        .where(wraps.c.case_id == one, wraps.c.holder == cyd)
        .values(holder=eve, **{name: _hers(name, eve) for name in ("key_id", "digest", "blob")}),
        update(readers).where(readers.c.case_id == one, readers.c.lead_id == cyd).values(lead_id=eve),
    ),
    "shut her out again": lambda one, _, __, cyd: (
        delete(wraps).where(wraps.c.case_id == one, wraps.c.holder == cyd),
        delete(readers).where(readers.c.case_id == one, readers.c.lead_id == cyd),
    ),
    "take the admission out of the history": lambda one, *_: (
        delete(entries).where(entries.c.case_id == one, entries.c.number.in_((2, 3))),
    ),
}


@pytest.mark.parametrize("what", FORGED)
async def test_a_forged_admission_lets_nobody_in_and_is_noticed(school: Any, three: Any, what: str) -> None:
    cyd, bea, _ = three
    eve = await school.join("Eve Moneypenny", chat=503)
    await school.send((eve,), chat=8)
    view, talk = await withheld(school, three)
    row = await admit(school, bea, 501, view.row, cyd)
    await tamper(school.url, *FORGED[what](row.id, eve.lead.id, bea.lead.id, cyd.lead.id))
    bea.case_keys.clear()
    with pytest.raises((Tampered, NoSuchCase)):
        await opened(school, eve, 503, row.id)
    assert row.id not in {one.id for one in (await school.store.desk.queues.page(eve)).rows}
    with pytest.raises(Tampered):
        await opened(school, bea, 501, row.id)
    with pytest.raises(Tampered):
        await school.store.talks.view(talk)
    assert (await school.store.watch.verify()).forged == 1


async def test_not_even_with_the_servers_key_does_it_open_for_others_than_a_recipient_signed(
    school: Any, three: Any
) -> None:
    cyd, bea, _ = three
    view, _ = await withheld(school, three)
    row = await admit(school, bea, 501, view.row, cyd)
    await shut_out_with_the_servers_key(school, row.id, cyd.lead.id)
    assert (await school.store.watch.verify()).forged == 0
    with pytest.raises(Tampered):
        await opened(school, bea, 501, row.id)


async def shut_out_with_the_servers_key(school: Any, case: CaseId, lead: LeadId) -> None:
    """What a thief of the server's key, with the database, can do to a lead's wrap."""
    core = school.store._core
    async with core.read() as connection:
        clear = read_clear(core, await one_row(connection, select(cases).where(cases.c.id == case)))
        access = (await read_access(connection, [case]))[case][0]
    left = replace(access, holders=tuple(one for one in access.holders if one.lead != lead))
    gone = (Delete(wraps, {"case_id": case, "holder": lead}), Delete(readers, {"case_id": case, "lead_id": lead}))
    named = write_recipients(one for one in clear.named.values() if one.lead != lead)
    await core.commit(*change_rows(core, clear, replace(clear, access=left.digest(), recipients=named)), *gone)
