"""A draft as one line of JSON and back, exactly; sealed by `storage` as it comes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast, get_args

from flows.draft import Answer, Chose, Draft, Skipped, Wrote
from flows.ids import LeadId, Register, SiteId, Urgency

#: Raised when the shape changes; `parse` reads every version that ever was.
VERSION: Final = 1


def dump(draft: Draft) -> str:
    """`draft` as JSON without line breaks; equal drafts give equal text."""
    return json.dumps(
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
        },
        ensure_ascii=False,
        separators=(",", ":"),
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
