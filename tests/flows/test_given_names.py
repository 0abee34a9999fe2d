"""Given names alone: which of a name they are, and what is asked for again because it may call somebody by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.people import LONGEST
from flows.names.folding import fold
from flows.names.given_names import given_names, is_called, may_be_names
from flows.names.typed_words import TypedWords


def calls(text: str, name: str) -> bool:
    """As storage asks: a word that may be a name is a given name of somebody, and the text calls somebody so."""
    typed = TypedWords(text)
    known = {*given_names(name)}
    by_index = any(is_called(typed, word) for word in may_be_names(typed) if word in known)
    assert by_index <= any(is_called(typed, one) for one in known)
    return by_index


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Mia Bell", ("mia",)),
        ("Bell, Mia", ("mia",)),
        ("Ms Mia Rose Bell", ("mia",)),  # the second is a surname, as a part of one may be
        ("Anne-Marie Bell", ("anne", "marie", "annemarie")),
        ("Siân O'Neill", ("sian",)),
        ("أ. محمد علي", ("محمد",)),
        ("דוד כהן", ("דוד",)),
        ("Ольга Иванова", (fold("Ольга"),)),
        ("王小明", ("小明",)),
        ("王 小明", ("小明",)),
        ("歐陽小明", ("小明",)),
        ("김민준", ("민준",)),
        ("สมชาย ใจดี", (fold("สมชาย"), fold("ใจดี"))),
        ("王明", ()),  # one sign, which is in many words
        ("Mia", ()),  # a surname, which is looked for anyway
        ("Nguyen Van An", ()),
        ("M. Bell", ()),
        ("M Bell", ()),
        ("Nurse Okafor", ()),
        ("Mum of Zelda", ()),
        ("Uncle Bob", ()),
        ("😀", ()),
        ("", ()),
    ],
)
def test_the_given_names_of_a_name_in_any_script_without_initials_and_forms_of_address(
    name: str, names: tuple[str, ...]
) -> None:
    assert given_names(name) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A quiet corner for Mia", "Mia Bell"),
        ("a quiet corner for mia", "Mia Bell"),
        ("MIA'S corner", "Mia Bell"),
        ("mias corner, quiet", "Mia Bell"),
        ("m i a has a corner", "Mia Bell"),
        ("Miiia has a corner", "Mia Bell"),
        ("M1a has a corner", "Mia Bell"),
        ("MsMia has a corner", "Mia Bell"),
        ("the cornerMia has", "Mia Bell"),
        ("Miá has a corner", "Mia Bell"),
        ("Anne-Marie has a corner", "Anne-Marie Bell"),
        ("annemarie has a corner", "Anne-Marie Bell"),
        ("marie has a corner", "Anne-Marie Bell"),
        ("Ask Jo about the corner", "Jo Bell"),
        ("ركن هادئ لمحمد في المدرسة", "محمد علي"),
        ("ركن هادئ ومحمد هناك", "محمد علي"),
        ("يجب ان نسأل علي عن الركن", "علي حسن"),
        ("פינה לדוד בבית הספר", "דוד כהן"),
        ("给小明一个安静的角落", "王小明"),
        ("민준에게 조용한 구석", "김민준"),
        ("มุมเงียบสำหรับสมชายที่โรงเรียน", "สมชาย ใจดี"),
        # Words by which people are called as well: asked for again, however they stand.
        ("a corner for grace at lunch", "Grace Bell"),
        ("We hope that lunch is quiet", "Hope Bell"),
        ("Mark the corner", "Mark Bell"),
        # Of these words of grammar and months: with a capital, wherever it stands, a verb behind them, an apostrophe.
        ("A corner for Will at lunch", "Will Bell"),
        ("Will it be quiet at lunch", "Will Bell"),
        ("at lunch will said so", "Will Bell"),
        ("at lunch in will's corner", "Will Bell"),
        ("ask will", "Will Bell"),
        ("It is to be quiet in May", "May Bell"),
        # Other words: as a surname that is a word.
        ("At lunch School hit me", "School Nurse"),
    ],
)
def test_a_given_name_alone_is_seen_in_any_script_and_a_word_that_is_one_rather_than_not(text: str, name: str) -> None:
    assert calls(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A quiet corner for Mia", "Maya Bell"),
        ("A familial corner", "Mia Bell"),
        ("the corner will be quiet, and lunch may be longer", "Will Bell"),
        ("the corner will be quiet, and lunch may be longer", "May Bell"),
        ("The school has a quiet corner", "School Nurse"),
        ("The nurse has a quiet corner", "Nurse Okafor"),
        ("The corner is quiet", "The Driver"),
        ("A corner, I hope", "A Bell"),
        ("My mum has a corner", "Mum Bell"),
        ("هناك ركن هادئ على اليمين", "علي حسن"),  # "on", with another last letter
        ("明天安静", "王明"),
        ("", "Mia Bell"),
    ],
)
def test_other_words_and_one_letter_are_no_given_name(text: str, name: str) -> None:
    assert not calls(text, name)


@given(st.text(max_size=LONGEST), st.text(max_size=80))
def test_whatever_is_typed_is_judged(name: str, text: str) -> None:
    typed = TypedWords(text)
    assert all(len(one) > 1 and len(given_names(name)) <= 4 for one in given_names(name))
    assert all(len(one) > 1 for one in may_be_names(typed))
    for one in (*given_names(name), *may_be_names(typed)):
        is_called(typed, one)
