"""Roles, exclusions, suspensions, grants and rotations in any order, on a real store, beside who may know what."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from flows.values.ids import READING, Role
from storage.values.errors import NoSuchCase, NotOffered, Refusal, Tampered
from tests.access.at_cases import NAMES, begun
from tests.access.checks import check_counts, check_desks, check_keys, check_notices, check_recovery, opened
from tests.access.goals import Goals
from tests.access.knowledge import BEFORE, Person
from tests.access.partner_world import PARTNERS
from tests.access.twin import first_difference, seen_with_and_without
from tests.access.world import EVERYBODY, NEWCOMERS
from tests.postgres import drop_below
from tests.raw_database import read_tables, write_tables

ROLES: st.SearchStrategy[Role] = st.sampled_from(["lead", "deputy", "head", "chair", "independent", "manager"])
#: What is put back of an earlier copy: the wraps alone, with the queues, or all of the cases.
BACK = st.sampled_from(
    [("wraps",), ("wraps", "readers"), ("cases", "entries", "epochs", "headers", "readers", "wraps")]
)
#: How many have to read on, so that a run does not end with a school without leads.
_ENOUGH = 4


class Access(Goals):
    """What is done to cases, and to those who read them; the invariants compare world and model after each step."""

    #: How often a desk was compared with that of a school that never had the case.
    compared: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[tuple[str, str], tuple[str, str]] = {}
        self.renewing: set[str] = set()

    # Who there is

    @rule(whom=NAMES, deed=st.sampled_from(["shut_out", "leave", "renew", "role"]), role=ROLES, data=st.data())
    def two_decide_about_a_lead(self, whom: str, deed: str, role: Role, data: st.DataObject) -> None:
        """Suspend her, let her leave, give her another role, or new keys for a forgotten passphrase."""
        person, others = self.model.people.get(whom), sorted(self.model.reading() - {whom})
        if person is None or len(others) < _ENOUGH or (deed == "leave" and not person.reads):
            return
        first = whom if deed == "leave" else data.draw(st.sampled_from(others))
        for by in (first, data.draw(st.sampled_from(others))):
            if self.comes(by):
                self.decides(deed, by, whom, role)

    @rule(whom=NAMES, data=st.data())
    def a_phone_is_lost(self, whom: str, data: st.DataObject) -> None:
        """Two colleagues say so, and she sets up another with her passphrase: she knows what she knew."""
        person, others = self.model.people.get(whom), sorted(self.model.reading() - {whom})
        if person is not None and person.state != "out" and len(others) >= _ENOUGH:
            for by in data.draw(st.permutations(others))[:2]:
                if self.comes(by):
                    self.decides("reset", by, whom)

    def decides(self, deed: str, by: str, whom: str, role: Role = "lead") -> None:
        """Say one word; with the second it is done."""
        person, state = self.model.people[whom], (by, role if deed == "role" else "")
        there = {"in", "waits"} if deed in {"shut_out", "leave"} else {"in"}
        may = person.state in there and (by != whom or deed == "leave") and self.model.people[by].reads
        may = may and (deed, state[1]) != ("role", person.role)
        first = self.words.get((deed, whom))
        second = first is not None and first[1] == state[1] and first[0] in self.model.reading() and first[0] != by
        if deed == "leave" and by != whom:
            may = may and second
        second = second and (deed, by) != ("leave", whom)
        done = self.do("decides", deed=deed, by=by, whom=whom, role=role)
        self.judged(done, may=may)
        if may and second:
            self.decided(deed, whom, role, done)
        elif may:
            self.words[deed, whom] = state

    def decided(self, deed: str, whom: str, role: Role, done: Any) -> None:
        assert done
        self.forget_words_on(whom)
        if deed == "reset":  # another phone, the same keys: she knows what she knew
            return
        self.renewing -= {whom} if deed != "role" else set()
        if deed == "role":
            self.model.people[whom].role = role
            return
        self.model.suspended(whom)
        if deed == "renew":
            self.model.renamed(whom, done)
            assert BEFORE in done
            again = self.model.people[done].role
            self.model.people[whom] = Person(again, "waits" if again in READING else "in")

    def forget_words_on(self, whom: str) -> None:
        self.words = {deed: word for deed, word in self.words.items() if deed[1] != whom}

    @rule(whom=st.sampled_from(NEWCOMERS), role=ROLES, data=st.data())
    def somebody_is_invited(self, whom: str, role: Role, data: st.DataObject) -> None:
        if whom not in self.model.people and self.comes(by := data.draw(st.sampled_from(sorted(self.model.reading())))):
            assert not isinstance(said := self.do("invites", by=by, whom=whom, role=role), Refusal), said
            self.model.people[whom] = Person(role, "waits" if role in READING else "in")

    @rule(data=st.data())
    def two_say_yes_to_somebody_who_waits(self, data: st.DataObject) -> None:
        waiting = sorted(name for name, one in self.model.people.items() if one.state == "waits")
        if not waiting:
            return
        whom = data.draw(st.sampled_from(waiting))
        for by in sorted(self.model.reading())[:2]:
            if self.comes(by):
                person, first = self.model.people[whom], self.words.get(("confirm", whom))
                self.judged(said := self.do("decides", deed="confirm", by=by, whom=whom), may=not person.unsealing)
                if person.unsealing:
                    return
                assert said is (first is not None and first[0] != by and first[0] in self.model.reading())
                self.words["confirm", whom] = (by, "")
                if said:
                    person.state = "in"
                    self.forget_words_on(whom)

    @rule(whom=NAMES)
    def somebody_comes_back(self, whom: str) -> None:
        person = self.model.people.get(whom)
        if person is not None and person.state == "out":
            assert self.do("comes_back", whom=whom) is None
            person.state = "waits" if person.role in READING else "in"
            self.forget_words_on(whom)

    @precondition(lambda self: any(one.unsealing for one in self.model.people.values()))
    @rule()
    def what_was_sealed_for_the_suspended_is_taken_away(self) -> None:
        assert not isinstance(said := self.do("unseals"), Refusal), said
        self.model.unsealed()
        self.touched |= self.model.cases.keys()

    @rule(whom=NAMES, data=st.data())
    def past_cases_are_given(self, whom: str, data: st.DataObject) -> None:
        """All that there are, and only those that may be given by one."""
        by = data.draw(st.sampled_from(sorted(self.model.reading())))
        if whom not in self.model.people or not self.comes(by):
            return
        wanted = [
            case
            for case in self.model.cases.values()
            if by in case.recipients and not case.two and self.model.may_grant(case, whom)
        ]
        given = self.do("gives", by=by, whom=whom)
        self.judged(given, may=self.model.people[whom].reads and by != whom)
        if not isinstance(given, Refusal):
            assert given == len(wanted)
            for case in wanted:
                case.add(whom, case.held[by])
            self.touched |= self.model.cases.keys()

    # What she signs in with

    @rule(by=NAMES, more=st.booleans())
    def a_lead_renews_her_keys(self, by: str, *, more: bool) -> None:
        """At once for all that is sealed for her, or later."""
        if by not in self.model.people or not self.model.people[by].opens or not self.comes(by):
            return
        if by not in self.renewing:
            assert self.do("renews", by=by) is None
            self.renewing.add(by)
            self.forget_words_on(by)  # they name the keys of before
        if more:
            assert self.do("brings_over", by=by) is True
            self.renewing.discard(by)
        self.touched |= self.model.cases.keys()

    @rule(by=NAMES)
    def a_lead_changes_her_passphrase(self, by: str) -> None:
        if self.comes(by):
            phrase = f"nine herons knit {self.text('passphrase')}"
            assert self.do("changes_passphrase", by=by, passphrase=phrase) is None

    # What befalls Hark

    @rule()
    def hark_ends_and_begins_again(self) -> None:
        assert self.do("begins_again") is None

    @rule()
    def a_week_goes_by(self) -> None:
        assert self.do("a_week_goes_by") is None
        self.words.clear()
        for case in self.model.cases.values():
            case.words.clear()
            case.ended = case.closed

    @precondition(lambda self: self.copies and self.model.cases)
    @rule(tables=BACK, data=st.data())
    def earlier_rows_are_put_back(self, tables: tuple[str, ...], data: st.DataObject) -> None:
        """By whoever writes the database: nobody opens anything that she could not have read before."""
        earlier, url = self.copies[data.draw(st.integers(0, len(self.copies) - 1))], self.world.url
        now = self.run(read_tables(url))
        if now["share_answers"]:  # whoever opened such a case would take them in, and so write what is put back here
            return
        assert self.run(write_tables(url, {name: earlier[name] for name in tables}))
        type(self).injected += 1
        for name in self.model.people:
            session = self.world.at_desk(name)
            for number, case in self.model.cases.items() if session else ():
                try:
                    found = self.run(opened(self.world, session, number, case))
                except (Tampered, NoSuchCase, NotOffered):
                    continue
                assert (found or set()) <= case.could_read(name), (name, number)
        assert self.run(write_tables(url, {name: now[name] for name in tables}))

    # What always holds

    @invariant()
    def everybody_knows_what_the_model_says(self) -> None:
        touched, self.touched = self.touched, set()
        self.run(check_desks(self.world, self.model, touched))
        rows = self.run(read_tables(self.world.url))
        self.thief.takes(rows, self.world.seeds)
        check_keys(rows, self.world, self.model, self.thief, touched)
        check_notices(rows, self.world, self.model)
        self.run(check_counts(self.world, self.model))
        self.copies = [*self.copies, rows][-8:]

    def teardown(self) -> None:
        """Everybody who is in unlocks and reads; nothing is forged; who never held a key sees nothing of a case."""
        try:
            for name in (*EVERYBODY, *PARTNERS):
                self.comes(name)
            self.a_partner_knows_what_was_shared_with_her_and_nothing_else()
            self.who_takes_part_opens_the_words_of_a_goal_and_nobody_else()
            self.touched = set(self.model.cases)
            self.everybody_knows_what_the_model_says()
            self.run(check_recovery(self.world, self.model))
            assert self.run(self.world.store.watch.verify()).holds
            self._compare()
        finally:
            self.run(self.world.store.close())
            self.run(drop_below(self.world.folder))
            self.loop.close()
            self.folder.cleanup()

    def _compare(self) -> None:
        """One who never held a key of a case, and one case, in each run that has such."""
        pairs = [
            (name, number)
            for number, case in self.model.cases.items()
            for name in sorted(self.model.reading())
            if case.is_never(name)
        ]
        if pairs:
            who, number = pairs[len(self.steps) % len(pairs)]
            end = self.world.now
            seen = self.run(seen_with_and_without(begun(self.engine), self.steps, end, who, number))
            assert seen[0] == seen[1], (who, number, first_difference(*seen))
            type(self).compared += 1
