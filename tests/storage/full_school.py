"""A school with something in every table, as Hark wrote it, and as it was a while before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from flows.duty.rota import Rota
from flows.measures.terms import CALENDAR
from flows.together.evaluation import Evaluation
from flows.values.deeds import AddFile
from flows.values.ids import LeadId
from storage.deeds.ownership import Claim
from storage.desk.partnership.together.board import Entry
from storage.desk.partnership.together.board import _sign as signature
from storage.leads.sign_in.passkeys.passkey_rows import Passkey, passkey_rows, passkeys_name, read_passkeys
from storage.sealing.passkeys.wraps import PasskeyWrap
from storage.values import Address
from storage.values.errors import Refusal
from storage.values.shares import Answer
from tests.raw_database import Rows, read_tables, write_tables
from tests.storage.conftest import SITE, School
from tests.storage.test_chats import a_draft
from tests.storage.test_shares import sharing

TERM = CALENDAR.term_of(date(2026, 11, 23))


@dataclass
class Written:
    """A school with something in every table, now and a while before; and what its people know."""

    school: School
    leads: list[Any]
    talk: Any
    code: str
    words: Any
    files: list[int]  # the entries that tell of one
    shared: Any  # a case that is not opened by what looks for changes: that would take answers in
    before: Rows = field(default_factory=dict)
    now: Rows = field(default_factory=dict)

    async def read(self) -> Rows:
        return await read_tables(self.school.url)

    async def write(self, rows: Rows) -> bool:
        return await write_tables(self.school.url, rows)

    async def finds(self) -> bool:
        """Whether what is done at each start, every minute, or at the next look at it notices something."""
        store, school = self.school.store, self.school
        ada, bea, *_ = self.leads
        for lead in self.leads:
            lead.case_keys.clear()
            lead.proved.clear()
        before, case = store.tampered, self.talk.found.case
        store.drafts._draft_cache._drafts.clear()
        looks = (
            store.watch.verify,
            store.recheck.look,
            store.kept_notices.look,
            store.leads.last_chats.all,
            *(partial(store.desk.queues.page, lead) for lead in self.leads),
            lambda: store.desk.open_case(ada, school.arrival(500), case),
            *(partial(store.desk.files.show, ada, case, number, blurred=False) for number in self.files),
            lambda: store.desk.handing.offered(bea),
            lambda: store.talks.view(self.talk),
            lambda: store.desk.shares.read(ada, self.shared),
            lambda: store.together.goals.listed(ada),
            lambda: store.together.thanks.waiting(ada),
            lambda: store.leads.invites.describe(self.code),
            lambda: store.rota.read(SITE),
            store.pending_answers.pending,
            store.letterbox.pending,
            lambda: store.sent_messages.ids(Address("web", 1)),
            lambda: store.drafts.get(Address("web", 7)),
            lambda: store.outbox._reporter(self.now["return_addresses"][0]["id"]),
            lambda: store.talks._sending._sources.read(Address("web", 1)),
        )
        for look in looks:
            with suppress(Refusal):
                await look()
            if store.tampered > before:
                return True
        return False


async def write_everything(school: School) -> Written:  # noqa: PLR0915 - one thing for each table
    """Put something into every table, then change it, so that there is a state of before."""
    leads = [await school.join(name, role, 500 + n) for n, (name, role) in enumerate(_LEADS.items())]
    ada, bea, store = leads[0], leads[1], school.store
    sent = await school.send((ada,), (bea,), urgency="immediate")
    other = (await school.send((ada,), (bea,), chat=9)).talk.found.case
    invite = await store.leads.invites.draw("Zoe", "auditor", SITE)
    of = Written(school, leads, sent.talk, invite.code, sent.words, [], other)
    kept = await store.drafts.keep(school.arrival(7, 70), a_draft(school), "[step]", None)
    await store.rota.put(ada, school.arrival(500), SITE, Rota("Europe/London", (frozenset({ada.lead.id}),) * 7))
    await store.live.ask(ada, school.arrival(500), live=True, telegram="desk")
    first = await store.pagers.ask(ada, school.arrival(500), "old@example.org")
    await store.desk.grants.begin(ada, school.arrival(500), bea.lead.id, "open", "She came later.")
    await store.channels.tried(ada.lead.id, "telegram", taken=True)
    await store.kept_notices.look()
    await store.quarantine.keep("telegram", {"update_id": 1})
    await store.talks.notice(school.arrival(1), sent.talk, on=True)
    row = next(row for row in (await store.desk.queues.page(ada)).rows if row.id == sent.talk.found.case)
    row = await store.desk.act(ada, school.arrival(500), row.id, row.version, Claim())
    await store.desk.handing.offer(ada, school.arrival(500), bea.lead.id)
    await store.sent_messages.remember(Address("web", 1), (11, 12))
    await store.sent_messages.ids(Address("web", 1))
    shared = await _shared(school, ada, of.shared)
    goal = await _goal(school, ada)
    await store.together.thanks.say(bea, school.arrival(501), ada.lead.id, "Thank you.")
    await store.together.checkins.say(ada, school.arrival(500), school.now.date(), "on_track")
    await store.together.evaluations.give(ada, school.arrival(500), Evaluation((5,) * 6), TERM)
    await _put_board(store, ada, bea)
    await _put_passkeys(store, ada.lead.id, (A_PASSKEY,))
    await _says_how_it_was(school, sent.words, "C24")
    await store.talks.add(school.arrival(1), sent.talk, [AddFile("pdf", b"%PDF-old")], school.clocks)
    of.before = await _swept(of)
    # And a while later.
    await _accepted(of, *shared)
    await store.desk.handing.answer(bea, school.arrival(501), ada.lead.id, accepted=False)
    await store.talks.add(school.arrival(1), sent.talk, [AddFile("pdf", b"%PDF-new")], school.clocks)
    await school.say(sent.talk, "and there is more")
    await school.reads(ada, sent.talk.found.case)
    await store.talks.notice(school.arrival(1), sent.talk, on=True)
    await store.drafts.keep(school.arrival(7, 71), a_draft(school, "other words"), "[step]", kept)
    await store.rota.put(ada, school.arrival(500), SITE, Rota("Europe/London", (frozenset({bea.lead.id}),) * 7))
    await store.live.ask(ada, school.arrival(500), live=True, telegram="pager")
    await store.channels.tried(ada.lead.id, "telegram", taken=False)
    await store.desk.grants.begin(ada, school.arrival(500), bea.lead.id, "all", "She came later.")
    await store.pagers.confirm(ada, school.arrival(500), first)
    await store.leads.team.disable(LeadId(leads[3].lead.id))
    of.leads[0] = ada = await school.unlock("Ada")
    await school.send((ada,), chat=1)
    of.talk = await store.talks.open(school.arrival(1), sent.words)
    row = next(row for row in (await store.desk.queues.page(ada)).rows if row.id == of.shared)
    await store.desk.act(ada, school.arrival(500), row.id, row.version, Claim())
    await store.desk.handing.offer(ada, school.arrival(500), bea.lead.id, row.reference)
    await _goal(school, ada, goal)
    await store.together.thanks.say(bea, school.arrival(501), ada.lead.id, "Thank you again.")
    await store.together.checkins.say(ada, school.arrival(500), school.now.date(), "not_now")
    await store.together.evaluations.give(bea, school.arrival(501), Evaluation((1,) * 6), TERM)
    await _put_board(store, ada, bea)
    await _put_passkeys(store, ada.lead.id, (A_PASSKEY, replace(A_PASSKEY, count=7)))
    await _says_how_it_was(school, sent.words, "C24a")
    view = await school.reads(ada, of.talk.found.case)
    of.files = [one.number for one in view.entries if one.kind == "file"]
    of.now = await _swept(of)
    assert not await of.finds()
    of.now = await of.read()
    return of


A_PASSKEY = Passkey(PasskeyWrap("", b"credential", 1, bytes(16), b"wrapped"), b"public", 0, "2026-11-24")


async def _swept(of: Written) -> Rows:
    """All tables once the names are in the index, and what has had its time is gone."""
    await of.school.store.desk.names.index(of.leads[0])
    await of.school.store.watch.sweep()
    return await of.read()


async def _says_how_it_was(school: School, words: str, question: Any) -> None:
    """Something for the box that was said two days ago, and is in it; and something that is on its way."""
    store, term = school.store, date(2026, 9, 1)
    for days, occasion in ((-2, "answered"), (0, "closed")):
        school.later(days=days)
        talk = await store.talks.open(school.arrival(60), words)
        await store.letterbox.offer(talk, occasion, term)
        assert await store.letterbox.put(school.arrival(60), talk, [(question, "no")])
        store.talks.leave(talk.address)
        school.later(days=-days)
    assert await store.postman.look()


async def _shared(school: School, lead: Any, case: Any) -> tuple[Any, Any]:
    """A partner, and what was shared with her, opened and not taken into the case yet."""
    fay = await school.join("Fay", "partner", 510)
    await school.reads(lead, case)
    await school.store.desk.act(lead, school.arrival(500), case, None, sharing(school, fay))
    [share] = [one.id for one in await school.store.shares.listed(fay)]
    await school.store.shares.open(fay, school.arrival(510), share)
    return fay, share


async def _goal(school: School, lead: Any, goal: str = "") -> str:
    """A goal; or one that has come a step further."""
    goals, arrival = school.store.together.goals, school.arrival(500)
    if goal:
        await goals.write(lead, arrival, goal, {"kind": "step", "step": 2})
        return goal
    return str(await goals.begin(lead, arrival, "A corner", "We ask", lead.lead.id, school.now.date()))


async def _accepted(of: Written, partner: Any, share: Any) -> None:
    """That it was opened is taken into the case, and that she takes it on waits."""
    school = of.school
    await school.store.desk.open_case(of.leads[0], school.arrival(500), of.shared)
    await school.store.shares.answer(partner, school.arrival(510), share, Answer("accepted"))


async def _put_passkeys(store: Any, lead: LeadId, listed: tuple[Passkey, ...]) -> None:
    """Keep passkeys as they are kept once a browser's answer was checked."""
    before = await read_passkeys(store._core, lead)
    await store._core.commit(*passkey_rows(store._core, before, listed))
    store._core.register.note_floor(passkeys_name(lead), before.version + 1)


async def _put_board(store: Any, *both: Any) -> None:
    """Have something stand on the board as it stands once a second lead has said yes."""
    words = ("It is dark", "There is light")
    signed = [signature(one, part, *words) for one, part in zip(both, ("drafted", "approved"), strict=True)]
    day, leads = "2026-11-24", [one.lead.id for one in both]
    entry = Entry("0" * 16, *words, day, *leads, (signed[0], signed[1]))
    row, version, entries = store.together.board._row(SITE, (entry, *store.together.board.standing.get(SITE, ())))
    await store._core.commit(row)
    store.together.board._note(SITE, version, entries)


_LEADS: dict[str, Any] = {"Ada": "lead", "Bea": "deputy", "Cleo": "head", "Dora": "chair"}
