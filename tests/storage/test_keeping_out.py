"""Somebody is kept out after sending: nothing that follows opens for her, and the others go on as before."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import delete, insert, select, update

from flows.values.deeds import AddAnswer, AddMessage, Answered
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from flows.values.text import Text
from storage.cases import entry_content
from storage.cases.access import Access, blob_digest
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore
from storage.database.schema.cases import cases, entries, epochs, handovers, headers, readers, wraps
from storage.database.schema.notices import outbox
from storage.database.schema.sites import audit
from storage.database.turn import Delete
from storage.deeds.ownership import Claim, OfferCase
from storage.deeds.readers.admit import Admit
from storage.deeds.readers.exclude import CallUp, Exclude
from storage.deeds.readers.lift import Lift
from storage.deeds.readers.recipients import Opening
from storage.deeds.readers.withhold import Withheld
from storage.deeds.status import CloseCase
from storage.deeds.words import AddNote, SendReply
from storage.sealing.keys.case_keys import Commitments, Epoch, Wrap, WrapKind, new_case_keys, unwrap_case_keys
from storage.sealing.primitives.box import Place, open_text
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId, public_key
from storage.values import CaseId
from storage.values.errors import CodeMissing, NoSuchCase, NotOffered, Stale, Tampered
from tests.programs.start import run_module
from tests.raw_database import fetch, raw_bytes, read_tables, tamper
from tests.storage.conftest import PASSPHRASE
from tests.storage.killed_exclusions import WORDS, reopened
from tests.team import set_recovery

ROOT = Path(__file__).parents[2]
WHY = "It is about her."
alone = pytest.mark.sqlite_only("who reads is decided above the engine")


@pytest.fixture
async def three(school: Any) -> tuple[Any, Any, Any]:
    """A lead, the one who is kept out, and a deputy."""
    ada = await school.join("Ada Byron", chat=500)
    eve = await school.join("Eve Moneypenny", chat=501)
    fay = await school.join("Fay Long", "deputy", chat=502)
    return ada, eve, fay


async def does(school: Any, session: Any, case: CaseId, deed: Any, version: int | None = None) -> Any:
    if isinstance(deed, Lift):
        await school.confirm(session)
    return await school.store.desk.act(session, school.arrival(session.address.chat_id), case, version, deed)


async def rows_of(school: Any, session: Any) -> dict[str, list[Any]]:
    """Everything in which a lead's id stands beside a case."""
    me = session.lead.id
    asked = {
        "wraps": select(wraps).where(wraps.c.holder == me),
        "readers": select(readers).where(readers.c.lead_id == me),
        "outbox": select(outbox).where(outbox.c.lead_id == me, outbox.c.case_id.is_not(None)),
        "handovers": select(handovers).where((handovers.c.giver == me) | (handovers.c.taker == me)),
        "cases": select(cases).where((cases.c.owner == me) | (cases.c.offered == me) | cases.c.recipients.contains(me)),
    }
    return {name: list(await fetch(school.url, one)) for name, one in asked.items()}


