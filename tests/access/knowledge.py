"""Who may know what, as simply as it can be said: people, cases, and by whom each epoch of a case was ever held.

Pure Python beside the real store; no key, no row, no clock. Whom a route or a ladder picks is told to it, and it says
whether that was allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flows.values.ids import READING, Role

#: The two keys of an epoch: what the reporter reads too, and what is for recipients alone.
Kind: TypeAlias = Literal["talk", "desk"]
Key: TypeAlias = tuple[int, Kind]
KINDS: tuple[Kind, ...] = ("talk", "desk")
#: What stands behind the name of somebody whose keys nobody could open any more.
BEFORE = " (keys before "
#: How many people read a concern at least, where a site has them.
ENOUGH = 2


@dataclass
class Person:
    """A lead. `unsealing`: was suspended, and what was sealed for her is still to be taken away."""

    role: Role
    state: Literal["in", "waits", "out"] = "in"
    unsealing: bool = False

    @property
    def reads(self) -> bool:
        """Whether concerns are sealed for her, and she decides with others."""
        return self.state == "in" and self.role in READING

    @property
    def opens(self) -> bool:
        """Whether her desk shows what is sealed for her."""
        return self.state == "in" and self.role in {*READING, "manager"}


@dataclass(frozen=True)
class Entry:
    """Something that was said or done in a case: `text` is in it and in no other."""

    text: str
    kind: Kind
    epoch: int


@dataclass
class Case:
    """One case: who reads it, who never may, and which keys each lead holds and has ever held.

    `words` are first words for deeds of two, by deed and whom. `two`: it may be about an adult who works here. `told`
    are those whom the reporter's words name, and `named` those whom anybody's do. `ended`: it is closed, and its
    recipients were told a week ago that it is destroyed.
    """

    two: bool
    recipients: set[str]
    struck: set[str]
    withheld: set[str]
    told: set[str]
    named: set[str] = field(default_factory=set)
    epoch: int = 1
    closed: bool = False
    ended: bool = False
    kept_out: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    held: dict[str, set[Key]] = field(default_factory=dict)
    had: dict[str, set[Key]] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)

    def give(self, whom: str, keys: Iterable[Key]) -> None:
        """Let somebody hold keys from now on; that she had them is never undone."""
        self.held.setdefault(whom, set()).update(keys)
        self.had.setdefault(whom, set()).update(self.held[whom])

    def add(self, whom: str, keys: Iterable[Key]) -> None:
        """Make somebody a recipient."""
        self.recipients.add(whom)
        self.give(whom, keys)

    def begin_epoch(self, left: Collection[str]) -> None:
        """Fresh keys for those who remain; everybody else holds nothing any more, of no epoch."""
        self.epoch += 1
        self.recipients = set(left)
        self.held = {name: keys for name, keys in self.held.items() if name in left}
        for name in left:
            self.give(name, ((self.epoch, kind) for kind in KINDS))

    def says(self, text: str, kind: Kind) -> None:
        """Something more is in it, sealed under the newest keys."""
        self.entries.append(Entry(text, kind, self.epoch))

    def may_open(self, who: str) -> set[str]:
        """The texts of the entries that she may open now, if her desk shows her anything."""
        return self._under(self.held.get(who, set())) if who in self.recipients else set()

    def could_read(self, who: str) -> set[str]:
        """The texts of what is there that she can open with all that she ever held, and copies of the database."""
        return self._under(self.had.get(who, set()))

    def is_never(self, who: str) -> bool:
        """Whether she never held any key of it."""
        return not self.had.get(who)

    def _under(self, keys: set[Key]) -> set[str]:
        return {one.text for one in self.entries if (one.epoch, one.kind) in keys}


@dataclass
class Knowledge:
    """All people by name, and all cases that were sent and not destroyed, by the order of sending."""

    people: dict[str, Person]
    cases: dict[int, Case] = field(default_factory=dict)

    def reading(self) -> set[str]:
        """Who reads and decides."""
        return {name for name, one in self.people.items() if one.reads}

    def same(self, names: Iterable[str]) -> set[str]:
        """The same people, with the names that they had or have under other keys."""
        bare = {name.partition(BEFORE)[0] for name in names}
        return {name for name in self.people if name.partition(BEFORE)[0] in bare}

    def shut(self, case: Case) -> set[str]:
        """Who is let in by no ladder and by no grant: left out, kept out, or named by the words."""
        return self.same(case.struck | case.kept_out | case.withheld | case.named)

    def having(self, case: Case) -> set[str]:
        """Those recipients of a case who read it still."""
        return case.recipients & self.reading()

    def may_open(self, who: str) -> Mapping[int, set[str]]:
        """What a lead's desk shows: the texts, by case."""
        if not self.people[who].opens:
            return {}
        return {number: case.may_open(who) for number, case in self.cases.items() if who in case.recipients}

    def sent(self, number: int, case: Case, text: str) -> None:
        """A concern is sent, for those who read by its route."""
        assert not case.recipients & (case.struck | case.withheld), "a route leads to nobody who was left out"
        assert case.recipients <= self.reading()
        case.named |= case.told
        for name in case.recipients:
            case.give(name, ((1, kind) for kind in KINDS))
        case.says(text, "talk")
        self.cases[number] = case

    def said(self, case: Case, text: str, named: set[str], after: set[str]) -> None:
        """The reporter says something more, and `after` is who has the case then.

        Whom the words name is kept out by that; if nobody else reads it, others of the ladder do, or it stays.
        """
        case.words.clear()
        case.closed = case.ended = False
        case.told |= named
        case.named |= named
        out = named & case.recipients
        left = self.having(case) - out
        if out and left:
            case.withheld |= out
            case.begin_epoch(left)
        elif out and after != case.recipients:
            case.withheld = out | (case.told & self.reading())
            there = self.reading() - self.same(case.struck | case.kept_out | case.withheld)
            assert after <= there
            assert len(after) == min(ENOUGH, len(there))
            talk: list[Key] = [(epoch, "talk") for epoch in range(1, case.epoch + 1)]
            case.begin_epoch(())
            for name in after:
                case.add(name, [*talk, (case.epoch, "talk"), (case.epoch, "desk")])
        elif out:
            there = self.reading() - self.same(case.struck | case.kept_out | case.told)
            assert not there - out, "it stays only where nobody is there"
        case.says(text, "talk")
        assert after == case.recipients, (after, case.recipients)

    def may_exclude(self, case: Case, by: str, whom: str) -> bool:
        """Whether a recipient may keep another out: two remain, or the site has nobody else."""
        if by == whom or whom not in case.recipients:
            return False
        left = self.having(case) - {whom}
        reading = len(left) + min(max(0, ENOUGH - len(left)), len(self.reading() - self.shut(case) - left - {whom}))
        others = self.reading() - self.same(case.struck | case.withheld | case.named) - left - {whom}
        return reading >= ENOUGH or not others

    def excluded(self, case: Case, by: str, whom: str, text: str, after: set[str]) -> None:
        """A recipient kept another out, and `after` is who has the case then."""
        left = self.having(case) - {whom}
        case.kept_out.add(whom)
        added = after - left
        self.require_allowed(case, added, ENOUGH - len(left))
        case.begin_epoch(left)
        for name in added:
            case.add(name, case.held[by])
        case.says(text, "desk")
        assert after == case.recipients

    def require_allowed(self, case: Case, added: set[str], missing: int) -> None:
        """Nobody is added who was left or kept out, or whom the words name; and as many as are missing."""
        there = self.reading() - self.shut(case) - self.having(case)
        assert added <= there, f"{added - there} may not read it"
        assert len(added) == min(max(0, missing), len(there))

    def second(self, case: Case, deed: str, by: str, whom: str) -> bool:
        """Take a word for a deed of two; whether it was the second."""
        first = case.words.get((deed, whom))
        done = first is not None and first != by and {first, by} <= self.having(case)
        if done:
            del case.words[deed, whom]
        else:
            case.words[deed, whom] = by
        return done

    def may_admit(self, case: Case, whom: str) -> bool:
        """Whether somebody whom only the words kept out may be let in."""
        free = whom in case.withheld - case.struck - case.kept_out - case.recipients
        return free and self.people[whom].reads and (not case.two or len(self.having(case)) >= ENOUGH)

    def may_lift(self, case: Case, whom: str) -> bool:
        """Whether two may let in again whom a recipient kept out."""
        free = whom in case.kept_out - case.struck - case.recipients
        return free and self.people[whom].reads and len(self.having(case)) >= ENOUGH

    def may_grant(self, case: Case, whom: str) -> bool:
        """Whether it may be given to a colleague who came later."""
        return self.people[whom].reads and whom not in self.shut(case) | case.recipients

    def let_in(self, case: Case, deed: str, by: str, whom: str) -> None:
        """Somebody reads it from now on, with what the one who did it holds."""
        if deed == "admit":
            case.withheld.discard(whom)
        if deed == "lift":
            case.kept_out.discard(whom)
        case.add(whom, case.held[by])

    def suspended(self, who: str) -> None:
        """Her desk shows nothing any more; what is sealed for her is still there."""
        self.people[who].state, self.people[who].unsealing = "out", True

    def unsealed(self) -> None:
        """What was sealed for those who were suspended is taken away, where anybody else opens it."""
        for name in [name for name, one in self.people.items() if one.unsealing]:
            self.people[name].unsealing = False
            for case in self.cases.values():
                others = {one for one in case.recipients - {name} if self.people[one].state == "in"}
                if name in case.recipients and others:
                    case.recipients.discard(name)
                    case.held.pop(name, None)

    def renamed(self, who: str, old: str) -> None:
        """The keys of before are somebody's who is out, under another name; nobody else is anybody by that."""
        self.people[old] = self.people.pop(who)
        for case in self.cases.values():
            for names in (case.recipients, case.struck, case.withheld, case.kept_out):
                if who in names:
                    names.discard(who)
                    names.add(old)
            for held in (case.held, case.had):
                if who in held:
                    held[old] = held.pop(who)
            case.words = {deed: by for deed, by in case.words.items() if who not in (by, deed[1])}
