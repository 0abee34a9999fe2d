"""What leads and partners want together, in any order with all else, beside who takes part in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from flows.values.ids import LeadId
from storage.sealing.keys.lead_keys import lead_keys
from storage.sealing.keys.thread_keys import open_thread
from storage.values.errors import NotOffered, Tampered
from tests.access.at_cases import NAMES
from tests.access.partner_world import PARTNERS
from tests.access.sharing import WHOM, Sharing
from tests.access.world import FOUNDERS
from tests.raw_database import Rows, read_tables, write_tables

_WRITTEN = st.sampled_from(["guest", "guest", "out", "out", "owner", "plan", "plan", "plan", "step", "drop"])
_TABLES: Final = ("threads", "thread_writings")
#: What is put back of an earlier copy: for whom goals were sealed, or all of them.
_BACK = st.sampled_from([("threads",), _TABLES, _TABLES])


@dataclass
class Together:
    """A goal as the model has it: whose it is, which partners were invited, what its words are, and whether it ended.

    People stand in it by id: whoever got new keys for a lost passphrase is somebody else.
    """

    owner: LeadId
    guests: set[LeadId]
    texts: set[str] = field(default_factory=set)
    done: bool = False
    dropped: bool = False

    def may(self, kind: str, by: LeadId, whom: LeadId, *, leads: bool) -> bool:
        """Whether somebody who takes part may write this."""
        if kind == "step":
            return not self.dropped and (leads or by == self.owner)
        if self.done or self.dropped:
            return False
        return kind == "plan" or (leads and (kind != "out" or whom in self.guests - {self.owner}))

    def says(self, kind: str, whom: LeadId, text: str) -> None:
        """It was written."""
        if kind in {"guest", "owner"}:
            self.guests.add(whom)
        if kind == "owner":
            self.owner = whom
        if kind == "out":
            self.guests.discard(whom)
        if kind == "plan":
            self.texts.add(text)
        self.done, self.dropped = self.done or kind == "step", self.dropped or kind == "drop"


class Goals(Sharing):
    """Who opens a goal's words is who takes part in it: the leads, and the partners whom it names; nobody else."""

    #: How often something was wanted together, over all runs.
    joint: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.goals: dict[int, Together] = {}
        self.goals_begun = 0

    @initialize()
    def a_first_goal(self) -> None:
        """So that each run has one of a lead's, with a partner in it and one who was, and one of a partner's."""
        by, (first, second) = min(FOUNDERS), PARTNERS
        self.begins_goal(by, by)
        self.writes_goal(1, first, "plan", first)
        for whom in (first, second):
            self.writes_goal(1, by, "guest", whom)
            self.writes_goal(1, whom, "plan", whom)
        before = self.run(read_tables(self.world.url))
        self.writes_goal(1, by, "out", second)
        self.puts_goals_back(before, _TABLES)
        self.begins_goal(by, second)

    @rule(by=NAMES, owner=NAMES | WHOM)
    def a_goal_is_begun(self, by: str, owner: str) -> None:
        """With a partner or without."""
        self.begins_goal(by, owner)

    @rule(by=WHOM)
    def a_partner_would_begin_a_goal(self, by: str) -> None:
        self.begins_goal(by, by)

    def begins_goal(self, by: str, owner: str) -> None:
        if owner not in self.model.people or not self.comes(by):
            return
        may = self.model.people[by].reads and self.is_there(owner)
        text, self.goals_begun = self.text("goal"), self.goals_begun + 1
        self.judged(self.do("begins_goal", goal=self.goals_begun, by=by, owner=owner, text=text), may=may)
        if may:
            type(self).joint += 1
            of = self.world.ids[owner]
            self.goals[self.goals_begun] = Together(of, {of}, {text})

    @precondition(lambda self: self.goals)
    @rule(kinds=st.lists(_WRITTEN, min_size=1, max_size=3), data=st.data())
    def something_is_written_of_a_goal(self, kinds: list[str], data: st.DataObject) -> None:
        """Mostly by one who takes part, and sometimes by anybody; with those it is as if there were none."""
        number = data.draw(st.sampled_from(sorted(self.goals)))
        for kind in kinds:
            goal, people = self.goals[number], sorted(self.model.people)
            named = [name for name in people if self.world.ids[name] in goal.guests]
            by = data.draw(st.sampled_from([*sorted(self.taking_part(goal)) * 3, *people]))
            whom = data.draw(st.sampled_from([*(named if kind == "out" else PARTNERS)] * 4 + people))
            self.writes_goal(number, by, kind, whom)

    def writes_goal(self, number: int, by: str, kind: str, whom: str) -> None:
        if whom not in self.model.people or not self.comes(by):
            return
        goal, own, named = self.goals[number], self.world.ids[by], self.world.ids[whom]
        takes_part, text = by in self.taking_part(goal), self.text("action")
        if takes_part and by not in self.holding(number, self.run(read_tables(self.world.url))):
            return  # she came since, or has other keys: whoever opens it next gives it to her
        may = takes_part and goal.may(kind, own, named, leads=self.model.people[by].reads)
        may = may and (kind not in {"guest", "owner"} or self.is_there(whom))
        self.judged(self.do("writes_goal", goal=number, by=by, kind=kind, whom=whom, text=text), may=may)
        if may:
            goal.says(kind, named, text)

    @precondition(lambda self: self.copies and self.goals)
    @rule(tables=_BACK, data=st.data())
    def earlier_goals_are_put_back(self, tables: tuple[str, ...], data: st.DataObject) -> None:
        """By whoever writes the database: nobody opens one in which she takes no part, whatever is wrapped for her."""
        self.puts_goals_back(self.copies[data.draw(st.integers(0, len(self.copies) - 1))], tables)

    def puts_goals_back(self, earlier: Rows, tables: tuple[str, ...]) -> None:
        url = self.world.url
        now = self.run(read_tables(url))
        assert self.run(write_tables(url, {one: earlier[one] for one in tables}))
        type(self).injected += 1
        for name in self.model.people:
            shown = self.shown(name)
            assert shown is None or shown.keys() <= self.hers(name).keys(), name
        assert self.run(write_tables(url, {one: now[one] for one in _TABLES}))

    def is_there(self, name: str) -> bool:
        """Whether a goal can be hers: a lead, or a partner, who is in."""
        person = self.model.people[name]
        return person.reads or (person.role == "partner" and person.state == "in")

    def taking_part(self, goal: Together) -> set[str]:
        """All leads who are in, and those partners whom it names."""
        there = {name for name in self.model.people if self.is_there(name)}
        return {name for name in there if self.model.people[name].reads or self.world.ids[name] in goal.guests}

    def hers(self, name: str) -> dict[int, set[str]]:
        """The words that somebody may open, by goal."""
        return {number: one.texts for number, one in self.goals.items() if name in self.taking_part(one)}

    def shown(self, name: str) -> dict[int, set[str]] | None:
        """What her desk shows her of goals; None where it is not open, or not for her."""
        session = self.world.at_desk(name)
        if session is None:
            return None
        try:
            return self.run(self.world.reads_goals(session))
        except (NotOffered, Tampered):
            return None

    def holding(self, number: int, rows: Rows) -> set[str]:
        """Who opens a goal by all the keys that she ever had, of those for which the rows have it wrapped."""
        of = self.world.goals[number]
        [head] = [row for row in rows["threads"] if row["id"] == of]
        return {name for name, seeds in self.world.seeds.items() if any(_opens(seed, head) for seed in seeds)}

    @invariant()
    def who_takes_part_opens_the_words_of_a_goal_and_nobody_else(self) -> None:
        """Whoever opens one gives it to those who came since; where nobody has, they see nothing of it yet."""
        first = {name: self.shown(name) or {} for name in self.model.people}
        for name, shown in first.items():
            assert shown.items() <= self.hers(name).items(), name
        given = {number for shown in first.values() for number in shown}
        rows = self.run(read_tables(self.world.url))
        for number in given:
            assert self.holding(number, rows) == self.taking_part(self.goals[number]), number
        for name in self.model.people:
            hers = {number: texts for number, texts in self.hers(name).items() if number in given}
            assert self.world.at_desk(name) is None or (self.shown(name) or {}) == hers, name


def _opens(seed: bytes, head: dict[str, Any]) -> bool:
    keys = lead_keys(bytearray(seed))
    return open_thread({keys.card.key_id: keys.private}, head["id"], head["wraps"]) is not None