async def test_nothing_of_her_is_left_and_the_others_read_everything_before_and_after(school: Any, three: Any) -> None:
    ada, eve, fay = three
    await set_recovery(school.store, public_key(b"r" * 32))
    sent = await school.send((ada, eve), (fay,), chat=7, urgency="immediate")
    talk, case = sent.talk, sent.talk.found.case
    await school.say(talk, "first words", chat=7)
    await school.reads(eve, case)
    await does(school, eve, case, Claim())
    await does(school, eve, case, AddNote("a note of before"))
    await does(school, eve, case, OfferCase(to=fay.lead.id))
    assert all((await rows_of(school, eve)).values())

    before = {one.id for one in await fetch(school.url, select(outbox.c.id))}
    row = await does(school, ada, case, Exclude(eve.lead.id, WHY))
    assert (row.owner, row.due, row.glance.kept_out[eve.lead.id].by) == (None, "acknowledge", ada.lead.id)
    assert not any((await rows_of(school, eve)).values())
    told = await fetch(
        school.url, select(outbox.c.lead_id).where(outbox.c.kind == "message", outbox.c.id.not_in(before))
    )
    assert {one.lead_id for one in told} == {fay.lead.id}, "whoever did it needs no notice of it"
    assert [one["action"] for one in (await read_tables(school.url))["audit"]].count("exclude") == 1
    for refused in (Claim(), AddNote("?"), Exclude(ada.lead.id, WHY), CallUp()):
        with pytest.raises(NoSuchCase):
            await does(school, eve, case, refused)
    with pytest.raises(NoSuchCase):
        await school.store.desk.open_case(eve, school.arrival(501), case)
    assert await school.store.desk.others(eve, case) == ()

    await school.say(talk, "later words", chat=7)  # from the session that was open all the while
    await does(school, fay, case, SendReply("We are on it."))
    for session in (ada, fay):
        session.case_keys.clear()
        view = await school.reads(session, case)
        assert [entry.text for entry in view.entries if entry.kind == "message"] == ["first words", "later words"]
        assert "a note of before" in [entry.text for entry in view.entries]
        assert "zebrafish-canary words" in str(view.entries[0].answers)
        assert {card.id for card in view.recipients} == {ada.lead.id, fay.lead.id}
        done = next(entry for entry in view.entries if entry.action and entry.action.what == "exclude")
        assert (done.by, done.action.detail["to"], done.action.detail["reason"]) == (ada.lead, eve.lead.id, WHY)
        assert view.row.glance.kept_out[eve.lead.id].read_to == 2
    shown = await school.store.talks.view(talk)
    assert ([reply.text for reply in shown.replies], eve.lead.id in shown.recipients) == (["We are on it."], False)
    back = await school.store.talks.open(school.arrival(8), sent.words)
    assert (await school.store.talks.view(back)).messages == ("first words", "later words")
    recovered = await school.store.recovering.open(b"r" * 32, row.reference)
    assert [entry.kind for entry in recovered.entries] == [entry.kind for entry in view.entries]
    checked = await school.store.watch.verify()
    assert checked.holds
    assert [one.epoch for one in await fetch(school.url, select(entries.c.epoch).order_by(entries.c.number))][-1] == 2


async def test_what_follows_does_not_open_with_her_keys_even_if_her_wraps_are_put_back(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7)
    case = sent.talk.found.case
    await school.reads(eve, case)
    before = await read_tables(school.url)
    hers = [row for row in before["wraps"] if row["holder"] == eve.lead.id]
    await does(school, ada, case, Exclude(eve.lead.id, WHY))
    await does(school, ada, case, AddNote("behind her back"))
    after = await read_tables(school.url)
    newest = after["entries"][-1]
    [header] = after["headers"]
    commitments = {row["epoch"]: Commitments(row["talk"], row["desk"]) for row in after["epochs"]}
    [wrap] = hers
    held = Wrap(Epoch(case, 1), WrapKind.LEAD, KeyId(wrap["key_id"]), wrap["blob"])
    keys = unwrap_case_keys(eve.keys.private, held, commitments[1])
    for key in (keys.talk, keys.desk):
        with pytest.raises(CannotOpen):
            open_text(key, Place("entries", case, newest["number"], newest["kind"], 2), newest["sealed"])
        with pytest.raises(CannotOpen):
            open_text(key, Place("headers", case, 2, "header", header["version"]), header["sealed"])
    for row in (row for row in after["wraps"] if row["epoch"] == 2 and row["kind"] == "lead"):
        with pytest.raises(CannotOpen):
            unwrap_case_keys(
                eve.keys.private, Wrap(Epoch(case, 2), WrapKind.LEAD, row["key_id"], row["blob"]), commitments[2]
            )
    moved = {**wrap, "epoch": 2}
    assert blob_digest(wrap["blob"]) == wrap["digest"]
    queued = next(row for row in before["readers"] if row["lead_id"] == eve.lead.id)
    await tamper(school.url, insert(wraps).values([wrap, moved]), insert(readers).values(queued))
    eve.case_keys.clear()
    ada.case_keys.clear()
    with pytest.raises((Tampered, NoSuchCase)):
        await school.store.desk.open_case(eve, school.arrival(501), case)
    assert (await school.store.desk.queues.page(eve)).rows == ()
    with pytest.raises(Tampered):
        await school.store.desk.open_case(ada, school.arrival(500), case)
    assert (await school.store.watch.verify()).forged == 1


@alone
async def test_her_wraps_are_in_no_file_after_the_next_sweep(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7)
    await does(school, fay, sent.talk.found.case, Exclude(ada.lead.id, WHY))
    hers = select(wraps.c.blob).where(wraps.c.holder == eve.lead.id)
    blobs = [row.blob for row in await fetch(school.url, hers)]
    assert len(blobs) == 2
    before = await raw_bytes(school.url)
    assert all(blob in before for blob in blobs)
    await school.store.talks.add(school.arrival(7), sent.talk, [AddMessage("Moneypenny!", None, ())], None)
    await school.store.watch.sweep()
    kept = await raw_bytes(school.url)
    assert not [blob for blob in blobs if blob in kept]


