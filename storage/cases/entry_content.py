"""What an entry says, as the JSON inside its seal, and read back as an `Entry`; the form is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Final, cast

from flows.values.deeds import AddAnswer, AddMessage, Answered, Media, SendConcern
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from storage.cases.answers_json import Json, Object, read_answered, write_answered
from storage.cases.entries import REPORTER, Opened
from storage.values import Action, CaseFile, Entry, EntryKind, KeptOut, LeadCard

#: Where an action tells the digest of the access that it led to, in hexadecimal digits.
ACCESS: Final = "access"
#: What an entry calls it that a lead opened the case.
READ: Final = "read"
#: What an entry calls it that a partner answered to what was shared with her.
SHARE_ANSWER: Final = "share_answer"
#: What stands in the talk of somebody who was added.
ADDED: Final = "added"
#: What stands in the talk of somebody who was kept out.
KEPT_FROM: Final = "kept_from"
#: What stands in the talk once somebody has said whether what was taken down is what was said.
CONFIRMED: Final = "confirmed"
#: Where a concern tells whether its words named somebody whom it is kept from; never whom.
WITHHELD: Final = "withheld"
#: What an entry calls it that the case was handed over whole; its action is done with the receipt.
TRANSFERRED: Final = "transfer"
#: Where a concern names the lead who took it down.
TAKEN_DOWN: Final = "taken_down"


def concern(deed: SendConcern, at: datetime) -> Object:
    """Return what a reporter sent; the readers' names stay out of it.

    Whom the reporter left out stands in it by id, since later words may name the last who could open the header.

    Args:
        deed: What was sent; answers stand as they were shown.
        at: When, to the second: it is sealed, unlike the hour in the clear row.
    """
    return {
        **_kind("concern", at),
        "site": deed.site,
        "register": deed.register,
        "language": deed.language,
        "door": deed.door,
        "urgency": deed.urgency,
        "answers": [write_answered(one) for one in deed.answers],
        "rules": list(deed.rules),
        "categories": list(deed.categories),
        "left_out": list(deed.excluded),
        "unsure": deed.unsure,
        WITHHELD: bool(deed.withheld),
        **({TAKEN_DOWN: deed.taken_down} if deed.taken_down else {}),
    }


def added(deed: AddAnswer | AddMessage, at: datetime) -> Object:
    """Return an answer given after sending, or a message; with the rules that it fired.

    Args:
        deed: What was said. Of an answer its categories stand too, since it may bring new ones.
        at: When, aware.
    """
    rules: list[Json] = list(deed.rules)
    if isinstance(deed, AddMessage):
        return {**_kind("message", at), "text": deed.text, "rules": rules}
    answers: list[Json] = [write_answered(deed.answered)]
    return {**_kind("answer", at), "answers": answers, "rules": rules, "categories": list(deed.categories)}


def reply(text: str, ready: str | None, at: datetime) -> Object:
    """Return a lead's answer to the reporter: a ready reply by its id, or free text."""
    return {**_kind("reply", at), "text": text, "ready": ready}


def note(text: str, at: datetime) -> Object:
    """Return a lead's note for the other recipients."""
    return {**_kind("note", at), "text": text}


def action(what: str, detail: Mapping[str, str], version: int, at: datetime) -> Object:
    """Return the entry of a deed on the case.

    Args:
        what: The deed's name, such as `claim`.
        detail: What it was done with, by name; texts only.
        version: The desk version that it led to, by which a lead is told what changed since a case was shown.
        at: When, aware.
    """
    return {**_kind("action", at), "what": what, "detail": dict(detail), "version": version}


def shared_answer(detail: Mapping[str, str], text: str, version: int, at: datetime) -> Object:
    """Return what a partner answered to a share, as the first recipient who opened it took it into the case.

    Args:
        detail: Of which share, who, what, and her own signed words for it.
        text: What she wrote; empty where she only pressed a button.
        version: As for `action`.
        at: When it was taken in, aware.
    """
    return {**action(SHARE_ANSWER, detail, version, at), "text": text}


def reader(lead: LeadId, at: datetime) -> Object:
    """Return the entry of a lead who was let in after sending.

    It belongs to the talk: the reporter may know who reads.
    """
    return {**_kind("action", at), "what": "reader", "detail": {"to": lead}}


def read(reason: str, version: int, at: datetime) -> Object:
    """Return why a lead opened a case that is for others first; `version` is the desk version, which stays."""
    return action(READ, {"reason": reason}, version, at)


def added_reader(lead: LeadId, at: datetime) -> Object:
    """Return the entry of a lead who was added since too few were left to read; it belongs to the talk as well."""
    return {**_kind("action", at), "what": ADDED, "detail": {"to": lead}}


def kept_from(lead: LeadId, read_to: int, at: datetime) -> Object:
    """Return the entry of a lead who was kept out after sending.

    It belongs to the talk, so that words that name the last reader never let her in again (`kept_out`).
    """
    return {**_kind("action", at), "what": KEPT_FROM, "detail": {"to": lead, "read": str(read_to)}}


