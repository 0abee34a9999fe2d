"""What padding hides, and that nothing is lost by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.primitives.box import pad, padded_length, unpad
from storage.sealing.primitives.errors import CannotOpen


@given(st.binary(max_size=20_000))
def test_what_was_padded_comes_back(content: bytes) -> None:
    padded = pad(content)
    assert unpad(padded) == content
    assert len(padded) == padded_length(len(content))


@pytest.mark.parametrize("content", [b"", b"\x80", b"\x80\0", b"\0\0", b"\x80" * 1023, b"\0" * 1024])
def test_content_that_looks_like_padding_comes_back(content: bytes) -> None:
    assert unpad(pad(content)) == content


def test_short_texts_have_three_lengths_only() -> None:
    assert {padded_length(length) for length in range(16_384)} == {1024, 4096, 16384}
    assert [padded_length(length) for length in (1023, 1024, 4095, 4096, 16383)] == [1024, 4096, 4096, 16384, 16384]


@pytest.mark.parametrize(
    ("length", "padded"),
    # Worked out by hand from the paper: 2^14 < L: E = 14, S = 4, so the last 10 bits are zero; and so on.
    [(16_384, 17_408), (17_407, 17_408), (17_408, 18_432), (100_000, 100_352), (1_000_000, 1_015_808)],
)
def test_longer_contents_follow_padme(length: int, padded: int) -> None:
    assert padded_length(length) == padded


@given(st.integers(16_384, 2**40))
def test_padme_costs_at_most_twelve_percent(length: int) -> None:
    assert length < padded_length(length) <= (length + 1) * 1.12


@pytest.mark.parametrize("padded", [b"", b"\0" * 1024, b"hello".ljust(1024, b"\0"), b"hello\x80", pad(b"x") + b"\0"])
def test_what_pad_did_not_make_is_refused(padded: bytes) -> None:
    with pytest.raises(CannotOpen):
        unpad(padded)
