"""What reporters and leads do to cases, in any order, on a real store, beside who may know what."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from storage.values.errors import NoReaders, NoSuchCase, NotOffered, Refusal
from tests.access.knowledge import Case, Knowledge, Person
from tests.access.partner_world import PARTNERS, PartnerWorld
from tests.access.thief import Thief
from tests.access.twin import Step, copied
from tests.access.world import EVERYBODY, FOUNDERS
from tests.newest import Engine, lasting_folder
from tests.raw_database import Rows

_T = TypeVar("_T")
NAMES = st.sampled_from(EVERYBODY)
FEW = st.sets(NAMES, max_size=2)
ADULT = st.sampled_from(["no", "no", "yes", "not_sure"])


@cache
def begun(engine: Engine) -> PartnerWorld:
    """A school whose founders have joined, made once and copied for each run."""
    world = PartnerWorld(lasting_folder("hark-access-"), engine=engine)

    async def join() -> None:
        await world.open()
        await world.founds_recovery()
        for name, role in FOUNDERS.items():
            await world.founds(name, role)
        for name, agency in PARTNERS.items():
            await world.founds_partner(name, agency)
        await world.store.close()

    asyncio.run(join())
    return world


class Cases(RuleBasedStateMachine):
    """Every rule is a step of the world and of the model; the invariants compare them."""

    #: Over all runs: what was refused or put back, and how many steps were taken.
    injected: ClassVar[int] = 0
    accepted: ClassVar[int] = 0
    #: How often a desk was compared with that of a school that never had the case.
    compared: ClassVar[int] = 0
    engine: ClassVar[Engine] = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = TemporaryDirectory(prefix="hark-access-")
        self.world = self.run(copied(begun(self.engine), Path(self.folder.name)))
        self.model = Knowledge({name: Person(role) for name, role in FOUNDERS.items()})
        self.thief = Thief()
        self.copies: list[Rows] = []
        self.steps: list[Step] = []
        self.touched: set[int] = set()
        self.texts = self.sent = 0

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self.loop.run(work)

    def do(self, step: str, **given: Any) -> Any:
        """Do a step, and note it for the school that never had the case."""
        self.steps.append(Step(step, given, self.world.now))
        outcome = self.run(self.world.do(step, given))
        kind = type(self)
        kind.accepted += not isinstance(outcome, Refusal)
        kind.injected += isinstance(outcome, Refusal)
        if (number := given.get("case")) is not None:
            self.touched.add(number)
        return outcome

    def text(self, kind: str, named: set[str] = frozenset()) -> str:  # type: ignore[assignment]  # never changed
        self.texts += 1
        return " ".join([f"{kind} number {self.texts}.", *(f"It was {name}." for name in sorted(named))])

    def comes(self, name: str) -> bool:
        """Whether somebody is at her desk, who unlocks it for that unless she was suspended."""
        if name not in self.model.people or self.model.people[name].state == "out":
            return False
        if self.world.at_desk(name) is None:
            assert not isinstance(outcome := self.do("unlock", name=name), Refusal), outcome
        return True

    def after(self, number: int) -> set[str]:
        """Who has a case now."""
        return self.run(self.world.recipients(number))

    def a_case(self, data: st.DataObject) -> tuple[int, Case]:
        number = data.draw(st.sampled_from(sorted(self.model.cases)))
        return number, self.model.cases[number]

    def a_recipient(self, case: Case, data: st.DataObject) -> str:
        """Mostly one who may open it, and sometimes anybody."""
        may = sorted(name for name in case.recipients if self.model.people[name].opens)
        return data.draw(st.sampled_from([*may * 4, *EVERYBODY]))

    # Reporters

    @initialize(struck=FEW)
    def a_first_concern(self, struck: set[str]) -> None:
        """So that each run has something to know."""
        self.a_concern_is_sent(struck, set(), "no", unsure=False)

    @rule(struck=FEW, named=FEW, adult=ADULT, unsure=st.booleans())
    def a_concern_is_sent(self, struck: set[str], named: set[str], adult: str, *, unsure: bool) -> None:
        """For those to whom its route leads, whom the reporter did not strike out and did not name."""
        text, number = self.text("concern", named), self.sent + 1
        shown = tuple(sorted(struck & self.model.reading()))
        sent = self.do("sends", case=number, text=text, struck=shown, adult=adult, unsure=unsure)
        if isinstance(sent, NoReaders):
            return
        self.sent, (reading, withheld) = number, sent
        assert withheld <= named
        assert not reading & named or not reading - named, "whom the words name reads only where nobody else does"
        case = Case(unsure or adult != "no", reading, set(shown), withheld, set(named))
        self.model.sent(number, case, text)

    @precondition(lambda self: self.model.cases)
    @rule(named=FEW, data=st.data())
    def a_reporter_says_more(self, named: set[str], data: st.DataObject) -> None:
        """Whom it names is kept out by it."""
        number, case = self.a_case(data)
        said = self.do("says", case=number, text=(text := self.text("message", named)))
        assert not isinstance(said, Refusal), said
        self.model.said(case, text, named, self.after(number))

    # Leads at a case

    @precondition(lambda self: self.model.cases)
    @rule(whom=NAMES, blind=st.booleans(), data=st.data())
    def somebody_is_kept_out(self, whom: str, *, blind: bool, data: st.DataObject) -> None:
        number, case = self.a_case(data)
        by, text = self.a_recipient(case, data), self.text("reason")
        step = "taps" if blind else "acts"
        if self.comes(by) and whom in self.model.people:
            may = self.may_act(by, case) and self.model.may_exclude(case, by, whom)
            self.judged(self.do(step, case=number, by=by, deed="exclude", text=text, whom=whom), may=may)
            if may:
                self.model.excluded(case, by, whom, text, self.after(number))

    @precondition(lambda self: self.model.cases)
    @rule(deed=st.sampled_from(["lift", "admit", "grant"]), both=st.booleans(), data=st.data())
    def somebody_is_let_in(self, deed: str, *, both: bool, data: st.DataObject) -> None:
        """By one, or by two where it takes two; by one twice is by one."""
        number, case = self.a_case(data)
        out = {"lift": case.kept_out, "admit": case.withheld, "grant": self.model.reading() - case.recipients}[deed]
        whom = data.draw(st.sampled_from([*sorted(out) * 4, *sorted(self.model.people)]))
        by = self.a_recipient(case, data)
        others = sorted(self.model.having(case) - {by})
        for one in [by, data.draw(st.sampled_from(others))] if both and others else [by, by]:
            if not self.comes(one):
                return
            allowed = {"lift": self.model.may_lift, "admit": self.model.may_admit, "grant": self.model.may_grant}[deed]
            may, text = self.may_act(one, case) and allowed(case, whom), self.text("reason")
            self.judged(self.do("acts", case=number, by=one, deed=deed, text=text, whom=whom), may=may)
            if may:
                if (deed != "lift" and not case.two) or self.model.second(case, deed, one, whom):
                    self.model.let_in(case, deed, one, whom)
                case.says(text, "desk")
                assert self.after(number) == case.recipients

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data())
    def somebody_is_called_up(self, data: st.DataObject) -> None:
        """Where fewer than two read a case."""
        number, case = self.a_case(data)
        by, missing = self.a_recipient(case, data), 2 - len(self.model.having(case))
        if self.comes(by):
            there = self.model.reading() - self.model.shut(case) - self.model.having(case)
            may = self.may_act(by, case) and missing > 0 and bool(there)
            self.judged(self.do("acts", case=number, by=by, deed="call_up"), may=may)
            if may:
                added = self.after(number) - case.recipients
                self.model.require_allowed(case, added, missing)
                for name in added:
                    case.add(name, case.held[by])

    @precondition(lambda self: self.model.cases)
    @rule(deed=st.sampled_from(["note", "reply", "close", "reopen"]), named=FEW, data=st.data())
    def something_is_done(self, deed: str, named: set[str], data: st.DataObject) -> None:
        number, case = self.a_case(data)
        by, text = self.a_recipient(case, data), self.text(deed, named)
        if not self.comes(by):
            return
        opens = self.model.people[by].opens and by in case.recipients
        may = opens and {"close": not case.closed, "reopen": case.closed}.get(deed, True)
        self.judged(self.do("acts", case=number, by=by, deed=deed, text=text), may=may)
        if may:
            case.named |= named
            case.closed = {"close": True, "reopen": False}.get(deed, case.closed)
            case.ended = case.ended and deed not in {"close", "reopen"}
            if deed in {"close", "reopen"}:
                case.words.clear()
            else:
                case.says(text, "desk" if deed == "note" else "talk")

    @precondition(lambda self: any(case.ended for case in self.model.cases.values()))
    @rule(data=st.data())
    def a_case_is_destroyed(self, data: st.DataObject) -> None:
        """By two, a week after its recipients were told."""
        number = data.draw(st.sampled_from([number for number, case in self.model.cases.items() if case.ended]))
        for by in sorted(self.model.having(self.model.cases[number]))[:2]:
            if self.comes(by) and not isinstance(said := self.do("destroys", case=number, by=by), Refusal) and not said:
                del self.model.cases[number]

    def may_act(self, by: str, case: Case) -> bool:
        return self.model.people[by].reads and by in case.recipients

    def judged(self, outcome: Any, *, may: bool) -> None:
        """A step was taken where the model has it, and refused alike for whatever reason elsewhere."""
        assert isinstance(outcome, NoSuchCase | NotOffered) is not may, outcome
        assert not (may and isinstance(outcome, Refusal)), outcome
