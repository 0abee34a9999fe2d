"""What was done, in words: the deeds of a case with their particulars, and the rows of the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, cast

from flows.cases.people import ADDED, GONE, PARTS, Part
from flows.values.deeds import Urgency
from flows.values.text import Moment, Text, Value
from handlers.desk.chat.visit import desk
from handlers.desk.chat.wording.labels import STATUS, URGENCY, calendar_day, outcome
from handlers.desk.chat.wording.share_labels import BASIS, CHILD_TOLD, DECLINED
from storage.values import Status
from storage.values.shares import Basis, ChildTold, WhyDeclined

_NONE: Final[Mapping[str, str]] = MappingProxyType({})

_DONE: Final[Mapping[str, Text]] = {
    "acknowledge": desk("acknowledged it"),
    "claim": desk("took the case"),
    "assign": desk("gave the case to somebody"),
    "reply": desk("wrote to the reporter"),
    "note": desk("added a note"),
    "decide": desk("recorded a decision"),
    "file": desk("added a file"),
    "lock_file": desk("locked a file that should not be there"),
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
    "grant": desk("gave the case to a colleague too"),
    "rewrap": desk("sealed it for her new keys"),
    "reader": desk("told the reporter who can read it too"),
    "added": desk("told the reporter who can read it too"),
    "exclude": desk("kept somebody out"),
    "withhold": desk("kept out whom the words name, until one of you has checked"),
    "ask_lift": desk("wants to let somebody read again, which takes two"),
    "lift": desk("let somebody read again"),
    "call_up": desk("added somebody, since fewer than two could read it"),
    "take_back": desk("took the offer of a handover back"),
    "read": desk("opened it, since others are told of it first"),
    "raised": desk("what the reporter wrote raised the urgency"),
    "keep": desk("changed how long it is kept"),
    "ask_keep": desk("would keep it for less, which takes two"),
    "hold": desk("put it under a hold"),
    "ask_release": desk("would lift the hold, which takes two"),
    "release": desk("lifted the hold"),
    "ask_destroy": desk("asked that it is destroyed"),
    "ask_export": desk("would hand it out, which takes two"),
    "export": desk("handed it out"),
    "plan": desk("planned what is to be done"),
    "done": desk("did what was to be done"),
    "not_done": desk("says that it is not to be done"),
    "person": desk("wrote down who is in it"),
    "person_gone": desk("took somebody from who is in it"),
    "share": desk("shared a part of it"),
    "ask_share": desk("would share a part of it, which takes two"),
    "hand_out": desk("handed a referral out on paper"),
    "taken_by": desk("noted who took a referral"),
    "end_share": desk("took back what was shared"),
    "share_table": desk("said something at a round table on a share"),
    "ask_share_table": desk("would say something at a round table on a share, which takes two"),
    "share_answer": desk("took in what a partner answered"),
    "ask_transfer": desk("would hand it over whole, which takes two"),
    "transfer": desk("handed it over whole"),
    "received": desk("took in the receipt for it"),
    "agree_destroy": desk("said that it is destroyed, which takes two"),
}
#: What a partner answered.
_ANSWERED: Final[Mapping[str, Text]] = {
    "opened": desk("opened"),
    "accepted": desk("taken on"),
    "declined": desk("declined"),
    "asked": desk("asked"),
    "replied": desk("replied"),
    "taken_on": desk("taken on"),
    "noted": desk("only noted"),
    "view": desk("view at the round table"),
    "agrees": desk("I agree"),
    "differs": desk("I see it differently"),
    "planned": desk("will do"),
    "done": desk("done"),
    "not_done": desk("not done, because"),
}
#: What else the audit log calls a deed.
_LOGGED: Final[Mapping[str, Text]] = {
    "sent": desk("sent it"),
    "told": desk("added words"),
    "record": desk("took down what somebody said"),
    "confirmed": desk("came back and said whether it is right"),
    "read": desk("opened it"),
    "reason": desk("said why it was opened"),
    "see_file": desk("looked at a file"),
    "recovered": desk("opened with the recovery key"),
    "destroyed": desk("destroyed"),
    "address": desk("asked for a notice"),
    "no_address": desk("no notice is asked for any more"),
    "unheard": desk("a notice did not arrive"),
    "share_opened": desk("opened what was shared"),
    "share_accepted": desk("took on what was shared"),
    "share_declined": desk("declined what was shared"),
    "share_asked": desk("asked about what was shared"),
    "share_replied": desk("replied to what was shared"),
    "share_taken_on": desk("took on what was referred"),
    "share_noted": desk("only noted what was referred"),
    "share_view": desk("gave a view at a round table"),
    "share_agrees": desk("signed at a round table"),
    "share_differs": desk("signed at a round table"),
    "share_planned": desk("said what will be done for what was shared"),
    "share_done": desk("did what was to be done for what was shared"),
    "share_not_done": desk("said what is not done for what was shared"),
    "receive": desk("took in what another school sent"),
    "share_over": desk("what was shared has ended"),
    "goal": desk("wrote of a goal"),
    "thanks": desk("thanked somebody"),
}
#: Particulars in a lead's own words, in this order.
_WORDS: Final = (
    *("action", "label", "reason", "note", "who", "purpose", "question", "why", "next", "taker", "to_whom"),
    "reference",
)
#: What names the lead to whom it was done.
_TO_SOMEBODY: Final = frozenset(
    {
        "assign",
        "offer",
        "vouch",
        "admit",
        "grant",
        "reader",
        "added",
        "exclude",
        "withhold",
        "ask_lift",
        "lift",
        "call_up",
        "plan",
        "share",
        "ask_share",
        "end_share",
        "share_table",
        "ask_share_table",
        "share_answer",
    }
)


def act(what: str, detail: Mapping[str, str] = _NONE, names: Mapping[str, str] = _NONE) -> Text:
    """What was done, with its particulars where they are known; an unknown deed is "did something".

    `names` gives leads' names by id.
    """
    said: list[Value] = [_DONE.get(what, desk("did something"))]
    to = detail.get("to", "")
    if what == "urgency" and to in URGENCY:
        said.append(URGENCY[cast("Urgency", to)])
    if what == "status" and to in STATUS:
        said.append(STATUS[cast("Status", to)])
    if what in _TO_SOMEBODY:  # one, or several where they were added
        said += (names[lead] for lead in to.split() if lead in names)
    if what in {ADDED, GONE} and (part := detail.get("as", "")) in PARTS:
        said += (detail["name"], PARTS[cast("Part", part)])
    if ended := detail.get("outcome"):
        said.append(outcome(ended))
    if until := detail.get("until"):
        said.append(until)
    said += _of_share(detail)
    if due := detail.get("due"):
        said.append(desk("by {day}", day=calendar_day(date.fromisoformat(due))))
    said += (desk("“{words}”", words=own) for name in _WORDS if (own := detail.get(name)))
    holes = [chr(ord("a") + number) for number in range(len(said))]
    return Text(" · ".join(f"{{{hole}}}" for hole in holes), "desk", dict(zip(holes, said, strict=True)))


def _of_share(detail: Mapping[str, str]) -> Iterator[Text]:
    """What a partner answered, or until when and on which basis something was shared, and whether the child knows."""
    if answered := _ANSWERED.get(detail.get("answer", "")):
        yield answered
    if because := DECLINED.get(cast("WhyDeclined", detail.get("because", ""))):
        yield because
    if ends := detail.get("ends"):
        yield desk("until {day}", day=Moment(datetime.fromisoformat(ends), "day"))
    if by := detail.get("by"):
        yield desk("by {day}", day=calendar_day(date.fromisoformat(by)))
    if on := detail.get("on"):
        yield desk("on {day}", day=calendar_day(date.fromisoformat(on)))
    if basis := BASIS.get(cast("Basis", detail.get("basis", ""))):
        yield basis
    if told := CHILD_TOLD.get(cast("ChildTold", detail.get("told", ""))):
        yield desk("the child knows: {told}", told=told)


def logged(action: str) -> Text:
    """What a row of the audit log says, without its particulars."""
    return _LOGGED.get(action) or act(action)