@alone
async def test_a_notice_that_is_put_back_for_her_is_told_to_nobody(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7, urgency="immediate")
    kept = [
        row for row in (await read_tables(school.url))["outbox"] if row["lead_id"] == eve.lead.id and row["case_id"]
    ]
    await does(school, ada, sent.talk.found.case, Exclude(eve.lead.id, WHY))
    await tamper(school.url, insert(outbox).values(kept))
    school.later(hours=30)
    told = []
    while notice := await school.store.outbox.next():
        told.append(notice.lead)
        await school.store.outbox.done(notice)
    assert eve.lead.id not in told
    assert {ada.lead.id, fay.lead.id} <= set(told)


@alone
async def test_a_header_of_before_that_is_put_back_is_not_taken(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7)
    [old] = (await read_tables(school.url))["headers"]
    await does(school, ada, sent.talk.found.case, Exclude(eve.lead.id, WHY))
    await tamper(school.url, delete(headers), insert(headers).values(old))
    with pytest.raises(Tampered):
        await school.reads(ada, sent.talk.found.case)
    assert (await school.store.watch.verify()).forged == 1


@alone
async def test_where_it_is_refused_nothing_changes(school: Any, three: Any) -> None:
    ada, eve, fay = three
    gus = await school.join("Gus Grey", chat=503)
    sent = await school.send((ada, eve, fay), chat=7)
    case = sent.talk.found.case
    for to, why in ((ada, WHY), (gus, WHY), (eve, "  ")):
        with pytest.raises(NotOffered):
            await does(school, ada, case, Exclude(to.lead.id, why))
    with pytest.raises(NotOffered):
        await does(school, ada, case, Exclude(LeadId("nobody"), WHY))
    with pytest.raises(NotOffered):  # two read it
        await does(school, ada, case, CallUp())
    assert [row.epoch for row in await fetch(school.url, select(epochs.c.epoch))] == [1]
    row = (await school.reads(ada, case)).row
    await does(school, fay, case, AddNote("meanwhile"))
    with pytest.raises(Stale):
        await does(school, ada, case, Exclude(eve.lead.id, WHY), row.version)


@alone
async def test_a_closed_case_is_kept_from_her_too_and_stays_closed(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7)
    case = sent.talk.found.case
    await school.reads(eve, case)
    await does(school, eve, case, Claim())
    await does(school, eve, case, CloseCase("early_help", "done"))
    row = await does(school, ada, case, Exclude(eve.lead.id, WHY))
    assert (row.status, row.owner, row.due) == ("closed", None, None)
    assert (await school.store.desk.queues.page(eve, "closed")).rows == ()
    await school.say(sent.talk, "it goes on", chat=7)
    assert [one.id for one in (await school.store.desk.queues.page(fay)).rows] == [case]
    assert (await school.store.desk.queues.page(eve)).rows == ()


@alone
async def test_where_one_would_be_left_the_next_of_the_ladder_reads_and_is_told(school: Any, three: Any) -> None:
    ada, eve, fay = three
    hal = await school.join("Hal Stone", "head", chat=503)
    sent = await school.send((ada, eve), chat=7)
    case = sent.talk.found.case
    await does(school, eve, case, AddNote("a note of before"))
    await school.store.talks.notice(school.arrival(7), sent.talk, on=True)
    view = await school.reads(ada, case)
    assert (view.without[eve.lead.id].left, view.without[eve.lead.id].added) == ((ada.lead.id,), (hal.lead.id,))
    await does(school, ada, case, Exclude(eve.lead.id, WHY))
    theirs = await school.reads(hal, case)  # she whom it is about is a lead: the head, as before sending
    assert "a note of before" in [entry.text for entry in theirs.entries]
    assert (await school.store.desk.queues.page(fay)).rows == ()
    told = await fetch(school.url, select(outbox.c.lead_id, outbox.c.kind).where(outbox.c.lead_id == hal.lead.id))
    assert {row.kind for row in told} >= {"new", "message"}
    shown = await school.store.talks.view(sent.talk)
    assert ([card.name for card in shown.added], shown.let_in) == (["Hal Stone"], ())
    assert (await school.store.watch.verify()).holds


