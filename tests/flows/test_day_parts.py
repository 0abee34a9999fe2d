"""When something is, in a child's words, seen from Monday morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from flows.values.promises import begins_in_words, ends_in_words
from flows.values.situation import Situation
from tests.flows.conftest import english

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [
        (23, 9, "this morning"),
        (23, 13, "this afternoon"),
        (23, 18, "this evening"),
        (24, 9, "tomorrow morning"),
        (25, 14, "on 2026-11-25T14:00:00+00:00 afternoon"),
        (29, 9, "on 2026-11-29T09:00:00+00:00 morning"),
        (30, 9, "on 2026-11-30T09:00:00+00:00"),
    ],
)
def test_each_part_of_a_day_has_its_words(known_by: Callable[..., Situation], day: int, hour: int, said: str) -> None:
    assert english(begins_in_words(MONDAY.replace(day=day, hour=hour), known_by(now=MONDAY))) == said


@pytest.mark.parametrize(
    ("day", "hour", "said"), [(23, 12, "today"), (24, 17, "tomorrow"), (24, 0, "today"), (23, 11, "this morning")]
)
def test_what_ends_where_a_part_ends_is_told_by_its_day_alone(
    known_by: Callable[..., Situation], day: int, hour: int, said: str
) -> None:
    assert english(ends_in_words(MONDAY.replace(day=day, hour=hour), known_by(now=MONDAY))) == said
