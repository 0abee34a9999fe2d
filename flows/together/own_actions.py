"""What a partner is to do for what was shared with her: what was agreed at the round table, and what she adds.

It is part of the same list of what was said (`share_table.py`), so that leads and she read the same, and like all of
that it is never changed: that it is done, or not and why, is said as well. See decision 42.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, TypeAlias

from flows.together.share_table import LONGEST, MOST_SAID, SaidAtTable
from flows.values.ids import LeadId

#: Characters of a reason why something is not done.
LONGEST_REASON: Final = 1_000
#: Open actions of a partner on one share.
MOST_OPEN: Final = 20

Standing: TypeAlias = Literal["open", "done", "undone"]
_ENDS: Final[Mapping[str, Standing]] = {"done": "done", "undone": "undone"}


@dataclass(frozen=True, slots=True)
class OwnAction:
    """What she is to do by a day; `number` is that of what was said when it came."""

    number: int
    what: str = field(repr=False)
    due: date
    standing: Standing = "open"


def own_actions(said: Sequence[SaidAtTable], partner: LeadId) -> tuple[OwnAction, ...]:
    """Give all that a partner was to do, what is due first first.

    Raises:
        KeyError: It is not what is said about a share (a bug: what is kept was checked by `fits`).
        ValueError: Likewise.
    """
    found: dict[int, OwnAction] = {}
    for number, one in enumerate(said, 1):
        match one.said["kind"]:
            case "own":
                found[number] = OwnAction(number, one.said["action"], date.fromisoformat(one.said["due"]))
            case "agree" if one.said["owner"] == partner:
                found[number] = OwnAction(number, one.said["action"], date.fromisoformat(one.said["due"]))
            case "done" | "undone" if int(one.said["of"]) in found:
                of = int(one.said["of"])
                found[of] = replace(found[of], standing=_ENDS[one.said["kind"]])
    return tuple(sorted(found.values(), key=lambda one: (one.due, one.number)))


def open_actions(said: Sequence[SaidAtTable], partner: LeadId) -> tuple[OwnAction, ...]:
    """Give what a partner is still to do, as `own_actions` does.

    Raises:
        KeyError: As there.
        ValueError: Likewise.
    """
    return tuple(one for one in own_actions(said, partner) if one.standing == "open")


def fits(said: Sequence[SaidAtTable], one: SaidAtTable) -> bool:
    """Whether a partner may say this of what she is to do; unknown kinds are refused.

    What is open can be ended however much was said: each is ended once.

    Args:
        said: All that was said before, in order.
        one: What she says: `own` (`action`, `due`), `done` (`of`) or `undone` (`of`, `note`).
    """
    told, left = one.said, open_actions(said, one.by)
    match told["kind"]:
        case "own":
            short = 0 < len(told["action"].strip()) <= LONGEST
            return short and len(left) < MOST_OPEN and len(said) < MOST_SAID
        case "done":
            return told["of"] in {str(each.number) for each in left}
        case "undone":
            reasoned = 0 < len(told["note"].strip()) <= LONGEST_REASON
            return reasoned and told["of"] in {str(each.number) for each in left}
    return False