@alone
async def test_who_is_left_alone_calls_up_the_next_of_the_ladder_who_is_told_as_is_the_reporter(
    school: Any, three: Any
) -> None:
    ada, eve, fay = three
    gus = await school.join("Gus Miller", chat=504)
    sent = await school.send((ada, eve, gus), chat=7)
    case = sent.talk.found.case
    await school.store.talks.notice(school.arrival(7), sent.talk, on=True)
    await does(school, eve, case, AddNote("a note of before"))
    await does(school, eve, case, Exclude(gus.lead.id, WHY))
    await school.store.leads.team.disable(eve.lead.id)
    await school.reads(ada, case)
    before = len(await fetch(school.url, select(outbox.c.id)))
    await does(school, ada, case, CallUp())
    theirs = await school.reads(fay, case)
    assert "a note of before" in [entry.text for entry in theirs.entries]
    done = next(entry for entry in theirs.entries if entry.action and entry.action.what == "call_up")
    assert (done.by, done.action.detail["to"]) == (ada.lead, fay.lead.id)
    told = await fetch(school.url, select(outbox.c.lead_id, outbox.c.return_id, outbox.c.kind).order_by(outbox.c.id))
    assert {row.lead_id for row in told[before:]} == {fay.lead.id, None}
    assert sum(row.return_id is not None for row in told[before:]) == 1
    assert [card.name for card in (await school.store.talks.view(sent.talk)).added] == ["Fay Long"]
    assert [row["action"] for row in (await read_tables(school.url))["audit"]].count("call_up") == 1
    await school.reads(ada, case)
    with pytest.raises(NotOffered):
        await does(school, ada, case, CallUp())
    hal = await school.join("Hal Stone", "head", chat=503)
    await does(school, ada, case, Exclude(fay.lead.id, WHY))
    assert {card.id for card in (await school.reads(hal, case)).recipients} == {ada.lead.id, hal.lead.id}
    assert (await school.store.watch.verify()).holds


@alone
async def test_one_alone_is_allowed_only_where_the_site_has_nobody_else(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve), chat=7)
    case = sent.talk.found.case
    await does(school, ada, case, Exclude(eve.lead.id, WHY))
    assert {card.id for card in (await school.reads(ada, case)).recipients} == {ada.lead.id, fay.lead.id}
    assert not (await school.reads(ada, case)).without[fay.lead.id].allowed
    with pytest.raises(NotOffered):  # nobody comes to be alone with a case by keeping out one after the other
        await does(school, ada, case, Exclude(fay.lead.id, WHY))
    await school.store.leads.team.disable(fay.lead.id)
    other = await school.send((ada, eve), chat=8)
    await does(school, ada, other.talk.found.case, Exclude(eve.lead.id, WHY))
    assert [card.id for card in (await school.reads(ada, other.talk.found.case)).recipients] == [ada.lead.id]


@alone
async def test_lifting_takes_two_within_a_day_and_gives_her_all_of_it(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7)
    case = sent.talk.found.case
    await does(school, ada, case, Exclude(eve.lead.id, WHY))
    await does(school, ada, case, AddNote("behind her back"))
    await school.reads(ada, case)
    await school.reads(fay, case)
    with pytest.raises(CodeMissing):
        await school.store.desk.act(ada, school.arrival(500), case, None, Lift(eve.lead.id, "It is her sister."))
    row = await does(school, ada, case, Lift(eve.lead.id, "It is her sister."))
    row = await does(school, ada, case, Lift(eve.lead.id, "I say it again."))
    assert [one.by for one in row.glance.proposed.values()] == [ada.lead.id]
    school.later(hours=24)
    ada, fay = await school.unlock("Ada Byron", 500), await school.unlock("Fay Long", 502)
    row = await does(school, fay, case, Lift(eve.lead.id, "I know her sister."))
    assert (list(row.glance.kept_out), [one.by for one in row.glance.proposed.values()]) == (
        [eve.lead.id],
        [fay.lead.id],
    )
    with pytest.raises(NotOffered):  # never by the way that one alone may go
        await does(school, ada, case, Admit(eve.lead.id, WHY))
    with pytest.raises(NotOffered):
        await does(school, ada, case, Lift(eve.lead.id, " "))
    row = await does(school, ada, case, Lift(eve.lead.id, "It is her sister."))
    assert (row.glance.kept_out, row.glance.proposed) == ({}, {})
    eve = await school.unlock("Eve Moneypenny", 501)
    view = await school.reads(eve, case)
    assert "behind her back" in [entry.text for entry in view.entries]
    talk = await school.store.talks.open(school.arrival(7), sent.words)
    assert [card.id for card in (await school.store.talks.view(talk)).let_in] == [eve.lead.id]
    assert (await school.store.watch.verify()).holds


