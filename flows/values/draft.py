"""A concern that is not sent yet: answers by question, where the person stands, and the JSON in which it is sealed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias, cast, get_args

from flows.values.ids import LeadId, Register, SiteId, Urgency
from flows.values.situation import Situation

#: After this long without a word, what was written before is not shown again.
QUIET: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Chose:
    """One or several options of a question, by id, in the order of the definition."""

    options: tuple[str, ...]


@dataclass(frozen=True)
class Wrote:
    """The person's own words, one item a message, verbatim."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Skipped:
    """The question was shown and passed over."""


Answer: TypeAlias = Chose | Wrote | Skipped


@dataclass(frozen=True)
class Draft:
    """Answers by question id and a cursor; the path is recomputed from them and never stored.

    `cursor` is the question on the screen. `fired` holds the triggers whose help screen was shown, `raised` the risk
    rules that ever held, `urgency` the highest so far: all only grow, since changing an answer back never lowers
    anything. `struck` are the
    readers marked "not this person"; `unsure` is "not sure" on that screen. `interrupted` is true while the help
    screen stands before the question. `sent` is true while the questions after sending are asked: then `answers`
    lives in memory only, and `sent_at` is when it was sent. `sitting` is when this sitting began and
    `touched` the last input (all aware, UTC):
    answers from before the sitting are never shown again. `doubted` tells that the adult to find may be whom it is
    about, for another reason than answers and readers. `enough`: no further question is asked before the readers, since
    whoever takes the words down has ended them.
    """

    register: Register | None
    language: str
    site: SiteId
    definition: str
    sitting: datetime
    touched: datetime
    answers: Mapping[str, Answer] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    cursor: str = ""
    fired: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()
    urgency: Urgency = "routine"
    struck: frozenset[LeadId] = frozenset()
    unsure: bool = False
    interrupted: bool = False
    sent: bool = False
    sent_at: datetime | None = None
    doubted: bool = False
    enough: bool = False


def new_sitting(draft: Draft, situation: Situation) -> Draft:
    """`draft` carried on by whoever holds the device now: nothing answered before is shown again.

    The answers stay, are sent, and can be changed; screens show "saved" in their place.
    """
    return replace(draft, hidden=frozenset(draft.answers), sitting=situation.now, touched=situation.now)


def is_quiet(draft: Draft, situation: Situation) -> bool:
    """Whether ten minutes went by without a word, so that the neutral screen comes before anything else.

    Whoever holds the device then need not be the person who wrote (threat model: somebody else with the phone).
    """
    return situation.now - draft.touched >= QUIET


def private_device(draft: Draft) -> bool:
    """Whether the person said that nobody else sees this device: only then may anything be kept on it."""
    return draft.answers.get("C5") == Chose(("no",))


def stays_readable(draft: Draft) -> bool:
    """Whether questions and answers stay on the screen: nobody else sees the device, or a member of staff writes."""
    return private_device(draft) or (draft.register == "staff" and not careful(draft))


def careful(draft: Draft) -> bool:
    """Whether C5 was answered "yes" or "not sure": answered pairs are taken away as the conversation goes."""
    answer = draft.answers.get("C5")
    return answer is not None and not private_device(draft)


_HALVES: Final = re.compile("[\ud800-\udfff]")


def escaped(text: str) -> str:
    """`text`, which is JSON, with lone surrogates escaped: a browser can send one, UTF-8 cannot hold it (RFC 3629)."""
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


#: Raised when the shape changes; `parse` reads every version that ever was.
VERSION: Final = 1


def dump(draft: Draft) -> str:
    """`draft` as JSON that UTF-8 can hold, without line breaks; equal drafts give equal text."""
    return escaped(
        json.dumps(
            {
                "v": VERSION,
                "register": draft.register,
                "language": draft.language,
                "site": draft.site,
                "definition": draft.definition,
                "sitting": draft.sitting.isoformat(),
                "touched": draft.touched.isoformat(),
                "answers": {step: _answer_out(answer) for step, answer in draft.answers.items()},
                "hidden": sorted(draft.hidden),
                "cursor": draft.cursor,
                "fired": sorted(draft.fired),
                "raised": sorted(draft.raised),
                "urgency": draft.urgency,
                "struck": sorted(draft.struck),
                "unsure": draft.unsure,
                "interrupted": draft.interrupted,
                "sent": draft.sent,
                "sent_at": draft.sent_at.isoformat() if draft.sent_at else None,
                **({"doubted": True} if draft.doubted else {}),
                **({"enough": True} if draft.enough else {}),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
    )


def parse(text: str) -> Draft:
    """The draft that `dump` wrote.

    Raises:
        ValueError: `text` is nothing that any version of `dump` wrote; the message holds none of it.
    """
    try:
        return _draft(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("not a draft") from None


def _draft(held: dict[str, object]) -> Draft:
    if held["v"] != VERSION or held["register"] not in {None, *get_args(Register)}:
        raise ValueError
    sent_at = held["sent_at"]
    answers = cast("Mapping[str, Mapping[str, list[str]]]", held["answers"])
    return Draft(
        register=cast("Register | None", held["register"]),
        language=str(held["language"]),
        site=SiteId(str(held["site"])),
        definition=str(held["definition"]),
        sitting=datetime.fromisoformat(str(held["sitting"])),
        touched=datetime.fromisoformat(str(held["touched"])),
        answers={step: _answer_in(answer) for step, answer in answers.items()},
        hidden=_words(held["hidden"]),
        cursor=str(held["cursor"]),
        fired=_words(held["fired"]),
        raised=_words(held["raised"]),
        urgency=_urgency(held["urgency"]),
        struck=frozenset(LeadId(lead) for lead in _words(held["struck"])),
        unsure=held["unsure"] is True,
        interrupted=held["interrupted"] is True,
        sent=held["sent"] is True,
        sent_at=datetime.fromisoformat(str(sent_at)) if sent_at is not None else None,
        doubted=held.get("doubted") is True,
        enough=held.get("enough") is True,
    )


def _answer_out(answer: Answer) -> dict[str, object]:
    match answer:
        case Chose(options):
            return {"chose": list(options)}
        case Wrote(words):
            return {"wrote": list(words)}
        case Skipped():
            return {"skipped": []}


def _answer_in(held: Mapping[str, list[str]]) -> Answer:
    if "chose" in held:
        return Chose(tuple(held["chose"]))
    return Wrote(tuple(held["wrote"])) if "wrote" in held else Skipped()


def _words(held: object) -> frozenset[str]:
    return frozenset(cast("list[str]", held))


def _urgency(held: object) -> Urgency:
    if held not in get_args(Urgency):
        raise ValueError
    return cast("Urgency", held)
