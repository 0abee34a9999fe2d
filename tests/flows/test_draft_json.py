from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.values.draft import Chose, Draft, Skipped, Wrote, dump, parse
from flows.values.ids import LeadId, SiteId

words = st.text(max_size=12)
moments = st.datetimes(timezones=st.just(UTC))
tuples = st.lists(words, max_size=3).map(tuple)
answers = st.one_of(tuples.map(Chose), tuples.map(Wrote), st.just(Skipped()))
drafts = st.builds(
    Draft,
    register=st.sampled_from([None, "under_12", "12_17", "parent", "staff"]),
    language=words,
    site=words.map(SiteId),
    definition=words,
    sitting=moments,
    touched=moments,
    answers=st.dictionaries(words, answers, max_size=4),
    hidden=st.frozensets(words),
    cursor=words,
    fired=st.frozensets(words),
    raised=st.frozensets(words),
    urgency=st.sampled_from(["immediate", "same_day", "soon", "routine"]),
    struck=st.frozensets(words.map(LeadId)),
    unsure=st.booleans(),
    interrupted=st.booleans(),
    sent=st.booleans(),
    sent_at=st.none() | moments,
)


@given(drafts)
def test_a_draft_comes_back_exactly(draft: Draft) -> None:
    assert parse(dump(draft)) == draft


@given(drafts)
def test_a_draft_is_one_line_and_always_the_same(draft: Draft) -> None:
    text = dump(draft)
    assert "\n" not in text
    assert dump(parse(text)) == text


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "7", '{"v":1}', '{"v":99}', "not json", '"draft"'])
def test_anything_else_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a draft$"):
        parse(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"v":1', '"v":2'), ('"under_12"', '"teacher"'), ('"routine"', '"calm"'), (str(NOW.year), "soon")],
)
def test_a_draft_that_was_tampered_with_is_refused(old: str, new: str) -> None:
    text = dump(Draft("under_12", "en", SiteId("s"), "child", NOW, NOW))
    assert old in text
    with pytest.raises(ValueError, match=r"^not a draft$"):
        parse(text.replace(old, new))
