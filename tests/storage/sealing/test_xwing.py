"""Wraps open for the one key and the one purpose they were made for."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import PublicKey, key_id, private_key, public_key, unwrap, wrap

SEED = bytes(range(32))
PUBLIC = public_key(SEED)
BLOB = wrap(PUBLIC, b"info", b"secret")


def test_a_wrap_opens_with_the_seed_and_with_its_private_key() -> None:
    assert unwrap(SEED, b"info", BLOB) == b"secret"
    assert unwrap(bytearray(SEED), b"info", BLOB) == b"secret"
    assert unwrap(private_key(SEED), b"info", BLOB) == b"secret"


def test_sizes_are_those_of_the_suite() -> None:
    assert len(PUBLIC) == 1216
    assert len(wrap(PUBLIC, b"", bytes(32))) == 1168
    assert len(key_id(PUBLIC)) == 16


@given(st.integers(0, len(BLOB) * 8 - 1))
def test_any_flipped_bit_shuts_it(bit: int) -> None:
    changed = bytearray(BLOB)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        unwrap(private_key(SEED), b"info", bytes(changed))


@pytest.mark.parametrize("blob", [b"", BLOB[:100], BLOB[:-1], BLOB + b"\0", bytes(1136)], ids=len)
def test_what_is_no_wrap_does_not_open(blob: bytes) -> None:
    with pytest.raises(CannotOpen):
        unwrap(SEED, b"info", blob)


def test_another_key_or_another_purpose_does_not_open_it() -> None:
    with pytest.raises(CannotOpen):
        unwrap(os.urandom(32), b"info", BLOB)
    with pytest.raises(CannotOpen):
        unwrap(SEED, b"other", BLOB)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        public_key(bytes(length))


@pytest.mark.parametrize("public", [b"", PUBLIC[:-1], PUBLIC + b"\0", b"\xff" * 1216])
def test_what_is_no_public_key_is_refused(public: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wrap(PublicKey(public), b"info", b"secret")
