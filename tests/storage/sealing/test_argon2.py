"""What a derivation may cost at most, how that is kept, and that a pepper counts."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage.sealing.primitives.argon2 import Cost, stretch
from storage.sealing.primitives.errors import CannotOpen

MOST = Cost(memory_kib=2**20, passes=16)
LEAST = Cost(memory_kib=8, passes=1)


@pytest.mark.parametrize("cost", [LEAST, MOST, Cost(8, 16), Cost(2**20, 1)])
def test_a_bearable_cost_comes_back(cost: Cost) -> None:
    assert len(cost.to_bytes()) == 8
    assert Cost.from_bytes(cost.to_bytes()) == cost


@pytest.mark.parametrize("cost", [Cost(7, 1), Cost(8, 0), Cost(2**20 + 1, 1), Cost(8, 17), Cost(8, 2**24 + 1)])
def test_one_below_or_above_is_refused(cost: Cost) -> None:
    with pytest.raises(CannotOpen):
        Cost.from_bytes(cost.to_bytes())


@pytest.mark.parametrize("stored", [b"", LEAST.to_bytes()[:7], LEAST.to_bytes() + b"\0", b"\0" + LEAST.to_bytes()])
def test_what_is_not_eight_bytes_is_no_cost(stored: bytes) -> None:
    with pytest.raises(CannotOpen):
        Cost.from_bytes(stored)


def test_a_pepper_counts_as_the_secret_of_the_rfc() -> None:
    other = Argon2id(salt=b"s" * 8, length=32, iterations=1, lanes=1, memory_cost=8, secret=b"pepper")
    peppered = other.derive(b"secret")
    assert stretch(b"secret", b"s" * 8, LEAST, b"pepper") == peppered
    assert stretch(b"secret", b"s" * 8, LEAST) != peppered
