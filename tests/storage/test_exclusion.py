"""Whoever the concern is about learns nothing: every call gives the same with the case and without it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.cases.routing import readers
from flows.values.ids import LeadId
from flows.values.situation import Reader
from storage.deeds.leaving.export import Export
from storage.deeds.leaving.retention import AskDestruction, Hold, KeepLonger, LiftHold
from storage.deeds.ownership import Acknowledge, Assign, Claim, DeclineCase, OfferCase
from storage.deeds.readers.admit import Admit
from storage.deeds.readers.exclude import CallUp, Exclude
from storage.deeds.readers.grant import Grant
from storage.deeds.readers.lift import Lift
from storage.deeds.status import CloseCase, ReopenCase, SetStatus
from storage.deeds.triage import SetLabel, SetUrgency
from storage.deeds.words import AddNote, SendReply
from storage.values import CaseId
from storage.values.errors import NoReaders, NoSuchCase, NotOffered, Refusal
from tests.names import FRAMES, SPELLINGS

pytestmark = pytest.mark.sqlite_only("what differs for whom is decided above the engine")


async def everything(school: Any, eve: Any, chat: int, case: CaseId, reference: str) -> list[Any]:
    """What a lead can learn, by every call there is, about all and about one case."""
    desk, told = school.store.desk, []
    day_end = school.now + timedelta(hours=8)
    brief = await desk.queues.brief(eve, day_end)
    told.append(replace(brief, first=None if brief.first is None else brief.first.reference))
    for which in ("open", "new", "unread", "mine", "overdue", "closed"):
        page = await desk.queues.page(eve, which)
        told.append((which, [row.reference for row in page.rows], page.next, page.total, page.forged))
    told.append(await desk.others(eve, case))
    team = await school.store.leads.team_view.read(eve)
    told += [(sorted(team.unlocked), len(team.members), team.waiting), [one.what for one in team.lately]]
    told.append([[one.what for one in member.pending] for member in team.members])
    for member in team.members:
        own = await desk.handing.open_cases_of(eve, member.card.id)
        told.append((own.number, sorted(own.by_taker.values())))
    calls = [
        lambda: desk.find(eve, reference),
        lambda: desk.open_case(eve, school.arrival(chat), case),
        lambda: desk.copy_case(eve, school.arrival(chat), case),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Acknowledge()),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Claim()),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Assign(to=eve.lead.id)),
        lambda: desk.act(eve, school.arrival(chat), case, 1, SendReply(text="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, AddNote(text="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, SetLabel(label="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, SetUrgency(urgency="routine")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, SetStatus(status="action")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, CloseCase(outcome="duplicate", reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, ReopenCase()),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Admit(to=eve.lead.id, reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Exclude(to=eve.lead.id, reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Lift(to=eve.lead.id, reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, CallUp()),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Grant(to=eve.lead.id, reason="?")),
        lambda: desk.grants.candidates(eve, case),
        lambda: desk.handing.offered(eve),
        lambda: desk.handing.waiting(eve),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Hold(reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, LiftHold(reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, KeepLonger(until=None, reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, AskDestruction(reason="?")),
        lambda: desk.act(eve, school.arrival(chat), case, 1, Export("?", "[[], []]", 1, "0")),
        lambda: school.store.destruction.agree(eve, school.arrival(chat), case, 1),
        lambda: desk.ending(eve),
    ]
    for call in calls:
        try:
            told.append(await call())
        except Refusal as refusal:
            told.append((type(refusal), str(refusal), vars(refusal)))
    told.append(await school.store.latest_rows.read(eve))
    reviews = school.store.read_reviews
    for _ in range(2):  # as every Monday: who read what in the week before, and of whom nobody looked through it
        school.later(days=7)
        await school.store._core.commit(*await school.store.alerts.well(), *await reviews.due())
    school.later(hours=30)  # every rung's time has come
    while notice := await school.store.outbox.next():
        if notice.lead == eve.lead.id:
            told.append((asdict(notice)["kinds"], notice.count, notice.urgency))
        await school.store.outbox.done(notice)
    again = await school.unlock(eve.lead.name, chat + 100)
    told.append([(one.reader.name, one.reason) for one in await reviews.shown(again)])
    school.later(hours=-30, days=-14, seconds=-60)
    return told


@pytest.mark.parametrize("how", ["excluded", "withheld", "not a reader", "kept out", "named afterwards"])
async def test_nothing_differs_with_the_case_and_without(tmp_path: Path, another_school: Any, how: str) -> None:
    outcomes = []
    for with_case in (False, True):
        folder = tmp_path / str(with_case)
        folder.mkdir()
        school = another_school(folder)
        await school.open()
        ada = await school.join("Ada Byron", chat=500)
        eve = await school.join("Eve Moneypenny", "deputy", chat=501)
        fay = await school.join("Fay Long", "deputy", chat=502)
        shared = await school.send((ada, eve), chat=3)
        case, reference, later = CaseId("0" * 32), "K7QM3D", school.now + timedelta(minutes=1)
        if with_case:
            shut = {"withheld": (fay.lead.id,)}
            rungs = ((ada,), (fay,))
            if how in {"excluded", "withheld"}:
                shut = {**shut, how: (eve.lead.id, *(shut["withheld"] if how == "withheld" else ()))}
            if how != "not a reader":
                rungs = ((ada, eve), (fay,))
            sent = await school.send(*rungs, chat=4, urgency="immediate", **shut)
            ada = await school.unlock("Ada Byron", chat=777)  # paged, she opens the desk in a new tab
            case = sent.talk.found.case
            if how in {"kept out", "named afterwards"}:  # she had it open, it was hers, and she was to be told
                await school.reads(eve, case)
                await school.store.desk.act(eve, school.arrival(501), case, None, Claim())
                await school.store.desk.act(eve, school.arrival(501), case, None, OfferCase(to=ada.lead.id))
                await school.store.desk.act(ada, school.arrival(777), case, None, DeclineCase(eve.lead.id))
            if how == "kept out":
                await school.store.desk.act(ada, school.arrival(777), case, None, Exclude(eve.lead.id, "It is she."))
            words = "it is Miss Moneypenny" if how == "named afterwards" else "more"
            await school.say(sent.talk, words, chat=4)
            await school.reads(ada, case)
            row = next(row for row in (await school.store.desk.queues.page(ada)).rows if row.id == case)
            await school.store.desk.act(ada, school.arrival(777), case, row.version, Assign(to=ada.lead.id))
            await school.reads(ada, case)
            reference = row.reference
            with pytest.raises(NotOffered):
                await school.store.desk.act(ada, school.arrival(777), case, row.version + 1, Assign(to=eve.lead.id))
            let_in = {"to": fay.lead.id, "reason": "only mentioned"}
            await school.store.desk.act(ada, school.arrival(777), case, row.version + 1, Admit(**let_in))
        school.now = later
        told = await everything(school, eve, 501, case, reference)
        known = (await school.store.desk.queues.page(eve)).rows[0].reference
        outcomes.append([repr(one).replace(known, "REF").replace(shared.talk.found.case, "CASE") for one in told])
        await school.store.close()
    assert outcomes[0] == outcomes[1]


NAMED = ("Siobhan O'Brien", "Omar Al-Hassan", "Jan van der Berg", "Jo Smith-Jones", "Eva \u00d8deg\u00e5rd", "Tom Bell")


@pytest.mark.slow
def test_whoever_is_named_in_any_way_of_writing_sees_the_same_as_without_the_case(
    tmp_path: Path, another_school: Any
) -> None:
    """Each concern names all but the one lead who reads it, in ways that are drawn anew each time."""
    ways = st.tuples(st.sampled_from(sorted(SPELLINGS)), st.sampled_from(FRAMES[:5]))
    with asyncio.Runner() as runner:
        school, ada, named = runner.run(_with_a_concern_for_all(another_school(tmp_path)))
        roster = [Reader(LeadId(one.lead.id), one.lead.name, "lead", "") for one in (ada, *named)]
        without = runner.run(_seen_by(school, named))

        @settings(max_examples=25, deadline=None)
        @given(st.lists(ways, min_size=len(NAMED), max_size=len(NAMED)))
        def nothing_is_seen(drawn: list[tuple[str, str]]) -> None:
            surnames = (name.split(maxsplit=1)[1] for name in NAMED)
            words = [frame.format(SPELLINGS[how](one)) for one, (how, frame) in zip(surnames, drawn, strict=True)]
            route = readers(roster, "no", (), False, ["\n".join(words)])  # noqa: FBT003 - as the draft has it
            assert route.rungs == ((ada.lead.id,),), words
            changes = {"withheld": route.withheld, "urgency": "immediate"}
            runner.run(school.send((ada,), chat=school.updates, **changes))
            assert runner.run(_seen_by(school, named)) == without

        nothing_is_seen()
        assert runner.run(school.store.desk.queues.page(ada)).total > 1
        runner.run(school.store.close())


async def _with_a_concern_for_all(school: Any) -> tuple[Any, Any, list[Any]]:
    """A school whose leads share one concern, which somebody has taken up, so that its ladder is at rest."""
    await school.open()
    ada = await school.join("Ada Byron", chat=500)
    named = [await school.join(name, chat=501 + place) for place, name in enumerate(NAMED)]
    await school.send((ada, *named), chat=3)
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Acknowledge())
    await _told(school)
    return school, ada, named


async def _seen_by(school: Any, leads: list[Any]) -> bytes:
    """Every queue, every count and every notice of `leads`, as bytes."""
    seen: list[Any] = []
    for lead in leads:
        seen.append(await school.store.desk.queues.brief(lead, school.now + timedelta(hours=8)))
        which = ("open", "new", "unread", "mine", "overdue", "closed")
        seen += [await school.store.desk.queues.page(lead, one) for one in which]
    ids = {lead.lead.id for lead in leads}
    school.later(hours=5)  # every rung's time has come
    seen += [notice for notice in await _told(school) if notice.lead in ids]
    school.later(hours=-5)
    return repr(seen).encode()


async def _told(school: Any) -> list[Any]:
    told = []
    while notice := await school.store.outbox.next():
        told.append(notice)
        await school.store.outbox.done(notice)
    return told


async def test_if_nobody_remains_nothing_is_sealed(school: Any) -> None:
    ada = await school.join("Ada Byron")
    for changes in ({"excluded": (ada.lead.id,)}, {"rungs": ((LeadId("unknown"),),)}, {"withheld": (ada.lead.id,)}):
        with pytest.raises(NoReaders):
            await school.send((ada,), **changes)
    assert (await school.store.desk.queues.page(ada)).total == 0
    assert (await school.store.watch.verify()).cases == 0


async def test_a_role_that_does_not_read_gets_no_wrap(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    max_ = await school.join("Max Manager", "manager", chat=501)
    sent = await school.send((ada, max_))
    assert (await school.store.desk.queues.page(max_)).total == 0
    with pytest.raises(NoSuchCase):
        await school.store.desk.open_case(max_, school.arrival(501), sent.talk.found.case)


async def test_a_disabled_lead_gets_no_wrap_of_new_cases(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    bea = await school.join("Bea Potter", chat=501)
    await school.store.leads.team.disable(bea.lead.id)
    sent = await school.send((ada, bea))
    view = await school.store.desk.open_case(ada, school.arrival(500), sent.talk.found.case)
    assert [card.name for card in view.recipients] == ["Ada Byron"]
