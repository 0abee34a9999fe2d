"""A source's day, told coarsely."""

from __future__ import annotations

from storage.reporters.source_counts import band


def test_one_two_a_few_and_many_are_told_apart_and_nothing_finer() -> None:
    assert [band(sent) for sent in (1, 2, 3, 4, 5, 6, 7, 5_000)] == [1, 2, 3, 3, 3, 4, 4, 4]
