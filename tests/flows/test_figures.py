"""What leaves the desk as a number: from what is told of terms and year, a cell could have been five others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.measures.figures import LOT, Published, base, halfway, publish, shares

Counts: TypeAlias = tuple[tuple[int, ...], ...]
Told: TypeAlias = tuple[object, ...]


def named(counts: Counts) -> Mapping[str, Sequence[int]]:
    return {str(number): row for number, row in enumerate(counts)}


def told(table: Published) -> Told:
    """All that a reader is told, as a key."""
    year = None if table.year is None else tuple(table.year.values())
    return (*(tuple(term.values()) for term in table.terms), year)


def tables(rows: int, terms: int, most: int) -> Iterator[Counts]:
    every = list(product(range(most + 1), repeat=terms))
    yield from product(every, repeat=rows)


def fitting(counts: Iterable[Counts]) -> Mapping[Told, list[Counts]]:
    """All tables by what is told of them: those of one key are the ones that fit it."""
    found: defaultdict[Told, list[Counts]] = defaultdict(list)
    for one in counts:
        found[told(publish(named(one)))].append(one)
    return found


def closest(fit: Sequence[Counts]) -> int:
    """How many values the cell keeps that keeps the fewest, over all that fit, in terms and in the year."""
    rows, terms = len(fit[0]), len(fit[0][0])
    cells = [{one[row][term] for one in fit} for row in range(rows) for term in range(terms)]
    years = [{sum(one[row]) for one in fit} for row in range(rows)]
    return min(map(len, (*cells, *years)))


# To 14, so that each of the lots 0, 5 and 10 is there with all that is rounded off it.
@pytest.mark.parametrize(("rows", "terms"), [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (2, 2)])
def test_every_cell_keeps_five_values_in_all_tables_that_fit(rows: int, terms: int) -> None:
    found = fitting(tables(rows, terms, 14))
    assert len(found) >= LOT - 2
    assert min(map(closest, found.values())) >= LOT


def test_figures_that_add_up_exactly_would_tell_a_cell() -> None:
    """The test itself notices what it is for: with an exact year, or with the lot of one, a cell is left with fewer."""

    def exact(counts: Counts) -> Told:
        return (*told(publish(named(counts))), tuple(sum(row) for row in counts))

    def lots(counts: Counts) -> Told:
        return (*told(publish(named(counts))), tuple(sum(row) // LOT for row in counts))

    for leak in (exact, lots):
        found: defaultdict[Told, list[Counts]] = defaultdict(list)
        for one in tables(1, 3, 14):
            found[leak(one)].append(one)
        assert min(map(closest, found.values())) < LOT


def with_other_remainders(counts: Counts) -> Iterator[Counts]:
    """All tables of the same lots: whatever is told alike is among them, or differs by a whole lot as well."""
    terms, cells = len(counts[0]), [count for row in counts for count in row]
    for over in product(range(LOT), repeat=len(cells)):
        flat = [cell - cell % LOT + more for cell, more in zip(cells, over, strict=True)]
        yield tuple(tuple(flat[at : at + terms]) for at in range(0, len(flat), terms))


@given(st.tuples(*[st.tuples(st.integers(0, 12), st.integers(0, 12))] * 2), st.data())
def test_with_how_many_were_asked_beside_them_they_keep_them_too(counts: Counts, data: st.DataObject) -> None:
    """Answers are at most as many as were asked, which is told as a table of its own."""
    sums = [sum(column) for column in zip(*counts, strict=True)]
    asked: Counts = (tuple(data.draw(st.integers(one, one + 12)) for one in sums),)
    same, same_asked = told(publish(named(counts))), told(publish(named(asked)))
    may_be = [one for [one] in with_other_remainders(asked) if told(publish(named((one,)))) == same_asked]
    fit = [
        other
        for other in with_other_remainders(counts)
        if told(publish(named(other))) == same
        and any(all(sum(c) <= most for c, most in zip(zip(*other, strict=True), one, strict=True)) for one in may_be)
    ]
    assert closest(fit) >= LOT


_ROWS = st.integers(1, 4).flatmap(
    lambda terms: st.lists(st.tuples(*[st.integers(0, 40)] * terms), min_size=1, max_size=5).map(tuple)
)


@given(_ROWS)
def test_larger_tables_keep_five_values_in_each_cell(counts: Counts) -> None:
    """For each cell there are five tables that are told alike and differ in it: one row with other remainders."""
    same = told(publish(named(counts)))
    for number, row in enumerate(counts):
        lots = [count - count % LOT for count in row]
        fit = []
        for over in product(range(LOT), repeat=len(row)):
            other = tuple(lot + more for lot, more in zip(lots, over, strict=True))
            if told(publish(named((*counts[:number], other, *counts[number + 1 :])))) == same:
                fit.append(other)
        assert all(len({one[term] for one in fit}) == LOT for term in range(len(row)))


@given(_ROWS)
def test_what_is_told_is_never_more_than_there_was(counts: Counts) -> None:
    table = publish(named(counts))
    for number, row in enumerate(counts):
        for term, count in enumerate(row):
            shown = table.terms[term][str(number)]
            assert shown is None or (shown % LOT == 0 and LOT <= shown <= count)
        assert table.year is not None
        year = table.year[str(number)]
        assert year is None or LOT <= year <= sum(row)


def test_fewer_than_five_are_hidden_and_a_second_cell_with_them() -> None:
    [term] = publish({"a": (32,), "b": (3,), "c": (12,), "d": (11,)}).terms
    assert term == {"a": 30, "b": None, "c": None, "d": 10}
    [term] = publish({"a": (32,), "b": (3,), "c": (0,)}).terms
    assert term == {"a": 30, "b": None, "c": None}
    [term] = publish({"a": (32,), "b": (3,)}).terms
    assert term == {"a": None, "b": None}
    table = publish({"a": (32, 10, 10), "b": (6, 7, 4)})
    assert table.year == {"a": 50, "b": 15}
    assert [dict(one) for one in table.terms] == [{"a": 30, "b": 5}, {"a": 10, "b": 5}, {"a": None, "b": None}]


def test_what_was_told_of_a_term_stays_as_it_was_told() -> None:
    begun = publish({"a": (32, 4), "b": (6, 9)}, whole=False)
    assert begun.year is None
    assert begun.terms == publish({"a": (32, 4, 0), "b": (6, 9, 30)}).terms[:2]


def test_of_nothing_nothing_is_told() -> None:
    assert publish({}) == publish({}, whole=True)
    assert told(publish({"a": (0, 0), "b": (0, 0)})) == told(publish({"a": (4, 0), "b": (0, 0)}))
    assert publish({"a": (), "b": ()}).terms == ()
    with pytest.raises(ValueError, match="as many terms"):
        publish({"a": (1,), "b": (1, 2)})
    with pytest.raises(ValueError, match="negative"):
        publish({"a": (-1,)})


def test_shares_and_halves_are_told_from_thirty_on_in_the_order_of_the_rows() -> None:
    [few] = publish({"a": (14,), "b": (14,)}).terms
    assert base(few) == 20
    assert shares(few) is None
    assert halfway(few) is None
    [many] = publish({"soon": (12,), "later": (23,), "last": (8,)}).terms
    assert shares(many) == {"soon": 29, "later": 57, "last": 14}
    assert list(many) == ["soon", "later", "last"]
    assert halfway(many) == "later"
    [hidden] = publish({"soon": (40,), "later": (3,), "last": (8,)}).terms
    assert shares(hidden) == {"soon": 100}