@alone
async def test_what_both_said_who_lift_stands_in_the_case_under_their_names_and_she_is_told(
    school: Any, three: Any
) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7)
    case = sent.talk.found.case
    await school.store.talks.notice(school.arrival(7), sent.talk, on=True)
    for session in three:
        await school.reads(session, case)
    await does(school, ada, case, Exclude(eve.lead.id, WHY))
    await school.say(sent.talk, "and one thing more", chat=7)
    with pytest.raises(Stale):  # it may tell whom it is about
        await does(school, ada, case, Lift(eve.lead.id, "It is her sister."))
    for session in (ada, fay):
        await school.reads(session, case)
    await does(school, ada, case, Lift(eve.lead.id, "It is her sister."))
    while (notice := await school.store.outbox.next()) is not None:
        await school.store.outbox.done(notice)
    await does(school, fay, case, Lift(eve.lead.id, "I asked her."))
    view = await school.reads(fay, case)
    said = [(one.action.what, one.by.id, one.action.detail) for one in view.entries if one.action and one.by]
    assert [(what, by, detail["to"], detail["reason"]) for what, by, detail in said if "lift" in what] == [
        ("ask_lift", ada.lead.id, eve.lead.id, "It is her sister."),
        ("lift", fay.lead.id, eve.lead.id, "I asked her."),
    ]
    assert next(detail for what, _, detail in said if what == "lift")["access"], "she signs who reads it from then on"
    logged = await fetch(school.url, select(audit.c.lead_id, audit.c.action).order_by(audit.c.number))
    assert [tuple(row) for row in logged if "lift" in row.action] == [(ada.lead.id, "ask_lift"), (fay.lead.id, "lift")]
    told = await fetch(school.url, select(outbox.c.lead_id, outbox.c.return_id))
    assert eve.lead.id in {row.lead_id for row in told}
    assert any(row.return_id for row in told), "the reporter hears that there is something to read"
    assert "sister" not in repr(Lift(eve.lead.id, "It is her sister."))


@alone
async def test_only_who_reads_here_is_offered_to_be_let_in_again(school: Any, three: Any) -> None:
    ada, eve, fay = three
    case = (await school.send((ada, eve, fay), chat=7)).talk.found.case
    for session in three:
        await school.reads(session, case)
    await does(school, ada, case, Exclude(eve.lead.id, WHY))
    assert [card.id for card in (await school.reads(fay, case)).liftable] == [eve.lead.id]
    await school.store.leads.team.disable(eve.lead.id)
    assert (await school.reads(fay, case)).liftable == ()
    with pytest.raises(NotOffered):
        await does(school, fay, case, Lift(eve.lead.id, WHY))


@alone
async def test_whom_the_reporter_left_out_is_let_in_by_no_deed(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, fay), chat=7, excluded=(eve.lead.id,))
    case = sent.talk.found.case
    await school.reads(ada, case)
    for deed in (Lift(eve.lead.id, WHY), Admit(eve.lead.id, WHY), CallUp()):
        with pytest.raises(NotOffered):
            await does(school, ada, case, deed)
    assert (await school.reads(ada, case)).liftable == ()
    assert not (await school.reads(ada, case)).without[fay.lead.id].added


async def test_words_that_name_her_keep_her_out_until_another_has_checked(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve), (fay,), chat=7, urgency="immediate")
    talk, case = sent.talk, sent.talk.found.case
    for session in three:
        await school.reads(session, case)
    await does(school, eve, case, Claim())
    await does(school, ada, case, AddNote("a note of before"))
    await school.say(talk, "miss moneypenny does it", chat=7)
    assert not any((await rows_of(school, eve)).values())
    with pytest.raises(NoSuchCase):
        await does(school, eve, case, AddNote("?"))
    told = await fetch(school.url, select(outbox.c.lead_id).where(outbox.c.case_id == case))
    assert {row.lead_id for row in told} == {ada.lead.id, fay.lead.id}
    [row] = (await school.store.desk.queues.page(fay)).rows  # before anybody opened it
    assert (row.glance.withheld, row.owner, row.due) == ((eve.lead.id,), None, "acknowledge")
    await school.say(talk, "and her friend does nothing", chat=7)
    view = await school.reads(fay, case)
    assert [entry.text for entry in view.entries if entry.kind == "message"] == [
        "miss moneypenny does it",
        "and her friend does nothing",
    ]
    assert "a note of before" in [entry.text for entry in view.entries]
    assert "withhold" in [entry.action.what for entry in view.entries if entry.action]
    assert [card.id for card in view.admissible] == [eve.lead.id]
    assert (await school.store.watch.verify()).holds
    assert len((await school.store.talks.view(talk)).messages) == 2
    await does(school, fay, case, Admit(eve.lead.id, "She is the one he told."))
    assert "miss moneypenny does it" in [entry.text for entry in (await school.reads(eve, case)).entries]


