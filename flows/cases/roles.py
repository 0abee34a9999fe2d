"""Who may do what, to which case, and how many people it takes: one table, and what does not stand in it is refused.

Menus, buttons and help follow from it, storage asks it a second time, and `docs/who-may-do-what.md` is made of it
(decision 24).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from flows.cases.approvals import WITHIN, WITHIN_A_DAY
from flows.values.ids import READING, Role

#: What somebody is to a case, from nothing on; each is also what stands before it. A first recipient is one who is told
#: first, and an owner who is not one counts as one.
Relation: TypeAlias = Literal["none", "recipient", "first", "owner"]
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do one kind of deed.

    Attributes:
        roles: Who may by role; their menus show it.
        case: What one has to be to the case at least; "none" for what is done to no case.
        recipients: Further roles, for which no route seals: they may where a case is sealed for them all the same.
        people: How many it takes, at most: some deeds take two only where it may be about an adult who works there.
        within: How long the second person has.
        code: Whether each of them has to give a fresh code (`Leads.fresh_code`).
        session: Whether the desk has to be open.
        waiting: Whether a reader who waits for two leads to say yes may, too.
        pager: Whether it can be done in a chat that is only told of things, too.
    """

    roles: frozenset[Role]
    case: Relation = "none"
    recipients: frozenset[Role] = frozenset()
    people: Literal[1, 2] = 1
    within: timedelta = WITHIN
    code: bool = False
    session: bool = True
    waiting: bool = False
    pager: bool = False

    def is_for(self, role: Role) -> bool:
        """Whether somebody in a role may do it to any case, or to none."""
        return role in self.roles or role in self.recipients

    def admits(self, role: Role, relation: Relation) -> bool:
        """Whether somebody in a role may do it to a case to which they stand like that."""
        return self.is_for(role) and RELATIONS.index(relation) >= RELATIONS.index(self.case)


_EVERYBODY: Final[frozenset[Role]] = frozenset(ROLES)
#: A partner from outside has her own desk alone: what was shared with her.
INSIDE: Final[frozenset[Role]] = _EVERYBODY - {"partner"}
#: Who may ask for going live, and confirm it.
DECIDING: Final[frozenset[Role]] = frozenset({"lead", "head", "manager", "admin"})
#: Leads, and partners in what they were named in.
_TOGETHER: Final[frozenset[Role]] = READING | {"partner"}
_SEALED_FOR: Final[frozenset[Role]] = frozenset({"manager"})


def _at_any_desk(*, session: bool = True, pager: bool = False) -> Rule:
    return Rule(_EVERYBODY, session=session, pager=pager, waiting=True)


def _case(relation: Relation = "recipient") -> Rule:
    return Rule(READING, relation, _SEALED_FOR)


def _two_codes(relation: Relation = "none") -> Rule:
    return Rule(READING, relation, people=2, within=WITHIN_A_DAY, code=True)


#: By the name of the deed. What is proposed to a second person begins with that name (`admit LEAD`).
RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # Ways in and out, and one's own desk.
        "unlock": _at_any_desk(session=False),
        "join": _at_any_desk(session=False),
        "type": _at_any_desk(session=False),
        "lock": _at_any_desk(session=False, pager=True),
        "hold_notice": _at_any_desk(session=False, pager=True),
        "help": _at_any_desk(),
        "brief": _at_any_desk(),
        "pin": _at_any_desk(),
        "pager": Rule(INSIDE, waiting=True),
        "passkey": _at_any_desk(),
        "account": _at_any_desk(),
        # Who there is, and what a site is.
        "team": Rule(INSIDE),
        "golive": Rule(DECIDING, people=2, within=WITHIN_A_DAY),
        "rota": Rule(READING),
        "confirm": Rule(READING, people=2),
        "recovery": Rule(READING, people=2),
        "shut_out": Rule(READING, people=2),
        "leave": Rule(READING, people=2),
        "role": Rule(READING, people=2),
        "invite": Rule(READING),
        "partners": Rule(READING),
        "agree": Rule(READING, people=2),
        "suspend_partner": Rule(READING),
        "reset": _two_codes(),
        "renew": _two_codes(),
        "counts": Rule(READING | {"manager", "auditor"}),
        "audit": Rule(READING | {"auditor"}),
        "stats": Rule(READING),
        "report": Rule(READING),
        "review_reads": Rule(READING),
        # Cases.
        "queue": _case("none"),
        "record": Rule(READING),
        "read": _case(),
        "copy": _case(),
        "acknowledge": _case(),
        "claim": _case(),
        "assign": _case(),
        "reply": _case(),
        "note": _case(),
        "plan": _case(),
        "decide": _case(),
        "file": _case(),
        "see_file": _case(),
        "lock_file": _case(),
        "timeline": _case(),
        "label": _case(),
        "person": _case(),
        "link": _case(),
        "find": _case("none"),
        "urgency": _case(),
        "status": _case(),
        "close": _case(),
        "close malicious": _two_codes("recipient"),
        "reopen": _case(),
        "hand_over": _case("owner"),
        "take_over": _case(),
        "rewrap": _case(),
        # A part of a case, copied for a partner; and a partner's own desk, which holds nothing else.
        "share": Rule(READING, "recipient"),
        "share_two": _two_codes("recipient"),
        "refer": Rule(READING, "recipient"),
        "shares": Rule(frozenset({"partner"})),
        # What leads and partners do together, in no case.
        "goal": Rule(_TOGETHER),
        "begin_goal": Rule(READING),
        "thank": Rule(_TOGETHER),
        "board": Rule(READING, people=2),
        "evaluate": Rule(_TOGETHER),
        "table": Rule(_TOGETHER),
        "checkin": Rule(_TOGETHER),
        # A whole case to another Hark, the receipt that it has come, and one that comes from there.
        "transfer": _two_codes("recipient"),
        "received": Rule(READING, "recipient"),
        "receive": Rule(READING),
        # Who reads a case, and for how long it is kept: for those alone for whom routes seal.
        "admit": Rule(READING, "recipient", people=2),
        "grant": Rule(READING, "recipient", people=2),
        "exclude": Rule(READING, "recipient"),
        "call_up": Rule(READING, "recipient"),
        "lift": _two_codes("recipient"),
        "export": _two_codes("recipient"),
        "delete": _two_codes("recipient"),
        "ask_delete": _case(),
        "keep_longer": _case(),
        "shorten": _two_codes("recipient"),
        "hold_case": _case(),
        "release": _two_codes("recipient"),
    }
)


def may(role: Role, deed: str, relation: Relation = "none") -> Rule | None:
    """Give the rule by which somebody may do a deed, or None where they may not; unknown deeds are refused.

    Args:
        role: Theirs.
        deed: By its name in `RULES`.
        relation: What they are to the case that it is done to.
    """
    rule = RULES.get(deed)
    return rule if rule is not None and rule.admits(role, relation) else None


def is_for(role: Role, deed: str) -> bool:
    """Whether somebody in a role may do a deed at all, to whichever case; unknown deeds are for nobody."""
    rule = RULES.get(deed)
    return rule is not None and rule.is_for(role)


def rule_of(proposed: str) -> Rule | None:
    """Give the rule of what was proposed to a second person, such as `admit LEAD` or `close malicious`."""
    return RULES.get(proposed) or RULES.get(proposed.partition(" ")[0])


def time_for(proposed: str) -> timedelta:
    """How long a second person has for what was proposed; none for what has no rule."""
    rule = rule_of(proposed)
    return rule.within if rule is not None else timedelta()
