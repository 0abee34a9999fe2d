"""Texts made comparable: nothing that can be typed breaks it, and doing it twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.values.normalise import digits, loose_name, plain, plain_sign, words_of


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


def test_what_a_sign_becomes_is_changed_no_further() -> None:
    """That is why one look at each sign is enough; up to the last plane in which letters of living languages stand."""
    for sign in map(chr, range(0x20000)):
        assert all(plain_sign(part) == part for part in plain_sign(sign)), ascii(sign)


@pytest.mark.parametrize("few", ["", "Straße ÁRBOL K1LL \U0001f44d\U0001f3fd "], ids=["many signs", "and few"])
def test_a_text_of_very_many_signs_is_folded_as_each_of_them(few: str) -> None:
    text = few + " ".join(map(chr, range(0x1E00, 0x1F00)))
    assert plain(text) == "".join(map(plain, text))


@given(st.text())
def test_folding_is_idempotent_and_words_are_parted_by_one_space(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    row = words_of(text)
    assert row == " ".join(row.split())


@pytest.mark.parametrize(
    "between", [" ", "-", "\u2013", "\u2212", ".", "·", "\u202f", "\u00a0", "\u3000", "\u200b", "\ufeff", "\n"]
)
@given(st.text("0123456789", min_size=1, max_size=8))
def test_a_code_is_its_digits_whatever_stands_between(between: str, code: str) -> None:
    assert digits(between.join(code)) == digits(between + code + between) == code


@given(st.text("0123456789", min_size=1, max_size=8), st.sampled_from([0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE]))
def test_a_code_is_its_digits_in_whatever_script(code: str, zero: int) -> None:
    assert digits("".join(chr(zero + int(digit)) for digit in code)) == code
    assert digits("".join(f"{digit}\ufe0f\u20e3" for digit in code)) == code


@pytest.mark.parametrize("text", ["", " ", "...", "12a", "seven green kettles sing", "123456!", "half ½", "🔟", "#123"])
def test_what_holds_more_than_digits_is_no_code(text: str) -> None:
    assert digits(text) == ""


@given(st.text())
def test_digits_are_ascii_or_nothing_whatever_the_text(text: str) -> None:
    assert digits(text) == "" or digits(text).isdecimal()
    assert digits(text).isascii()


@given(st.text())
def test_a_loose_name_is_loose_already(name: str) -> None:
    assert loose_name(loose_name(name)) == loose_name(name)