@alone
async def test_what_somebody_has_taken_on_stays_hers_when_words_name_another(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve), (fay,), chat=7)
    case = sent.talk.found.case
    for session in three:
        await school.reads(session, case)
    before = await does(school, ada, case, Claim())
    [held] = [row for row in (await read_tables(school.url))["cases"] if row["id"] == case]
    await school.say(sent.talk, "miss moneypenny does it", chat=7)
    view = await school.reads(fay, case)
    assert (view.row.owner, view.row.due) == (before.owner, before.due), "nobody has to acknowledge it again"
    [deed] = [entry.action for entry in view.entries if entry.action and entry.action.what == "withhold"]
    assert deed.detail["to"] == eve.lead.id
    [now] = [row for row in (await read_tables(school.url))["cases"] if row["id"] == case]
    assert (now["epoch"], now["desk_version"]) == (held["epoch"] + 1, held["desk_version"] + 1)
    assert now["header_version"] > held["header_version"]


@alone
async def test_where_the_header_was_changed_nobody_is_kept_out_in_silence(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve), (fay,), chat=7)
    await tamper(school.url, update(headers).values(version=headers.c.version + 1))
    with pytest.raises(Tampered):
        await school.say(sent.talk, "miss moneypenny does it", chat=7)


def test_no_key_and_no_row_of_a_case_is_told_by_what_changes_its_readers() -> None:
    keys = new_case_keys()
    told = repr(
        Opening(cast("ClearRow", None), cast("Access", None), {1: keys}, (Delete(wraps, {"holder": "canary"}),))
    )
    told += repr(Withheld(cast("ClearRow", None), keys, (), (Delete(wraps, {"holder": "canary"}),)))
    assert "canary" not in told
    assert "epochs" not in told
    assert "rows" not in told
    assert "keys" not in told


@alone
async def test_an_answer_after_sending_that_names_two_keeps_both_out(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve, fay), chat=7)
    case = sent.talk.found.case
    answered = Answered("C9", Text("Who was there?"), Wrote(("Ms Long and Mrs Moneypenny",)))
    await school.store.talks.add(school.arrival(7), sent.talk, [AddAnswer(answered, None, ())], None)
    [row] = (await school.store.desk.queues.page(ada)).rows
    assert set(row.glance.withheld) == {eve.lead.id, fay.lead.id}
    await school.say(sent.talk, "thank you Mrs Byron", chat=7)  # she is the last: it stays sealed for her
    view = await school.reads(ada, case)
    assert view.entries[-1].text == "thank you Mrs Byron"
    await does(school, ada, case, Admit(eve.lead.id, "Only there."))
    await school.say(sent.talk, "Moneypenny again", chat=7)  # a second seal around the first
    await school.say(sent.talk, "nothing", chat=7)
    [row] = (await school.store.desk.queues.page(ada)).rows
    assert set(row.glance.withheld) == {eve.lead.id, fay.lead.id}
    assert (await school.store.watch.verify()).holds


@alone
async def test_a_header_within_a_header_opens_however_often_words_name_somebody(school: Any, three: Any) -> None:
    ada, eve, fay = three
    gus = await school.join("Gus Grey", chat=503)
    sent = await school.send((ada, eve, fay, gus), chat=7)
    for name in ("Moneypenny", "Mrs Long", "Mr Grey"):
        await school.say(sent.talk, f"it was {name}", chat=7)
    [row] = (await school.store.desk.queues.page(ada)).rows
    assert set(row.glance.withheld) == {eve.lead.id, fay.lead.id, gus.lead.id}
    assert [one.epoch for one in await fetch(school.url, select(headers.c.epoch))] == [4]
    assert len((await school.reads(ada, row.id)).entries) == 7


