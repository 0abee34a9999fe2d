"""A box opens with its key, in its place, unchanged; and not otherwise."""

import dataclasses
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.primitives.box import OVERHEAD_BYTES, Place, open_box, open_into_buffer, open_text, seal, seal_text
from storage.sealing.primitives.errors import CannotOpen

KEY = bytes(range(32))
PLACE = Place("entry", "K7QM3D", 4, "message", 2)
BOX = seal(KEY, PLACE, b"They wait for me at the gate.")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=3000))
def test_what_was_sealed_opens(key: bytes, plain: bytes) -> None:
    sealed = seal(key, PLACE, plain)
    assert open_box(key, PLACE, sealed) == plain
    assert len(sealed) == len(plain) + OVERHEAD_BYTES


@given(st.integers(0, len(BOX) * 8 - 1))
def test_any_flipped_bit_shuts_it(bit: int) -> None:
    changed = bytearray(BOX)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        open_box(KEY, PLACE, bytes(changed))


@given(st.integers(0, len(BOX) - 1))
def test_cut_short_it_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        open_box(KEY, PLACE, BOX[:length])


@pytest.mark.parametrize(
    "moved",
    [
        dataclasses.replace(PLACE, table="note"),
        dataclasses.replace(PLACE, case="K7QM3E"),
        dataclasses.replace(PLACE, case=None),
        dataclasses.replace(PLACE, case=b"K7QM3D"),
        dataclasses.replace(PLACE, entry=5),
        dataclasses.replace(PLACE, entry="4"),
        dataclasses.replace(PLACE, kind="note"),
        dataclasses.replace(PLACE, version=1),
    ],
    ids=str,
)
def test_in_another_place_it_does_not_open(moved: Place) -> None:
    with pytest.raises(CannotOpen):
        open_box(KEY, moved, BOX)


@given(st.binary(min_size=32, max_size=32).filter(lambda key: key != KEY))
def test_another_key_does_not_open_it(key: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_box(key, PLACE, BOX)


def test_a_commitment_of_another_key_is_refused_before_anything_is_decrypted() -> None:
    other = seal(os.urandom(32), PLACE, b"x")
    with pytest.raises(CannotOpen):
        open_box(KEY, PLACE, BOX[:17] + other[17:49] + BOX[49:])


def test_no_salt_comes_twice_in_a_hundred_thousand() -> None:
    salts = {seal(KEY, PLACE, b"")[1:17] for _ in range(100_000)}
    assert len(salts) == 100_000


def test_the_same_content_twice_has_nothing_in_common() -> None:
    one, other = seal(KEY, PLACE, b"same"), seal(KEY, PLACE, b"same")
    assert one[1:17] != other[1:17]
    assert one[17:49] != other[17:49]
    assert one[49:] != other[49:]


def test_texts_of_one_step_have_one_length() -> None:
    lengths = {len(seal_text(KEY, PLACE, text)) for text in ("", "no", "I am not sure. " * 60)}
    assert lengths == {1024 + OVERHEAD_BYTES}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=500))
def test_a_text_comes_back(text: str) -> None:
    assert open_text(KEY, PLACE, seal_text(KEY, PLACE, text)) == text


def test_bytes_that_are_no_padded_text_do_not_open_as_one() -> None:
    for plain in (b"not padded", b"\xff\x80".ljust(1024, b"\0")):
        with pytest.raises(CannotOpen):
            open_text(KEY, PLACE, seal(KEY, PLACE, plain))


def test_a_key_opens_into_a_buffer_that_can_be_wiped() -> None:
    opened = open_into_buffer(KEY, PLACE, seal(KEY, PLACE, bytearray(b"a key")))
    assert isinstance(opened, bytearray)
    assert opened == b"a key"


def test_a_key_of_another_length_is_a_bug() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(b"short", PLACE, b"")


def test_the_error_says_nothing() -> None:
    with pytest.raises(CannotOpen) as caught:
        open_box(bytes(32), PLACE, BOX)
    assert str(caught.value) == "cannot be opened"
    assert caught.value.__cause__ is None
    assert "K7QM3D" not in repr(caught.value)
