"""Texts made comparable: nothing that can be typed breaks it, and doing it twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.crisis_words import words_of
from flows.folding import plain


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("ÁRBOL", "arbol"),
        ("\N{FULLWIDTH LATIN SMALL LETTER W}ide", "wide"),
        ("Straße", "strasse"),
        ("אָב", "אב"),
        ("أنا إلى آخر", "انا الي اخر"),
        ("مدرسة", "مدرسه"),
        ("👍🏽", "👍"),
        ("zero\u200dwidth", "zerowidth"),
        ("", ""),
    ],
)
def test_forms_of_one_letter_become_one(typed: str, compared: str) -> None:
    assert plain(typed) == compared


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Don\N{RIGHT SINGLE QUOTATION MARK}t!!", "dont"),
        ("su1c1de", "suicide"),
        ("year 7, room 11", "year 7 rom 11"),
        ("sooooo", "so"),
        ("s u i c i d e", "suicide"),
        ("a b c", "a b c"),
        ("🔪🔪me", "🔪 🔪 me"),
        ("help!", "help"),
    ],
)
def test_tricks_of_typing_are_undone(typed: str, words: str) -> None:
    assert words_of(typed) == words


@given(st.text())
def test_folding_is_idempotent_and_words_are_parted_by_one_space(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    row = words_of(text)
    assert row == " ".join(row.split())
