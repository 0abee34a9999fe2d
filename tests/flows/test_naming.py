"""Whether words name somebody: it errs on the side of a match, and not with every common word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.naming import names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mr bell is mean", "Mr Bell"),
        ("BELL", "Mr Ayo Bell"),
        ("it's Bell's fault", "Mr Bell"),
        ("Mr. Bell, my teacher", "Bell"),
        ("miss asha said so", "Asha Rao"),
        ("senora garcia me grita", "Sra. Ana García López"),
        ("el profe López", "Ana García López"),
        ("smith hit me", "Ms Jo Smith-Jones"),
        ("mrs obrien? no, O'Brien", "Mrs O'Brien"),
        ("الأستاذ محمد يصرخ", "محمد علي"),
        ("قال لعلي", "محمد علي"),
        ("王老师打我", "王"),
        ("NOWAK", "Nowak"),
    ],
)
def test_a_name_is_found(text: str, name: str) -> None:
    assert names(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the bells rang", "Mr Bell"),
        ("I will tell", "Will Carter"),
        ("grace is my friend", "Grace Rao"),
        ("de la casa", "Juan de la Cruz"),
        ("mr x", "Mr Bell"),
        ("", "Mr Bell"),
        ("anything", ""),
        ("mr", "Mr"),
        ("a b c", "A. B. Carter"),
    ],
)
def test_common_words_and_other_people_are_not(text: str, name: str) -> None:
    assert not names(text, name)


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_surname_as_a_word_of_its_own_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert names(f"{before} Okafor {after}", "Mrs Okafor")


@given(text=st.text(max_size=60), name=st.text(max_size=30))
def test_nothing_that_can_be_typed_breaks_it(text: str, name: str) -> None:
    assert names(text, name) in {True, False}
