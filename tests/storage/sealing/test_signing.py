"""Signatures stand for exactly what was signed, by exactly whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.primitives.signing import sign, verify, verifying_key

SEED = bytes(range(32))
PUBLIC = verifying_key(SEED)


@given(st.text(max_size=5), st.lists(st.text(max_size=5) | st.integers() | st.none(), max_size=4))
def test_what_was_signed_verifies(label: str, fields: list[str | int | None]) -> None:
    signature = sign(SEED, label, *fields)
    assert len(signature) == 64
    verify(PUBLIC, signature, label, *fields)


def test_anything_else_does_not() -> None:
    signature = sign(SEED, "entry/1", "case", 1, b"text")
    changed = bytes([signature[0] ^ 1]) + signature[1:]
    for public, mark, label, fields in [
        (PUBLIC, signature, "entry/2", ("case", 1, b"text")),
        (PUBLIC, signature, "entry/1", ("case", 2, b"text")),
        (PUBLIC, signature, "entry/1", ("case1", b"text")),
        (PUBLIC, changed, "entry/1", ("case", 1, b"text")),
        (PUBLIC, b"", "entry/1", ("case", 1, b"text")),
        (b"", signature, "entry/1", ("case", 1, b"text")),
        (verifying_key(bytes(32)), signature, "entry/1", ("case", 1, b"text")),
    ]:
        with pytest.raises(NotGenuine):
            verify(public, mark, label, *fields)


def test_the_published_key_pair_is_reproduced() -> None:
    # RFC 8032, section 7.1, test 1.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert verifying_key(seed).hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
