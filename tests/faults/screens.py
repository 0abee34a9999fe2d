"""Reporters and leads at their screens, restarts in mid-press and redelivery, beside a model of what they were told.

Everything goes through the real web chat, the real handlers and a real store; `machine.py` does the same below the
screens, where more can be reached in less time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from bot.webchat.base.faults import Delivery
from flows.values.ids import Role
from storage.database import instrumentation
from storage.database.instrumentation import Point
from storage.database.schema.cases import cases
from storage.reporters.session import TalkSession
from storage.values import Address, Arrival
from tests.faults.people import Reporter
from tests.faults.promises import texts_of
from tests.handlers.desk.house import ELMFIELD, HOME, PASSPHRASE, House, Lead
from tests.live import take_live
from tests.newest import Engine, copy_laid, lasting_folder
from tests.postgres import drop_below
from tests.raw_database import count_rows, fetch

_T = TypeVar("_T")
LEADS: dict[str, Role] = {"Ms Khan": "lead", "Mr Bell": "deputy"}
#: Which of those that there are; counted round.
ANY = st.integers(0, 5)
#: Where Hark ends in the middle of a press, if the press comes there.
CUTS: st.SearchStrategy[Point | None] = st.sampled_from(
    [None, None, "hush.done", "send.sealed", "commit.done", "send.kept", "deed.kept", "say.accepted"]
)
SAID: st.SearchStrategy[Point | None] = st.sampled_from([None, None, "append.sealed", "append.kept", "say.accepted"])


@cache
def joined(engine: Engine) -> tuple[Path, dict[str, tuple[str, int]]]:
    """A live school whose leads have joined, made once and copied for each run; and their factors."""
    where = lasting_folder("hark-screens-")

    async def join() -> dict[str, tuple[str, int]]:
        house = House(where, engine=engine)
        await house.start()
        leads = [await house.lead(name, role) for name, role in LEADS.items()]
        await take_live(house.store, {HOME: ELMFIELD})
        await house.close()
        return {lead.name: (lead.secret, lead.used) for lead in leads}

    return where, asyncio.run(join())


@dataclass
class Told:
    """One concern as its people know it. `perhaps`: a lead sent it, and was told nothing of what became of it."""

    reporter: Reporter
    reference: str = ""
    owner: str | None = None
    said: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    perhaps: set[str] = field(default_factory=set)


class Screens(RuleBasedStateMachine):
    """Every rule is something that a person does, or that befalls Hark; what the screens say makes the model."""

    #: Over all runs: how often Hark began again or heard something twice, and how many concerns there were.
    injected: ClassVar[int] = 0
    accepted: ClassVar[int] = 0
    engine: ClassVar[Engine] = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = TemporaryDirectory(prefix="hark-screens-")
        first, factors = joined(self.engine)
        where = self.run(copy_laid(first, Path(self.folder.name), self.engine))
        self.house = House(where, engine=self.engine)
        self.house.clock.pass_(minutes=5)
        self.run(self.house.start())
        self.leads = {name: Lead(name, self.tab(), self.house, *factors[name]) for name in LEADS}
        self.writing: list[Reporter] = []
        self.told: list[Told] = []
        self.unlocked: set[str] = set()
        self.texts = 0

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self.loop.run(work)

    def tab(self) -> Any:
        return self.run(self.house.tab())

    def text(self, kind: str) -> str:
        self.texts += 1
        return f"{kind} number {self.texts}."

    # Reporters

    @initialize(
        sent=st.sampled_from(["send.kept", "say.accepted"]),
        added=SAID,
        answered=CUTS,
        again=st.sampled_from([0.0, 0.01]),
    )
    def one_of_two_sends_and_is_answered(
        self, sent: Point | None, added: Point | None, answered: Point | None, again: float | None
    ) -> None:
        """So that each run has something to lose."""
        self.the_messenger_delivers_otherwise(again, twice=False)
        self.somebody_comes()
        self.somebody_comes()
        self.run(self.writing[0].to_the_readers())
        self.she_goes_on(0, 1, sent)
        self.she_comes_back(0)
        self.she_says_more(0, added)
        self.a_lead_unlocks("Ms Khan")
        self.a_lead_takes_a_case("Ms Khan", 0)
        self.a_lead_answers("Ms Khan", 0, answered)

    @rule()
    def somebody_comes(self) -> None:
        if len(self.writing) < 2:
            self.writing.append(Reporter(self.tab(), self.text("They took my bag,")))

    @precondition(lambda self: self.writing)
    @rule(who=ANY, presses=st.sampled_from([1, 4, 20]), cut=CUTS)
    def she_goes_on(self, who: int, presses: int, cut: Point | None) -> None:
        """Press on, to the words at most; where it is cut, Hark ends in the middle of the last press."""
        reporter = self.writing[who % len(self.writing)]
        for left in range(presses, 0, -1):
            self.run(self._cut(reporter.step(), cut if left == 1 else None))
            if reporter.look():
                self._sent(reporter)
                return

    async def _cut(self, pressing: Coroutine[Any, Any, object], cut: Point | None) -> None:
        """Press, and let Hark end where the press comes to `cut`; it begins again, and hears of the press again."""
        doing = asyncio.create_task(pressing)
        if cut is not None:
            there = asyncio.Event()

            def reached(point: Point) -> None:
                if point == cut:
                    self.house._fetching.cancel()  # at its next await, as sharp as it gets within one process
                    there.set()

            instrumentation.arm(reached)
            waiting = asyncio.create_task(there.wait())
            await asyncio.wait({doing, waiting}, return_when=asyncio.FIRST_COMPLETED)
            instrumentation.arm(None)
            waiting.cancel()
            await self._begins_again()
        await doing

    def _sent(self, reporter: Reporter) -> None:
        self.writing.remove(reporter)
        known = {case.reference for case in self.told}
        found = self.run(fetch(self.house.url, select(cases.c.reference)))
        [reference] = {row.reference for row in found} - known
        self.told.append(Told(reporter, reference))
        Screens.accepted += 1

    @precondition(lambda self: self.told)
    @rule(which=ANY, cut=SAID)
    def she_says_more(self, which: int, cut: Point | None) -> None:
        """She is always told what became of it: what was taken is in the case, and all else is not."""
        case, text = self.told[which % len(self.told)], self.text("And then,")
        self.house.clock.pass_(seconds=2)  # as long as it takes to write; who hurries hears later what became of it
        taken: list[bool] = []

        async def adds() -> None:
            taken.append(await case.reporter.adds(text))

        self.run(self._cut(adds(), cut))
        if taken[0]:
            case.said.append(text)

    @precondition(lambda self: self.told)
    @rule(which=ANY)
    def she_comes_back(self, which: int) -> None:
        """With her words: every answer is there."""
        case = self.told[which % len(self.told)]
        self.run(case.reporter.comes_back())
        for text in case.replies:
            self.run(case.reporter.person.wait_to_see(text))

    # Leads

    @rule(name=st.sampled_from(sorted(LEADS)))
    def a_lead_unlocks(self, name: str) -> None:
        lead = self.leads[name]
        self.run(lead.unlocks())
        self.run(lead.tab.wait_to_see("Your desk is open"))
        self.unlocked.add(name)

    @precondition(lambda self: self.told)
    @rule(name=st.sampled_from(sorted(LEADS)), which=ANY)
    def a_lead_takes_a_case(self, name: str, which: int) -> None:
        """Whoever takes it has read it, and is its owner; where the desk is locked nothing happens."""
        lead, case = self.leads[name], self.told[which % len(self.told)]
        self.run(self._opens(lead, case))
        if name in self.unlocked:
            self.run(self._reads(lead, case))
            assert lead.tab.sees(case.reporter.words), lead.tab.screen()
            case.owner = name
        self.run(lead.says("/claim"))

    @precondition(lambda self: self.told and self.unlocked)
    @rule(name=st.sampled_from(sorted(LEADS)), which=ANY, cut=CUTS)
    def a_lead_answers(self, name: str, which: int, cut: Point | None) -> None:
        """What she was told of can be read; where it is cut, Hark ends in the middle, and it is there or it is not."""
        if name not in self.unlocked:
            return
        lead, case, text = self.leads[name], self.told[which % len(self.told)], self.text("Come to me,")
        self.run(self._opens(lead, case))
        self.run(lead.says(text))
        self.run(lead.taps("Reply to reporter"))
        before = {(one.id, one.text) for one in lead.tab.heard}
        self.run(self._cut(lead.taps("Send"), cut))
        new = [one.text for one in lead.tab.heard if (one.id, one.text) not in before]
        if cut is None or any("reads it when they come back" in text for text in new):
            case.replies.append(text)
        else:
            case.perhaps.add(text)

    async def _opens(self, lead: Lead, case: Told) -> None:
        """Whoever is told only after others says why, once a session."""
        await lead.says(f"/case_{case.reference}")
        if "Why do you open it?" in lead.words:
            await lead.taps("I stand in for a colleague")

    async def _reads(self, lead: Lead, case: Told) -> None:
        """What was read before is behind her: the words open where the unread ones begin."""
        await lead.taps("Read the words")
        while not lead.tab.sees(case.reporter.words) and "Page back" in lead.tab.buttons:
            await lead.taps("Page back")

    # What goes wrong

    @rule()
    def hark_ends_and_begins_again(self) -> None:
        self.run(self._begins_again())

    async def _begins_again(self) -> None:
        """Wherever it is just now, with nothing left but the files."""
        Screens.injected += 1
        self.unlocked.clear()
        await self.house.restart()

    @rule(again=st.sampled_from([None, 0.0, 0.02]), twice=st.booleans())
    def the_messenger_delivers_otherwise(self, again: float | None, twice: bool) -> None:  # noqa: FBT001 - drawn
        """From now on everything comes again, or each tap comes twice; or neither."""
        self._count()
        self.house.chat.faults.delivery = Delivery(again=again, twice=twice)

    def _count(self) -> None:
        Screens.injected += sum(self.house.chat.faults.delivery.times.values())

    # What always holds

    @invariant()
    def there_is_a_case_for_each_receipt_and_no_other(self) -> None:
        assert self.run(count_rows(self.house.url, cases)) == len(self.told)

    def teardown(self) -> None:
        """Every case is opened by a lead and by its words, and holds what was told, each thing once."""
        try:
            self.run(self._check())
        finally:
            self._count()
            self.run(self.house.close())
            self.run(drop_below(self.house.where))
            self.loop.close()
            self.folder.cleanup()

    async def _check(self) -> None:
        async with asyncio.timeout(10):
            while len(self.house.chat._door.updates):  # noqa: ASYNC110 - what comes again tells nobody
                await asyncio.sleep(0.01)
        store, lead = self.house.store, self.leads["Ms Khan"]
        at = Arrival(Address("web", 1), 1)
        session = await store.leads.unlock(at, lead.name, PASSPHRASE, lead.code())
        rows = {row.reference: row for row in (await store.desk.queues.page(session, limit=50)).rows}
        assert set(rows) == {case.reference for case in self.told}
        for number, case in enumerate(self.told, 2):
            row = rows[case.reference]
            assert (row.owner and row.owner.name) == case.owner
            view = await store.desk.open_case(session, Arrival(at.address, number), row.id, "to see what was kept")
            texts = [text for entry in view.entries for text in texts_of(entry)]
            sure = sorted(text for text in texts if text not in case.perhaps)
            assert sure == sorted([case.reporter.words, *case.said, *case.replies])
            assert len(texts) == len(set(texts))
            opened = await store.talks.open(Arrival(Address("web", number), 10_000 + number), case.reporter.receipt)
            assert isinstance(opened, TalkSession)
        assert await store.pending_answers.pending() == ()
