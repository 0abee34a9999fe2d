"""Partners, and what is shared with them, in any order with all else, beside who may know what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from storage.sealing.keys.lead_keys import lead_keys
from storage.sealing.keys.share_keys import SealedShare, open_share
from storage.sealing.primitives.errors import CannotOpen
from storage.values.errors import NoSuchCase, Refusal, Tampered
from storage.values.shares import ShareId
from tests.access.at_cases import FEW, Cases
from tests.access.knowledge import Case, Person
from tests.access.partner_world import PARTNERS, SHARED_FOR, PartnerWorld
from tests.raw_database import read_tables, write_tables

WHOM = st.sampled_from(sorted(PARTNERS))


@dataclass
class Shared:
    """A share as the model has it: of which case, for whom, what is in it, until when; and whether it was ended."""

    case: int
    whom: str
    text: str
    until: datetime
    ended: bool = False
    opened: bool = False

    def lives(self, now: datetime) -> bool:
        return not self.ended and now < self.until


@dataclass
class Partners:
    """Which partners each case names, and all shares by number; until when each is here, and when she was last."""

    begun: datetime
    named: dict[int, set[str]] = field(default_factory=dict)
    shares: dict[int, Shared] = field(default_factory=dict)
    until: dict[str, datetime] = field(default_factory=dict)
    seen: dict[str, date] = field(default_factory=dict)

    def has_ended(self, who: str, now: datetime) -> bool:
        """Whether her agreement has."""
        return self.until.get(who, self.begun + timedelta(days=180)) <= now

    def is_over(self, who: str, now: datetime) -> bool:
        """Whether the next sweep suspends her."""
        return self.has_ended(who, now) or now.date() - self.seen.get(who, self.begun.date()) >= timedelta(days=90)


class Sharing(Cases):
    """What a partner may know is what was shared with her and has not ended; no key of a case is ever hers."""

    world: PartnerWorld
    #: How often something was shared, over all runs.
    shared: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.partners = Partners(self.world.now)
        self.shares_made = 0
        for name in PARTNERS:
            self.model.people[name] = Person("partner")

    def do(self, step: str, **given: Any) -> Any:
        """Do a step; whoever unlocks was here, and a sweep suspends whose time is over."""
        at = self.world.now
        outcome = super().do(step, **given)
        if step == "unlock" and given["name"] in PARTNERS:
            self.partners.seen[given["name"]] = self.world.now.date()
        if step in {"a_week_goes_by", "suspends"}:
            for name in PARTNERS:
                if self.model.people[name].state == "in" and self.partners.is_over(name, at):
                    self.is_out(name)
        return outcome

    def is_out(self, whom: str) -> None:
        """She is suspended, and what was shared with her has ended."""
        self.model.people[whom].state = "out"
        for one in self.partners.shares.values():
            one.ended = one.ended or one.whom == whom

    @precondition(lambda self: self.model.cases)
    @rule(whom=WHOM, data=st.data())
    def a_note_names_a_partner(self, whom: str, data: st.DataObject) -> None:
        number, case = self.a_case(data)
        by, text = self.a_recipient(case, data), self.text("note", {whom})
        if self.comes(by):
            may = self.model.people[by].opens and by in case.recipients
            self.judged(self.do("acts", case=number, by=by, deed="note", text=text), may=may)
            if may:
                self.partners.named.setdefault(number, set()).add(whom)
                case.says(text, "desk")

    @initialize(struck=FEW)
    def a_first_concern(self, struck: set[str]) -> None:
        """So that each run has something to know, and something is shared of it with everybody who can be."""
        super().a_first_concern(struck=struck)
        for number, case in self.model.cases.items():
            by, *others = sorted(self.model.having(case))
            for whom in PARTNERS:
                self.shares_a_part(number, by, whom, others[0] if others else by)

    @precondition(lambda self: self.model.cases)
    @rule(whom=WHOM, alone=st.booleans(), data=st.data())
    def a_part_is_shared(self, whom: str, *, alone: bool, data: st.DataObject) -> None:
        """By one, or by two where she lives among families or the words name her; by one twice is by one."""
        number, case = self.a_case(data)
        by = self.a_recipient(case, data)
        others = sorted(self.model.having(case) - {by})
        self.shares_a_part(number, by, whom, by if alone or not others else data.draw(st.sampled_from(others)))

    def shares_a_part(self, number: int, by: str, whom: str, second: str) -> None:
        case, text = self.model.cases[number], self.text("shared")
        if not self.comes(by):
            return
        two = PARTNERS[whom] == "faith" or whom in self.partners.named.get(number, set())
        may = self.may_share(by, case, whom)
        self.shares_made += 1
        given = {"case": number, "by": by, "whom": whom, "share": self.shares_made, "text": text}
        if two:
            self.judged(self.do("shares_part", **given, two=False), may=False)
        self.judged(self.do("shares_part", **given, two=two), may=may)
        if two and may:
            if not self.comes(second):
                return
            may = second != by
            again = {"case": number, "by": second, "share": self.shares_made, "text": text}
            self.judged(self.do("shares_too", **again), may=may)
        if may:
            type(self).shared += 1
            self.partners.shares[self.shares_made] = Shared(number, whom, text, self.world.now + SHARED_FOR)

    def may_share(self, by: str, case: Case, whom: str) -> bool:
        here = self.model.people[whom].state == "in" and not self.partners.has_ended(whom, self.world.now)
        return here and self.may_act(by, case)

    @precondition(lambda self: self.living())
    @rule(data=st.data())
    def a_share_is_taken_back(self, data: st.DataObject) -> None:
        """At once, whether she has opened it or not."""
        number, one = self.a_share(data)
        by = self.a_recipient(self.model.cases[one.case], data)
        if self.comes(by):
            may = self.may_act(by, self.model.cases[one.case])
            self.judged(self.do("takes_back", case=one.case, by=by, share=number), may=may)
            one.ended = one.ended or may

    @precondition(lambda self: self.living())
    @rule(answer=st.sampled_from(["accepted", "declined", "replied"]), who=WHOM, data=st.data())
    def a_partner_answers(self, answer: str, who: str, data: st.DataObject) -> None:
        """Her own; somebody else's is no share, and one that she took on before cannot be taken on again."""
        number, one = self.a_share(data)
        if not self.comes(who):
            return
        given = {"case": one.case, "whom": who, "share": number, "answer": answer}
        if who != one.whom:
            self.judged(self.do("answers", **given), may=False)
            return
        said = self.do("answers", **given)
        assert self.there(one.case) or isinstance(said, Refusal)
        if not isinstance(said, Refusal):
            one.ended = one.ended or answer == "declined"

    @rule(whom=WHOM, data=st.data())
    def a_partner_is_suspended_or_agreed_on_anew(self, whom: str, data: st.DataObject) -> None:
        """By any one lead, and by two."""
        reading = sorted(self.model.reading())
        by, second = data.draw(st.sampled_from(reading)), data.draw(st.sampled_from(reading))
        if not self.comes(by) or not self.comes(second) or not self.comes(by):
            return
        person = self.model.people[whom]
        if person.state == "in":
            assert self.do("suspends", by=by, whom=whom) is None
            self.is_out(whom)
        elif by != second:
            self.partners.until[whom] = self.world.now + timedelta(days=300)
            assert self.do("agree", by=by, second=second, whom=whom) is None
            self.partners.seen[whom], person.state = self.world.now.date(), "in"

    @precondition(lambda self: self.copies and self.partners.shares)
    @rule(data=st.data())
    def earlier_shares_are_put_back(self, data: st.DataObject) -> None:
        """By whoever writes the database: what has ended opens for nobody, whatever the rows say."""
        earlier, url = self.copies[data.draw(st.integers(0, len(self.copies) - 1))], self.world.url
        now = self.run(read_tables(url))
        there = {row["id"] for row in now["cases"]}
        rows = [row for row in earlier["shares"] if row["case_id"] in there]
        assert self.run(write_tables(url, {"shares": rows}))
        type(self).injected += 1
        for number, one in self.partners.shares.items():
            for who in PARTNERS:
                if not (who == one.whom and one.lives(self.world.now)):
                    assert self.sees(who, number) is None, (who, number)
        assert self.run(write_tables(url, {"shares": now["shares"], "share_answers": now["share_answers"]}))

    def there(self, case: int) -> set[str]:
        """Who could read what a partner answers, so that she may open it at all."""
        return {name for name in self.model.cases[case].recipients if self.model.people[name].state == "in"}

    def living(self) -> dict[int, Shared]:
        now = self.world.now
        shares = self.partners.shares.items()
        there = {name for name in PARTNERS if not self.partners.has_ended(name, now)}
        lives = ((number, one) for number, one in shares if one.lives(now) and one.whom in there)
        return {number: one for number, one in lives if one.case in self.model.cases}

    def a_share(self, data: st.DataObject) -> tuple[int, Shared]:
        number = data.draw(st.sampled_from(sorted(self.living())))
        return number, self.partners.shares[number]

    def sees(self, who: str, number: int) -> str | None:
        """What somebody is shown of a share; None where there is none for her."""
        session = self.world.at_desk(who)
        if session is None:
            return None
        try:
            return self.run(self.world.opens_share(session, ShareId(self.world.shares[number])))
        except (NoSuchCase, Tampered):
            return None

    @invariant()
    def a_partner_knows_what_was_shared_with_her_and_nothing_else(self) -> None:
        living = self.living()
        for who in PARTNERS:
            session = self.world.at_desk(who)
            if session is None:
                continue
            hers = {number: one.text for number, one in living.items() if one.whom == who}
            listed = {one.id for one in self.run(self.world.store.shares.listed(session))}
            assert listed == {self.world.shares[number] for number in hers}, who
            shown = {number: self.sees(who, number) for number in self.partners.shares}
            readable = {number for number in hers if self.there(living[number].case)}
            assert {number: text for number, text in shown.items() if text and number in readable} == {
                number: text for number, text in hers.items() if number in readable
            }, who
            assert not [text for number, text in shown.items() if text and number not in hers], who
        self.the_rows_open_for_her_alone()

    def the_rows_open_for_her_alone(self) -> None:
        """With every seed that anybody ever had: what lives opens with its partner's, and what was ended with none."""
        numbers = {str(share): number for number, share in self.world.shares.items()}
        for row in self.run(read_tables(self.world.url))["shares"]:
            one = self.partners.shares[numbers[row["id"]]]
            assert not (one.ended and (row["wrapped"] or row["sealed"])), "its key is there still"
            kept = SealedShare(row["key_id"], row["wrapped"], row["sealed"])
            for who in {one.whom, *sorted(self.world.seeds)[:3]} if row["wrapped"] else ():
                opens = any(self.opens(seed, row["id"], row["partner"], kept) for seed in self.world.seeds[who])
                assert opens is (who == one.whom), (who, one)

    @staticmethod
    def opens(seed: bytes, share: str, partner: str, kept: SealedShare) -> bool:
        try:
            open_share(lead_keys(bytearray(seed)).private, share, partner, kept)
        except CannotOpen:
            return False
        return True