@alone
async def test_words_that_name_the_only_reader_hand_the_case_up_and_she_reads_no_more(school: Any, three: Any) -> None:
    ada, eve, fay = three
    hal = await school.join("Hal Stone", "head", chat=503)
    await set_recovery(school.store, public_key(b"r" * 32))
    sent = await school.send((ada,), chat=7, excluded=(eve.lead.id,), withheld=(fay.lead.id,))
    talk, case = sent.talk, sent.talk.found.case
    await school.reads(ada, case)
    await does(school, ada, case, AddNote("a note of before"))
    await school.say(talk, "Ms Long knows of it", chat=7)
    await school.say(talk, "it is Mrs Byron herself", chat=7)
    assert not any((await rows_of(school, ada)).values())
    view = await school.reads(hal, case)
    assert [card.id for card in view.recipients] == [hal.lead.id]
    assert "zebrafish-canary words" in str(view.entries[0].answers)
    assert [entry.text for entry in view.entries if entry.kind == "message"] == [
        "Ms Long knows of it",
        "it is Mrs Byron herself",
    ]
    assert "a note of before" not in [entry.text for entry in view.entries]  # nobody at hand had the key of that
    assert (view.row.glance.excluded, set(view.row.glance.withheld)) == (
        (eve.lead.id,),
        {ada.lead.id, fay.lead.id},
    )
    assert (view.row.status, view.row.due) == ("new", "acknowledge")
    told = await fetch(school.url, select(outbox.c.lead_id, outbox.c.kind).where(outbox.c.case_id == case))
    assert {tuple(row) for row in told} == {(hal.lead.id, "raised")}
    recovered = await school.store.recovering.open(b"r" * 32, view.row.reference)
    assert "a note of before" in [entry.text for entry in recovered.entries]
    await does(school, hal, case, AddNote("a note of later"))
    await does(school, hal, case, Admit(ada.lead.id, "It is another one."))
    again = await school.reads(ada, case)
    assert "a note of later" in [entry.text for entry in again.entries]
    assert len((await school.store.talks.view(talk)).messages) == 2
    assert (await school.store.watch.verify()).holds


@alone
async def test_to_whom_it_was_handed_up_takes_the_talk_of_before_over_with_new_keys(school: Any, three: Any) -> None:
    ada, _, _ = three
    hal = await school.join("Hal Stone", "head", chat=503)
    sent = await school.send((ada,), chat=7)
    await school.say(sent.talk, "it is Mrs Byron herself, and Moneypenny, and Ms Long", chat=7)
    before = await school.reads(hal, sent.talk.found.case)
    own = school.store.leads.own_factors
    school.later(seconds=30)
    await own.prove(hal, school.arrival(503), PASSPHRASE, school.code("Hal Stone"))
    await own.renew_keys(hal, school.arrival(503), PASSPHRASE)
    *_, last = [one async for one in school.store.renewals.go_on(hal)]
    assert (last.done, last.forged, last.is_over) == (1, 0, True)
    hal.case_keys.clear()
    after = await school.reads(hal, sent.talk.found.case)
    assert [entry for entry in after.entries if not entry.action] == [one for one in before.entries if not one.action]
    assert (await school.store.watch.verify()).holds


@alone
async def test_whom_somebody_kept_out_is_handed_nothing_when_words_name_all_the_others(school: Any, three: Any) -> None:
    ada, eve, fay = three
    sent = await school.send((ada, eve), chat=7)
    case = sent.talk.found.case
    await does(school, ada, case, Exclude(eve.lead.id, WHY))
    await school.say(sent.talk, "Mrs Byron and Ms Long", chat=7)
    assert not any((await rows_of(school, eve)).values())
    assert {card.id for card in (await school.reads(ada, case)).recipients} == {ada.lead.id, fay.lead.id}
    await school.reads(fay, case)
    for session in (ada, fay):  # let in again, she is somebody to whom it can go
        await does(school, session, case, Lift(eve.lead.id, "Another one."))
    await school.reads(ada, case)
    await does(school, ada, case, CloseCase("early_help", "done"))
    await school.say(sent.talk, "Mrs Byron and Ms Long once more", chat=7)
    assert {card.id for card in (await school.reads(eve, case)).recipients} == {eve.lead.id}
    assert (await school.store.watch.verify()).holds


