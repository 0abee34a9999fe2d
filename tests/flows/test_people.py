"""Who is in a case, as it was written down and taken away; how cases belong together; and what of a name counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.people import LONGEST, PARTS, Person, Tied, Written, is_fit, judged, links, people, plain_name
from flows.names.forms import surnames_and_initial


def test_who_is_in_it_is_whoever_was_written_down_and_not_taken_away_since() -> None:
    said = [
        Written(3, "person", {"name": "Ayo Bell", "as": "child"}),
        Written(5, "person", {"name": "Mr Bell", "as": "adult"}),
        Written(6, "person_gone", {"person": "3", "name": "Ayo Bell", "as": "child"}),
        Written(7, "person_gone", {"person": "99"}),
        Written(9, "claim", {}),
    ]
    assert people(said) == (Person(5, "Mr Bell", "adult"),)
    assert people(said[:2]) == (Person(3, "Ayo Bell", "child"), Person(5, "Mr Bell", "adult"))


def test_a_name_has_a_letter_at_least_and_200_at_most_in_one_line() -> None:
    assert is_fit("x" * LONGEST, "child")
    assert is_fit("王", "witness")
    for name in ("", "x" * (LONGEST + 1), "x" * 10_000, "Ayo  Bell", "Ayo\nBell", " Ayo"):
        assert not is_fit(name, "child"), name[:20]
    assert not is_fit("Ayo Bell", "accused")
    assert plain_name(" Ayo \n\t Bell ") == "Ayo Bell"
    assert set(PARTS) == {"child", "carer", "sibling", "adult", "witness", "professional", "other"}


def test_links_add_up_until_they_are_ended_and_a_judgement_is_the_latest() -> None:
    said = [
        Tied("b", "child"),
        Tied("b", "event"),
        Tied("b", "child"),
        Tied("c", "adult"),
        Tied("b", "different", 3, 4),
        Tied("b", "same", 3, 4),
        Tied("c", "apart"),
    ]
    assert links(said) == {"b": ("child", "event")}
    assert judged(said) == {(3, "b", 4): True}


@pytest.mark.parametrize(
    ("name", "surnames", "initial"),
    [
        ("Ayo Bell", ("bell",), "a"),
        ("Bell, Ayo", ("bell",), "a"),
        ("Mr Bell", ("bell",), ""),
        ("BELL", ("bell",), ""),
        ("Siobhán O'Brien", ("obrien",), "s"),
        ("Jan van der Berg", ("berg",), "j"),
        ("Ana Smith-Jones", ("smith", "jones"), "a"),
        ("José García Márquez", ("garcia", "marquez"), "j"),
        ("أ. محمد علي", ("علي",), "م"),
        ("王 小明", ("王小明",), ""),
        ("王小明", ("王小明",), ""),
        ("김민준", ("김민준",), ""),
        ("\u0412. Иванова", ("иbahoba",), "b"),
        ("B", (), ""),
        ("王", (), ""),
        ("Mr B", (), ""),
        ("Dr", (), ""),
        ("😀", (), ""),
        ("", (), ""),
    ],
)
def test_of_a_name_the_surnames_and_the_initial_count_in_any_script(
    name: str, surnames: tuple[str, ...], initial: str
) -> None:
    assert surnames_and_initial(name) == (surnames, initial)


@given(st.text(max_size=LONGEST))
def test_whatever_is_typed_can_be_asked_for(name: str) -> None:
    surnames, initial = surnames_and_initial(name)
    assert all(len(one) > 1 for one in surnames)
    assert len(initial) <= 1
