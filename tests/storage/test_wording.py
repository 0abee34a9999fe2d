"""What is written down inside a seal is read back exactly, for decades."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flows.values.deeds import Answered
from flows.values.draft import Chose, Skipped, Wrote
from flows.values.text import Listed, Moment, Text
from storage.cases.answers_json import as_json, read_answered, read_value, write_answered, write_value

moments = st.builds(Moment, st.datetimes(timezones=st.just(UTC)), st.sampled_from(["time", "date", "day_time"]))


def texts(values: Any) -> Any:
    plural = st.none() | st.text()
    return st.builds(
        Text, st.text(), st.text(), st.dictionaries(st.text(), values, max_size=3), plural, st.none() | st.integers()
    )


values = st.recursive(
    st.text() | st.integers() | moments,
    lambda inner: texts(inner) | st.builds(Listed, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)
words = st.lists(st.text(), max_size=4).map(tuple)
answers = st.builds(Chose, words) | st.builds(Wrote, words) | st.just(Skipped())


@given(values)
def test_every_sentence_comes_back(value: Any) -> None:
    assert read_value(json.loads(json.dumps(write_value(value)))) == value


@given(st.builds(Answered, st.text(), texts(values), answers, st.lists(texts(values), max_size=3).map(tuple)))
def test_every_answer_comes_back(answered: Answered) -> None:
    assert read_answered(json.loads(json.dumps(write_answered(answered)))) == answered


def test_the_form_is_frozen() -> None:
    kept = (
        '{"step": "when", "question": {"say": "When was {what}?", "for": "child", "args": {"what": {"say": "it"}}},'
        ' "answer": {"chose": ["today"]}, "labels": [{"say": "{n} day", "plural": "{n} days", "n": 1}]}'
    )
    question = Text("When was {what}?", "child", {"what": Text("it")})
    expected = Answered("when", question, Chose(("today",)), (Text("{n} day", plural="{n} days", count=1),))
    assert read_answered(json.loads(kept)) == expected
    assert write_answered(expected) == json.loads(kept)
    at = {"at": "2026-11-23T09:00:00+00:00", "style": "time"}
    assert read_value(at) == Moment(datetime(2026, 11, 23, 9, tzinfo=UTC), "time")


@given(st.text(st.characters()))
def test_also_half_characters_come_back_and_can_be_sealed(text: str) -> None:
    written = as_json({"text": text + "\ud83d"})
    assert json.loads(written.encode()) == {"text": text + "\ud83d"}
