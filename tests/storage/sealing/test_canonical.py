"""Different values never give the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.primitives.derive import Field, canonical

FIELDS = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


@given(st.tuples(st.text(max_size=4), FIELDS, FIELDS), st.tuples(st.text(max_size=4), FIELDS, FIELDS))
def test_two_encodings_are_equal_only_if_the_values_are(
    one: tuple[str, Field, Field], other: tuple[str, Field, Field]
) -> None:
    same_values = repr(one) == repr(other)
    assert (canonical(*one) == canonical(*other)) == same_values


def test_nothing_slides_from_one_field_into_the_next() -> None:
    assert canonical("l", "ab", "c") != canonical("l", "a", "bc")
    assert canonical("l", ("a",), "b") != canonical("l", ("a", "b"))
    assert canonical("l") != canonical("l", None) != canonical("l", "")
    assert canonical("l", "1") != canonical("l", 1) != canonical("l", b"1")


def test_the_encoding_is_what_it_was() -> None:
    assert canonical("l", None, 7, "é", b"\0").hex() == (
        "5300000000000000016c4c00000000000000044e00000000000000004900000000000000013753000000000000000"
        "2c3a942000000000000000100"
    )


def framed(tag: bytes, plain: bytes) -> bytes:
    return tag + len(plain).to_bytes(8) + plain


@pytest.mark.parametrize("length", [1, 98, 99, 100, 101, 1_000])
def test_short_and_long_values_are_framed_alike(length: int) -> None:
    number = 10 ** (length - 1)
    inner = framed(b"S", b"t" * length) + framed(b"I", b"%d" % number) + framed(b"B", b"b" * length)
    begun = framed(b"S", b"label") + b"L" + (3).to_bytes(8)
    assert canonical("label", "t" * length, number, b"b" * length) == begun + inner