def confirmed(answer: str, access: bytes, at: datetime) -> Object:
    """Return the entry of whoever came back first: whether what was taken down is what was said.

    It belongs to the talk, and is signed with the key of the new receipt.

    Args:
        answer: `yes` or `not_quite`.
        access: The digest of the access that the new receipt led to.
        at: When, aware.
    """
    return {**_kind("action", at), "what": CONFIRMED, "detail": {"answer": answer, ACCESS: access.hex()}}


def taken_down(content: Object) -> str:
    """Return the name of the lead who took a concern down; empty where its reporter wrote it."""
    return cast("str", content.get(TAKEN_DOWN, ""))


def is_unconfirmed(opened: Sequence[Opened]) -> bool:
    """Tell whether a talk begins with what a lead took down, and whoever said it has not come back yet."""
    said = any(one.author == REPORTER and one.content.get("what") == CONFIRMED for one in opened)
    return bool(taken_down(opened[0].content)) and not said


def _kind(kind: EntryKind, at: datetime) -> Object:
    return {"kind": kind, "at": at.isoformat()}


def moment(content: Object) -> datetime:
    """Tell when an entry was written (aware).

    Raises:
        KeyError: The content is none of an entry (a bug).
        ValueError: Its time is none (a bug).
    """
    return datetime.fromisoformat(cast("str", content["at"]))


def answers_in(content: Object) -> tuple[Answered, ...]:
    """Give the answers that an entry holds."""
    return tuple(read_answered(one) for one in cast("Sequence[Json]", content.get("answers", [])))


def texts_in(content: Object) -> tuple[str, ...]:
    """Give everything that somebody wrote in an entry: its text, and written answers."""
    text = cast("str", content.get("text", ""))
    written = (one.answer.words for one in answers_in(content) if isinstance(one.answer, Wrote))
    return tuple(filter(None, (text, *chain.from_iterable(written))))


def words_in(content: Object, name: str) -> tuple[str, ...]:
    """Give a list of ids that an entry holds, such as its rules."""
    return tuple(cast("Sequence[str]", content.get(name, [])))


def let_in(opened: Iterable[Opened]) -> tuple[str, ...]:
    """Return the ids of the leads whose admission the reporter was told of, in order."""
    return tuple(_detail(one)["to"] for one in opened if _let_in(one))


def added_readers(opened: Iterable[Opened]) -> tuple[str, ...]:
    """Return the ids of the leads of whom the reporter was told that they were added, in order."""
    return tuple(_detail(one)["to"] for one in opened if one.author != REPORTER and one.content.get("what") == ADDED)


def _let_in(one: Opened) -> bool:
    return one.author != REPORTER and one.content.get("what") == "reader"


def left_out(content: Object) -> tuple[str, ...] | None:
    """Return the ids of those whom the reporter left out of a concern; None where its version did not write them."""
    return words_in(content, "left_out") if "left_out" in content else None


def kept_out(opened: Iterable[Opened]) -> dict[LeadId, KeptOut]:
    """Return those who were kept out after sending and not let in again, as the talk tells."""
    found: dict[LeadId, KeptOut] = {}
    for one in opened:
        lead = LeadId(_detail(one).get("to", ""))
        if one.author != REPORTER and one.content.get("what") == KEPT_FROM:
            found[lead] = KeptOut(LeadId(one.author), moment(one.content), int(_detail(one)["read"]))
        elif _let_in(one):
            found.pop(lead, None)
    return found


def signed_access(opened: Iterable[Opened]) -> str | None:
    """Give the digest of the access that a recipient, or whoever came back first, signed last, in hexadecimal digits.

    Returns:
        None where the access is still that of the sending: then no entry tells of one.
    """
    told = [_detail(one)[ACCESS] for one in opened if _signs_access(one) and ACCESS in _detail(one)]
    return told[-1] if told else None


def _signs_access(one: Opened) -> bool:
    return one.stream == "desk" or (one.author == REPORTER and one.content.get("what") == CONFIRMED)


def details_of(opened: Iterable[Opened], what: str) -> Iterator[dict[str, str]]:
    """Yield the particulars of every entry of one kind of deed, in order."""
    return (_detail(one) for one in opened if one.content.get("what") == what)


def _detail(opened: Opened) -> dict[str, str]:
    return cast("dict[str, str]", opened.content.get("detail", {}))


def entry(opened: Opened, by: LeadCard | None) -> Entry:
    """Give an opened entry as the desk shows it.

    Args:
        opened: The entry, with its author proved.
        by: The lead who wrote it as the roster has her now; None for the reporter, and for a lead who is gone.

    Raises:
        KeyError: The content is none of an entry (a bug).
    """
    said = opened.content
    done = "what" in said
    return Entry(
        number=opened.number,
        at=moment(said),
        by=by,
        kind=cast("EntryKind", said["kind"]),
        answers=answers_in(said),
        text=cast("str", said.get("text", "")),
        ready=cast("str | None", said.get("ready")),
        action=Action(cast("str", said["what"]), cast("dict[str, str]", said["detail"])) if done else None,
        rules=words_in(said, "rules"),
        categories=words_in(said, "categories"),
        taken_down=taken_down(said),
        file=_file(said) if said["kind"] == "file" else None,
    )


def _file(content: Object) -> CaseFile:
    return CaseFile(cast("Media", content["media"]), cast("int", content["size"]))
