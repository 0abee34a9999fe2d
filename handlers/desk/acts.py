"""What a lead did, in words: for the history, and for a case that changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, cast

from flows.deeds import Urgency
from flows.texts import Text, Value
from handlers.desk import wording
from handlers.desk.outcomes import outcome
from handlers.desk.visit import desk
from storage.values import Status

_NONE: Final[Mapping[str, str]] = MappingProxyType({})

_DONE: Final[Mapping[str, Text]] = {
    "acknowledge": desk("acknowledged it"),
    "claim": desk("took the case"),
    "assign": desk("gave the case to somebody"),
    "reply": desk("wrote to the reporter"),
    "note": desk("added a note"),
    "label": desk("changed the label"),
    "urgency": desk("changed the urgency"),
    "status": desk("changed the status"),
    "close": desk("closed the case"),
    "propose": desk("proposed to close it, which takes two"),
    "reopen": desk("opened the case again"),
    "copy": desk("copied the words out"),
    "offer": desk("offered to hand the case over"),
    "accept": desk("accepted the handover"),
    "decline": desk("declined the handover"),
    "vouch": desk("said that it is not about somebody, which takes two"),
    "admit": desk("let somebody read"),
    "reader": desk("told the reporter who can read it too"),
    "take_back": desk("took the offer of a handover back"),
    "raised": desk("what the reporter wrote raised the urgency"),
}
#: What names the lead to whom it was done.
_TO_SOMEBODY: Final = frozenset({"assign", "offer", "vouch", "admit", "reader"})


def act(what: str, detail: Mapping[str, str] = _NONE, names: Mapping[str, str] = _NONE) -> Text:
    """What was done, with its particulars where they are known; an unknown deed is "did something".

    `names` gives leads' names by id.
    """
    said: list[Value] = [_DONE.get(what, desk("did something"))]
    to = detail.get("to", "")
    if what == "urgency" and to in wording.URGENCY:
        said.append(wording.URGENCY[cast("Urgency", to)])
    if what == "status" and to in wording.STATUS:
        said.append(wording.STATUS[cast("Status", to)])
    if what in _TO_SOMEBODY and to in names:
        said.append(names[to])
    if ended := detail.get("outcome"):
        said.append(outcome(ended))
    if own := detail.get("label") or detail.get("reason") or detail.get("note"):
        said.append(desk("“{words}”", words=own))
    holes = [chr(ord("a") + number) for number in range(len(said))]
    return Text(" · ".join(f"{{{hole}}}" for hole in holes), "desk", dict(zip(holes, said, strict=True)))
