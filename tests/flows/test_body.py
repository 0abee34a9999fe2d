"""Places on an outline: a lead says them by number, and each is drawn within the body that it belongs to."""

from __future__ import annotations

import pytest

from flows.measures.body import PLACES, marks_of, places_typed


@pytest.mark.parametrize(("typed", "read"), [("10 24", {10, 24}), ("1, 30", {1, 30}), (" 7 ", {7})])
def test_numbers_are_read_as_they_are_typed(typed: str, read: set[int]) -> None:
    assert places_typed(typed) == read


@pytest.mark.parametrize("typed", ["", "0", "31", "left arm", "1 x", "-1", "\u0661", "1" * 5000])
def test_what_is_no_number_of_the_list_is_none(typed: str) -> None:
    assert places_typed(typed) is None


def test_left_is_the_persons_own_left() -> None:
    for place in PLACES:
        own = place.name.msgid
        if "left" in own:
            assert (place.x > 500) is not place.back, own
        if "right" in own:
            assert (place.x < 500) is not place.back, own


def test_each_place_has_a_name_and_a_spot_of_its_own_and_its_number_stands_there() -> None:
    assert len({(one.back, one.x, one.y) for one in PLACES}) == len({one.name.msgid for one in PLACES}) == len(PLACES)
    [mark] = marks_of([24])
    assert (mark.number, mark.view) == (24, "back")
