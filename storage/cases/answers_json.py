"""How sentences and answers are written down inside what is sealed: plain JSON values with short keys.

The form is frozen: cases that were sealed with it must open for decades.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Literal, TypeAlias, cast

from flows.values.deeds import Answered
from flows.values.draft import Answer, Chose, Skipped, Wrote, escaped
from flows.values.text import Listed, Moment, Text, Value

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Object: TypeAlias = dict[str, Json]


def as_json(content: Json) -> str:
    """Write down what is to be sealed; `json.loads` reads it back exactly, whatever a person has sent.

    Signs outside ASCII stand as they are, so that Arabic takes two bytes a letter and not six; lone surrogates, which
    UTF-8 cannot hold, are escaped.
    """
    return escaped(json.dumps(content, ensure_ascii=False))


def write_value(value: Value) -> Json:
    """Write an argument of a sentence, or a sentence.

    Returns:
        A text or number as it is; `{"at", "style"}` for a moment (ISO 8601); `{"items"}` for a list; `{"say"}` for a
            sentence, with `for` (context), `args`, `plural` and `n` where it has them.
    """
    if isinstance(value, str | int):
        return value
    if isinstance(value, Moment):
        return {"at": value.at.isoformat(), "style": value.style}
    if isinstance(value, Listed):
        return {"items": [write_value(item) for item in value.items]}
    args: Object = {name: write_value(one) for name, one in value.args.items()}
    written: Object = {"say": value.msgid}
    written |= {"for": value.context} if value.context else {}
    written |= {"args": args} if args else {}
    written |= {"plural": value.plural} if value.plural is not None else {}
    return written | ({"n": value.count} if value.count is not None else {})


def read_value(form: Json) -> Value:
    """Read what `write_value` wrote.

    Raises:
        KeyError: It is none of its forms (a bug: what is opened was sealed by `write_value`).
        ValueError: The time of a moment is none (likewise).
    """
    if not isinstance(form, dict):
        return cast("str | int", form)
    if "say" in form:
        return read_text(form)
    if "items" in form:
        return Listed(tuple(read_value(item) for item in cast("list[Json]", form["items"])))
    style = cast('Literal["time", "date", "day_time"]', form["style"])
    return Moment(datetime.fromisoformat(cast("str", form["at"])), style)


def read_text(form: Json) -> Text:
    """Read a sentence that `write_value` wrote.

    Raises:
        KeyError: It is no sentence (a bug).
        ValueError: The time of a moment among its arguments is none (a bug).
    """
    written = cast("Object", form)
    args = {name: read_value(one) for name, one in cast("Object", written.get("args", {})).items()}
    return Text(
        cast("str", written["say"]),
        cast("str", written.get("for", "")),
        args,
        cast("str | None", written.get("plural")),
        cast("int | None", written.get("n")),
    )


def write_answer(answer: Answer) -> Json:
    """Write an answer.

    Returns:
        `{"chose": [option, …]}`, `{"wrote": [words, …]}`, or `{}` for a question that was skipped.
    """
    if isinstance(answer, Chose):
        return {"chose": list(answer.options)}
    if isinstance(answer, Wrote):
        return {"wrote": list(answer.words)}
    return {}


def read_answer(form: Json) -> Answer:
    """Read what `write_answer` wrote."""
    written = cast("dict[str, list[str]]", form)
    if "chose" in written:
        return Chose(tuple(written["chose"]))
    return Wrote(tuple(written["wrote"])) if "wrote" in written else Skipped()


def write_answered(answered: Answered) -> Json:
    """Write a question as it was shown, with its answer.

    Returns:
        `{"step", "question", "answer", "labels"}`: the labels are those of the options that were chosen, as they were
            shown, so that a definition that is changed later changes no case.
    """
    return {
        "step": answered.step,
        "question": write_value(answered.question),
        "answer": write_answer(answered.answer),
        "labels": [write_value(label) for label in answered.labels],
    }


def read_answered(form: Json) -> Answered:
    """Read what `write_answered` wrote.

    Raises:
        KeyError: It is not that (a bug).
        ValueError: The time of a moment in it is none (a bug).
    """
    written = cast("Object", form)
    return Answered(
        cast("str", written["step"]),
        read_text(written["question"]),
        read_answer(written["answer"]),
        tuple(read_text(label) for label in cast("list[Json]", written["labels"])),
    )
