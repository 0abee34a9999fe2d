"""The curtain: lifted once with the PIN, gone after three misses."""

import pytest

from storage.sealing.keys.pin_lock import Curtain, is_fit_pin
from storage.sealing.primitives.argon2 import Cost, stretch
from storage.sealing.primitives.errors import FullyLocked, WrongFactor

SEED = bytes(range(32))


def test_the_pin_lifts_it_once_and_the_seed_was_wiped_meanwhile() -> None:
    seed = bytearray(SEED)
    curtain = Curtain(seed, "4071")
    assert seed == bytes(32)
    assert curtain.lift("4071") == SEED
    with pytest.raises(FullyLocked):
        curtain.lift("4071")


def test_three_misses_lock_fully() -> None:
    curtain = Curtain(bytearray(SEED), "4071")
    for left in (2, 1):
        with pytest.raises(WrongFactor):
            curtain.lift("4072")
        assert curtain.misses_left == left
    with pytest.raises(FullyLocked):
        curtain.lift("4072")
    assert (curtain._pepper, curtain._sealed) == (bytes(32), b"")
    with pytest.raises(FullyLocked):
        curtain.lift("4071")


def test_a_locked_one_derives_nothing_and_each_key_of_a_pin_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    derived: list[bytearray] = []

    def watched(pin: bytes, salt: bytes, cost: Cost, *, pepper: bytes) -> bytearray:
        assert (len(salt), cost) == (16, Cost(memory_kib=19_456, passes=2))  # the cheat sheet's own figures
        derived.append(stretch(pin, salt, cost, pepper=pepper))
        return derived[-1]

    monkeypatch.setattr("storage.sealing.keys.pin_lock.stretch", watched)
    curtain = Curtain(bytearray(SEED), "4071")
    curtain.lift("4071")
    with pytest.raises(FullyLocked):
        curtain.lift("4071")
    assert derived == [bytes(32), bytes(32)]


def test_without_the_pepper_of_the_process_the_pin_lifts_nothing() -> None:
    curtain = Curtain(bytearray(SEED), "4071")
    curtain._pepper[0] ^= 1
    with pytest.raises(WrongFactor):
        curtain.lift("4071")


def test_the_right_pin_at_the_third_try_still_lifts_it() -> None:
    curtain = Curtain(bytearray(SEED), "4071")
    for wrong in ("0000", "not digits"):
        with pytest.raises(WrongFactor):
            curtain.lift(wrong)
    assert curtain.lift("4071") == SEED


def test_locking_leaves_nothing_to_lift() -> None:
    curtain = Curtain(bytearray(SEED), "4071")
    curtain.lock()
    assert curtain._pepper == bytes(32)
    with pytest.raises(FullyLocked):
        curtain.lift("4071")


@pytest.mark.parametrize("pin", ["4071", "40718265", "001122", "1212"])
def test_fit_pins(pin: str) -> None:
    assert is_fit_pin(pin)


@pytest.mark.parametrize("pin", ["", "407", "407182659", "1111", "1234", "98765", "40a1", "٤٠٧١", "40 71"])
def test_unfit_pins(pin: str) -> None:
    assert not is_fit_pin(pin)
    seed = bytearray(SEED)
    with pytest.raises(ValueError, match="unfit"):
        Curtain(seed, pin)
    assert seed == SEED