@alone
async def test_a_case_of_an_earlier_version_stays_with_its_only_reader_whom_words_name(
    school: Any, three: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier version sealed does not tell in the talk whom the reporter left out."""
    ada, _, _ = three
    now = entry_content.concern

    def earlier(*given: Any) -> Any:
        return {name: value for name, value in now(*given).items() if name not in {"left_out", "unsure"}}

    monkeypatch.setattr(entry_content, "concern", earlier)
    sent = await school.send((ada,), chat=7)
    await school.say(sent.talk, "it is Mrs Byron herself", chat=7)
    view = await school.reads(ada, sent.talk.found.case)
    assert view.entries[-1].text == "it is Mrs Byron herself"


@alone
async def test_whoever_is_kept_out_while_the_case_is_being_opened_is_shown_nothing(
    school: Any, three: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, eve, fay = three
    case = (await school.send((ada, eve, fay), chat=7)).talk.found.case
    commit = StoreCore.commit

    async def overtaken(core: StoreCore, *rows: Any) -> None:
        await commit(core, *rows)
        monkeypatch.undo()
        await does(school, ada, case, Exclude(eve.lead.id, WHY))

    monkeypatch.setattr(StoreCore, "commit", overtaken)
    with pytest.raises(NoSuchCase):
        await school.store.desk.open_case(eve, school.arrival(501), case)


@alone
async def test_killed_anywhere_she_is_in_as_before_or_out_for_good(tmp_path: Path) -> None:
    killed = await asyncio.to_thread(run_module, "tests.storage.killed_exclusions", str(tmp_path))
    assert killed.returncode == 0, killed.stderr
    known = json.loads((tmp_path / "known").read_text())
    found = set()
    for folder in sorted(tmp_path.glob("*-*")):  # noqa: ASYNC240 - a folder of a test
        school = await reopened(folder, known)
        school.later(minutes=5)
        school.updates = 9_000
        assert (await school.store.watch.verify()).holds, folder.name
        ada, eve = await school.unlock("Ada Byron", 800), await school.unlock("Eve Moneypenny", 801)
        view = await school.reads(ada, known["case"])
        out = len({row.epoch for row in await fetch(school.url, select(epochs.c.epoch))}) == 2
        said = {entry.text for entry in view.entries}
        assert out == ({card.name for card in view.recipients} == {"Ada Byron", "Fay Long"})
        if folder.name.startswith("words"):
            assert out == (WORDS in said)
        page = await school.store.desk.queues.page(eve)
        assert bool(page.rows) is not out
        if out:
            assert not any((await rows_of(school, eve)).values())
        found.add((folder.name.split("-")[0], out))
        await school.store.close()
    assert found == {("deed", False), ("deed", True), ("words", False), ("words", True)}


@alone
@pytest.mark.parametrize("where", ["before sending", "afterwards", "a note", "a reason"])
async def test_whom_anything_names_that_was_written_is_never_called_up_in_somebodys_place(
    school: Any, three: Any, where: str
) -> None:
    """Found by the model: the head was no reader when the words named her, and was the next of the ladder."""
    ada, eve, fay = three
    hal = await school.join("Hal Stone", "head", chat=503)
    told = (Answered("tell", Text("What is it?"), Wrote(("it is Mr Stone",))),) if where == "before sending" else ()
    sent = await school.send((ada, eve), chat=7, **({"answers": told} if told else {}))
    case = sent.talk.found.case
    if where == "afterwards":
        await school.say(sent.talk, "it is Mr Stone", chat=7)
    await school.reads(ada, case)
    if where == "a note":
        await does(school, ada, case, AddNote("Mr Stone, I think."))
    view = await school.reads(ada, case)
    if where != "a reason":
        assert view.without[eve.lead.id].added == (fay.lead.id,)
    await does(school, ada, case, Exclude(eve.lead.id, "She is a friend of Mr Stone." if where == "a reason" else WHY))
    if where == "a reason":  # the case is hers to know by now; what comes after counts
        await does(school, ada, case, Exclude(hal.lead.id, WHY))
    assert {card.id for card in (await school.reads(ada, case)).recipients} == {ada.lead.id, fay.lead.id}
    await school.store.leads.team.disable(fay.lead.id)
    assert (await school.reads(ada, case)).called_up == ()
    with pytest.raises(NotOffered):
        await does(school, ada, case, CallUp())
    assert not any((await rows_of(school, hal)).values())
    assert (await school.store.watch.verify()).holds
