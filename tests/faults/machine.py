"""Reporters, leads, restarts, redelivery and conflicts in any order, on a real store, beside a simple model of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from flows.values.deeds import AddMessage, Answered
from flows.values.draft import Wrote
from flows.values.ids import LeadId, Role
from flows.values.text import Text
from storage.database.schema.cases import cases
from storage.database.schema.sites import audit
from storage.deeds.readers.admit import Admit
from storage.leads.sign_in.session import LeadSession
from storage.reporters.session import TalkSession
from storage.values import Address, Arrival, CaseRow, LeadCard
from storage.values.errors import AlreadySeen, Conflict, NoSuchCase, NotOffered, Refusal, SessionOver, Stale
from tests.faults import deeds
from tests.faults.model import Case, Model
from tests.faults.promises import texts_of
from tests.newest import Engine, copy_laid, lasting_folder
from tests.postgres import drop_below
from tests.raw_database import count_rows
from tests.storage.conftest import School
from tests.storage.test_chats import a_draft

_T = TypeVar("_T")
LEADS: dict[str, Role] = {"Ada Byron": "lead", "Bea Potter": "deputy", "Cal Stone": "head", "Dee Lund": "chair"}
NAMES = st.sampled_from(sorted(LEADS))
CHATS = st.integers(1, 3)
STALE = st.sampled_from([False, False, False, True])


@cache
def joined(engine: Engine) -> School:
    """A school whose leads have joined, made once and copied for each run."""
    school = School(lasting_folder("hark-machine-"), engine=engine)

    async def join() -> None:
        await school.open()
        for number, (name, role) in enumerate(LEADS.items()):
            await school.join(name, role, chat=500 + number)
        await school.store.close()

    asyncio.run(join())
    return school


class Desks(RuleBasedStateMachine):
    """Every rule acts on the store and on the model; the invariants compare them."""

    #: Over all runs: what was done that might have broken something, and how many cases there were.
    injected: ClassVar[int] = 0
    accepted: ClassVar[int] = 0
    engine: ClassVar[Engine] = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = TemporaryDirectory(prefix="hark-machine-")
        first = joined(self.engine)
        where = self.run(copy_laid(first.folder, Path(self.folder.name), self.engine))
        self.school = replace(first, folder=where, secrets=dict(first.secrets))
        self.model = Model()
        self.sessions: dict[str, LeadSession] = {}
        self.talks: dict[int, tuple[TalkSession, Case]] = {}
        self.done: list[Callable[[], Awaitable[object]]] = []
        self.texts = 0
        self.quiet = 0
        self.run(self.school.open())
        self.cards: dict[str, LeadCard] = {card.name: card for card in self.run(self.store.leads.roster())}

    @property
    def store(self) -> Any:
        return self.school.store

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self.loop.run(work)

    def text(self, kind: str) -> str:
        self.texts += 1
        return f"{kind} number {self.texts}"

    # Reporters

    @rule(chat=CHATS, readers=st.sets(NAMES, min_size=1), named=st.sets(NAMES), tapped=st.sampled_from([1, 1, 2]))
    def a_concern_is_sent(self, chat: int, readers: set[str], named: set[str], tapped: int) -> None:
        """By one tap, or by two at once from the same draft; it is kept from some whom it names."""
        words = self.text("concern")
        deed = self.school.concern(
            tuple(_Reader(self.cards[name]) for name in sorted(readers)),  # type: ignore[arg-type]  # it asks for `lead` alone
            answers=(Answered("tell", Text("Tell us what is worrying you."), Wrote((words,))),),
            excluded=tuple(LeadId(self.cards[name].id) for name in LEADS if name not in readers | named),
            withheld=tuple(LeadId(self.cards[name].id) for name in sorted(named - readers)),
        )
        kept = self.run(self._draft(chat, words))
        arrivals = [self.school.arrival(chat) for _ in range(tapped)]
        sends = [lambda at=at: self.store.talks.send(at, deed, kept, self.school.clocks) for at in arrivals]
        ended = self.run(_all_of(sends))
        [sent] = [one for one in ended if not isinstance(one, BaseException)]
        assert all(isinstance(one, Conflict) for one in ended if one is not sent), ended
        case = Case(sent.talk.found.case, sent.words, words, frozenset(readers), frozenset(named - readers))
        assert case.id not in self.model.cases
        self.model.cases[case.id] = case
        self.talks[chat] = (sent.talk, case)
        self.done += [send for send, one in zip(sends, ended, strict=True) if one is sent]
        type(self).accepted += 1
        type(self).injected += tapped - 1

    async def _draft(self, chat: int, words: str) -> Any:
        old = await self.store.drafts.get(Address("web", chat))
        return await self.store.drafts.keep(self.school.arrival(chat), a_draft(self.school, words), "[step]", old)

    @precondition(lambda self: self.talks)
    @rule(chat=CHATS, again=st.booleans())
    def a_reporter_says_more(self, chat: int, again: bool) -> None:  # noqa: FBT001 - drawn
        """In an open talk; where none is open any more, nothing is kept. The messenger may deliver it twice."""
        if chat not in self.talks:
            return
        (talk, case), text, arrival = self.talks[chat], self.text("message"), self.school.arrival(chat)
        still_open = self.store.talks.at(talk.address) is talk

        def say() -> Awaitable[object]:
            return self.store.talks.add(arrival, talk, [AddMessage(text, None, ())], self.school.clocks)

        if not still_open:
            self._refused(say, SessionOver)
            return
        self.run(_one(say))
        case.heard(text)
        self.done.append(say)
        if again:
            self._refused(say, AlreadySeen)

    @precondition(lambda self: self.model.cases)
    @rule(chat=CHATS, data=st.data())
    def a_reporter_comes_back(self, chat: int, data: st.DataObject) -> None:
        """With the receipt, at any chat: sees the status and every answer, each once."""
        case = self._a_case(data)
        talk = self.run(self.store.talks.open(self.school.arrival(chat), case.receipt))
        assert isinstance(talk, TalkSession)
        assert talk.found.case == case.id
        shown = self.run(self.store.talks.view(talk))
        assert shown.status == case.status
        assert [reply.text for reply in shown.replies] == case.replies
        assert [card.name for card in shown.let_in] == case.let_in
        self.talks[chat] = (talk, case)

    # Leads

    @precondition(lambda self: self._locked())
    @rule(data=st.data())
    def a_lead_unlocks(self, data: st.DataObject) -> None:
        self.unlock(data.draw(st.sampled_from(self._locked())))

    def _locked(self) -> list[str]:
        live = {name for name, one in self.sessions.items() if self.store.leads.sessions.at(one.address) is one}
        return sorted(set(LEADS) - live)

    def unlock(self, name: str) -> None:
        number = sorted(LEADS).index(name)
        self.sessions[name] = self.run(self.school.unlock(name, 500 + number))

    @precondition(lambda self: self.sessions and self.model.cases)
    @rule(
        name=NAMES,
        deed=st.sampled_from(deeds.DEEDS),
        stale=st.sampled_from([False, False, False, True]),
        data=st.data(),
    )
    def a_lead_acts(self, name: str, deed: str, stale: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
        """On any case, with the version that was shown or an older one; who is no reader never finds it."""
        session, case = self.sessions.get(name), self._a_case(data)
        if session is None:
            return
        text, arrival = self.text(deed), self.school.arrival(session.address.chat_id)
        if self.store.leads.sessions.at(session.address) is not session:
            self._refused(lambda: self._do(session, arrival, case, deed, text, 1), SessionOver)
        elif name not in case.readers:
            self._refused(lambda: self._do(session, arrival, case, deed, text, 1), NoSuchCase)
            self._refused(lambda: self.store.desk.open_case(session, arrival, case.id), NoSuchCase)
        else:
            self._acts(session, arrival, case, deed, text, stale=stale)

    def _acts(self, session: LeadSession, arrival: Arrival, case: Case, deed: str, text: str, *, stale: bool) -> None:
        opened = self.run(self.school.reads(session, case.id))
        version = opened.row.version - (1 if stale else 0)

        def act() -> Awaitable[object]:
            return self._do(session, arrival, case, deed, text, version)

        if stale:
            self._refused(act, Stale)
        elif not deeds.fits(case, deed):
            self._refused(act, NotOffered)
        else:
            row = self.run(_one(act))
            deeds.note(case, session.lead.name, deed, text)
            assert isinstance(row, CaseRow)
            assert (row.status, row.owner and row.owner.name) == (case.status, case.owner)
            self.done.append(act)

    def _do(
        self, session: LeadSession, at: Arrival, case: Case, deed: str, text: str, version: int
    ) -> Awaitable[object]:
        return deeds.do(self.store, session, at, case, version, deed, text, self.school.clocks)

    @precondition(lambda self: self._readable())
    @rule(data=st.data())
    def a_lead_lets_somebody_in(self, data: st.DataObject) -> None:
        """Only whom the words alone kept out: once, however often it is delivered."""
        session, case = data.draw(st.sampled_from(self._readable()))
        whom = data.draw(st.sampled_from([*sorted(case.withheld), *sorted(LEADS)]))
        version = self.run(self.school.reads(session, case.id)).row.version
        arrival, to = self.school.arrival(session.address.chat_id), LeadId(self.cards[whom].id)

        def admit() -> Awaitable[object]:
            return self.store.desk.act(session, arrival, case.id, version, Admit(to=to, reason="somebody else"))

        if whom in case.withheld:
            self.run(_one(admit))
            case.admit(whom)
            self.done.append(admit)
        else:
            self._refused(admit, NotOffered)

    def _readable(self) -> list[tuple[LeadSession, Case]]:
        """Who has an open desk, with each case that it shows."""
        at_desk = [one for one in self.sessions.values() if self.store.leads.sessions.at(one.address) is one]
        return [(one, case) for one in at_desk for case in self.model.readable_by(one.lead.name).values()]

    # What goes wrong

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def an_update_comes_again(self, data: st.DataObject) -> None:
        """Whatever it was, it is refused, and nothing changes."""
        again = data.draw(st.sampled_from(self.done))
        self._refused(again, AlreadySeen, SessionOver, Stale, Conflict, NoSuchCase)

    @precondition(lambda self: self.quiet >= 3)  # so that a run is not full of restarts
    @rule()
    def hark_ends_and_begins_again(self) -> None:
        """Memory is gone, files stay."""
        self.quiet = 0
        self.run(self.store.close())
        self.run(self.school.open())
        type(self).injected += 1

    @precondition(lambda self: self.quiet >= 3)
    @rule(minutes=st.integers(1, 12))
    def time_goes_by(self, minutes: int) -> None:
        self.quiet = 0
        self.school.later(minutes=minutes)

    def _refused(self, act: Callable[[], Awaitable[object]], *kinds: type[Refusal]) -> None:
        type(self).injected += 1
        try:
            self.run(_one(act))
        except kinds:
            return
        raise AssertionError("it was taken")

    def _a_case(self, data: st.DataObject) -> Case:
        return self.model.cases[data.draw(st.sampled_from(list(self.model.cases)))]

    # What always holds

    @invariant()
    def every_lead_sees_her_cases_once_as_they_stand_and_no_other(self) -> None:
        for name, session in self.sessions.items():
            if self.store.leads.sessions.at(session.address) is session:
                seen = self.run(self._queues(session))
                due = {one: (case.status, case.owner) for one, case in self.model.readable_by(name).items()}
                assert len(seen) == len(due)
                assert {row.id: (row.status, row.owner and row.owner.name) for row in seen} == due

    @invariant()
    def nothing_lowers_the_number_of_cases_or_the_audit(self) -> None:
        audited = self.run(count_rows(self.school.url, audit))
        assert self.run(count_rows(self.school.url, cases)) == len(self.model.cases)
        assert audited >= self.model.audited
        self.model.audited = audited
        self.quiet += 1

    async def _queues(self, session: LeadSession) -> list[CaseRow]:
        pages = [await self.store.desk.queues.page(session, which, limit=50) for which in ("open", "closed")]
        assert not any(page.forged for page in pages)
        return [row for page in pages for row in page.rows]

    def teardown(self) -> None:
        """Every reader opens every case and finds what was said in it, and nothing was forged."""
        try:
            for name in LEADS:
                self.unlock(name)
                for case in self.model.readable_by(name).values():
                    self._reads_it_all(self.sessions[name], case)
            verified = self.run(self.store.watch.verify())
            assert (verified.cases, verified.forged, verified.audit) == (len(self.model.cases), 0, True)
        finally:
            self.run(self.store.close())
            self.run(drop_below(self.school.folder))
            self.loop.close()
            self.folder.cleanup()

    def _reads_it_all(self, session: LeadSession, case: Case) -> None:
        view = self.run(self.store.desk.open_case(session, self.school.arrival(session.address.chat_id), case.id))
        assert sorted(text for entry in view.entries for text in texts_of(entry)) == case.texts()


class _Reader:
    """Stands where a session would: a concern is sent to leads who are not there."""

    def __init__(self, lead: LeadCard) -> None:
        self.lead = lead


async def _one(act: Callable[[], Awaitable[_T]]) -> _T:
    return await act()


async def _all_of(acts: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
    return await asyncio.gather(*(act() for act in acts), return_exceptions=True)
