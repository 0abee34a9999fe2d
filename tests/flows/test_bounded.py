"""What new keys push out of a bounded table, and what they never do."""

from __future__ import annotations

from flows.values.bounds import Bounded


def test_what_was_used_longest_ago_goes_first() -> None:
    table: Bounded[int, str] = Bounded(3)
    for key in (1, 2, 3, 1, 4):
        table.put(key, "free")
    assert [key for key, _ in table.items()] == [3, 1, 4]


def test_what_is_held_outlives_however_many_new_keys() -> None:
    table: Bounded[int, str] = Bounded(50, held=lambda value: value == "held")
    for key in range(10):
        table.put(key, "held")
    for key in range(100, 10_000):
        table.admit(key, "free")
    assert {key for key, value in table.items() if value == "held"} == set(range(10))
    assert len(table) == 50


def test_a_table_full_of_what_is_held_refuses_a_new_key_and_takes_a_known_one() -> None:
    table: Bounded[int, str] = Bounded(30, held=lambda value: value == "held")
    for key in range(30):
        table.admit(key, "held")
    assert not table.admit(99, "held")
    table.admit(7, "free")
    assert len(table) == 30
    for _ in range(3):  # what is looked past moves on, so what may go is found
        if table.admit(99, "held"):
            break
    assert 99 in table
    assert 7 not in table


def test_where_nothing_may_be_refused_the_oldest_goes_although_it_is_held() -> None:
    table: Bounded[int, str] = Bounded(3, held=lambda _: True)
    for key in range(5):
        table.put(key, "held")
    assert len(table) == 3
    assert 4 in table
