"""A round table on a share, as what was said at it tells: the day, the agenda, each view, what is agreed, who signs.

Whatever is said is never changed: leads say it in the case, and the partner in her answers; the table is what all of it
comes to. The partner is given the same list and nothing else, so that both read the same. See decision 41.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from flows.values.ids import LeadId

#: Characters of a view, and of one thing that is agreed or stands on the agenda.
LONGEST_VIEW: Final = 1_000
LONGEST: Final = 200
#: What is said at one table at most.
MOST_SAID: Final = 100
#: What a partner says of what she is to do (`own_actions.py`). It stands in the same list and changes no table.
OF_ACTIONS: Final = frozenset({"own", "done", "undone"})
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class SaidAtTable:
    """One thing that somebody said: who, how she is called, and what, by name; texts only.

    `kind` is one of: `plan` (`on`, `time`), `item` (`action`), `view` (`note`), `agree` (`action`, `owner`, `whose`,
    `due`) and `sign` (`answer`, `upto`); or of what a partner is to do, `own` (`action`, `due`), `done` (`of`) and
    `undone` (`of`, `note`).
    """

    by: LeadId
    name: str
    said: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who does what by when, as it was agreed; `whose` is a name, `number` that of what was said.

    `ended` is `done` or `undone` once the partner says so of what is hers; what is a lead's ends in the case.
    """

    what: str = field(repr=False)
    whose: str
    due: date
    number: int = 0
    ended: str = ""


@dataclass(frozen=True, slots=True)
class ShareTable:
    """A round table as it stands; the latest that was planned counts.

    `time` is by the clock of the site, or empty. `views` are texts by name, and `signed` whether somebody agrees and
    whether that was after the latest change, by name; both hold the latest of each. `changed` is the number of the
    latest thing that was said but for signatures.
    """

    day: date
    time: str = ""
    agenda: tuple[str, ...] = field(default=(), repr=False)
    views: Mapping[str, str] = field(default_factory=dict, repr=False)
    agreed: tuple[Agreed, ...] = ()
    signed: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)
    changed: int = 0


def table_of(said: Sequence[SaidAtTable]) -> ShareTable | None:
    """Give the table that was said, in order; None where none was planned.

    Raises:
        KeyError: It is not what is said at a table (a bug: what is kept was checked by `fits`).
        ValueError: Likewise.
    """
    table: ShareTable | None = None
    for number, one in enumerate(said, 1):
        if one.said["kind"] == "plan":
            table = ShareTable(date.fromisoformat(one.said["on"]), one.said["time"], changed=number)
        elif table is not None:
            table = _after(table, one, number) if one.said["kind"] not in OF_ACTIONS else _ended(table, one)
    return table


def fits(said: Sequence[SaidAtTable], one: SaidAtTable, *, leads: bool) -> bool:
    """Whether somebody may say this at a table as it stands; unknown kinds are refused.

    Args:
        said: All that was said before, in order.
        one: What is to be said.
        leads: Whether it is a lead; a partner says her view, and signs.
    """
    table, told = table_of(said), one.said
    if len(said) >= MOST_SAID:
        return False
    if told["kind"] == "plan":
        return leads and (not told["time"] or _TIME.fullmatch(told["time"]) is not None)
    if table is None:
        return False
    match told["kind"]:
        case "item":
            return leads and 0 < len(told["action"]) <= LONGEST and told["action"] not in table.agenda
        case "view":
            return len(told["note"].strip()) > 0 and len(told["note"]) <= LONGEST_VIEW
        case "agree":
            return leads and 0 < len(told["action"]) <= LONGEST
        case "sign":
            return told["answer"] in {"agrees", "differs"} and told["upto"] == str(table.changed)
    return False


def split_time(text: str) -> tuple[str, str]:
    """Part a time such as 14:30 that was typed behind a day, "" without one; what is no time stays with the day."""
    day, _, last = text.strip().rpartition(" ")
    time = f"{last:0>5}"
    return (day, time) if day and _TIME.fullmatch(time) else (text, "")


def _after(table: ShareTable, one: SaidAtTable, number: int) -> ShareTable:
    said = one.said
    if said["kind"] == "sign":
        signed = (said["answer"] == "agrees", True)
        return replace(table, signed={**table.signed, one.name: signed})
    before = {name: (agrees, False) for name, (agrees, _) in table.signed.items()}
    table = replace(table, changed=number, signed=before)
    match said["kind"]:
        case "item":
            return replace(table, agenda=(*table.agenda, said["action"]))
        case "view":
            return replace(table, views={**table.views, one.name: said["note"]})
        case "agree":
            agreed = Agreed(said["action"], said["whose"], date.fromisoformat(said["due"]), number)
            return replace(table, agreed=(*table.agreed, agreed))
    return table


def _ended(table: ShareTable, one: SaidAtTable) -> ShareTable:
    """Give the table with what was agreed marked as ended; what a partner adds for herself stands at none."""
    said = one.said
    ended = (replace(each, ended=said["kind"]) if str(each.number) == said.get("of") else each for each in table.agreed)
    return replace(table, agreed=tuple(ended))
