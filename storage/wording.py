"""How sentences and answers are written down inside what is sealed: plain JSON values with short keys.

The form is frozen: cases that were sealed with it must open for decades.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias, cast

from flows.deeds import Answered
from flows.draft import Answer, Chose, Skipped, Wrote
from flows.texts import Listed, Moment, Text, Value

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Object: TypeAlias = dict[str, Json]


def write_value(value: Value) -> Json:
    """Write an argument of a sentence, or a sentence."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, Moment):
        return {"at": value.at.isoformat(), "style": value.style}
    if isinstance(value, Listed):
        return {"items": [write_value(item) for item in value.items]}
    args: Object = {name: write_value(one) for name, one in value.args.items()}
    written: Object = {"say": value.msgid, "for": value.context, "args": args, "plural": value.plural, "n": value.count}
    return {key: one for key, one in written.items() if one not in ("", {}, None) or key == "say"}


def read_value(json: Json) -> Value:
    """Read what `write_value` wrote."""
    if not isinstance(json, dict):
        return cast("str | int", json)
    if "say" in json:
        return read_text(json)
    if "items" in json:
        return Listed(tuple(read_value(item) for item in cast("list[Json]", json["items"])))
    style = cast('Literal["time", "date", "day_time"]', json["style"])
    return Moment(datetime.fromisoformat(cast("str", json["at"])), style)


def read_text(json: Json) -> Text:
    """Read a sentence that `write_value` wrote."""
    written = cast("Object", json)
    args = {name: read_value(one) for name, one in cast("Object", written.get("args", {})).items()}
    return Text(
        cast("str", written["say"]),
        cast("str", written.get("for", "")),
        args,
        cast("str | None", written.get("plural")),
        cast("int | None", written.get("n")),
    )


def write_answer(answer: Answer) -> Json:
    """Write an answer."""
    if isinstance(answer, Chose):
        return {"chose": list(answer.options)}
    if isinstance(answer, Wrote):
        return {"wrote": list(answer.words)}
    return {}


def read_answer(json: Json) -> Answer:
    """Read what `write_answer` wrote."""
    written = cast("dict[str, list[str]]", json)
    if "chose" in written:
        return Chose(tuple(written["chose"]))
    return Wrote(tuple(written["wrote"])) if "wrote" in written else Skipped()


def write_answered(answered: Answered) -> Json:
    """Write a question as it was shown, with its answer."""
    return {
        "step": answered.step,
        "question": write_value(answered.question),
        "answer": write_answer(answered.answer),
        "labels": [write_value(label) for label in answered.labels],
    }


def read_answered(json: Json) -> Answered:
    """Read what `write_answered` wrote."""
    written = cast("Object", json)
    return Answered(
        cast("str", written["step"]),
        read_text(written["question"]),
        read_answer(written["answer"]),
        tuple(read_text(label) for label in cast("list[Json]", written["labels"])),
    )
