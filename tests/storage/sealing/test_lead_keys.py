"""A lead's keys open with the lead's passphrase and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.keys.lead_keys import (
    LEAD_COST,
    LeadKeys,
    lead_keys,
    new_lead_seed,
    open_former_seed,
    public_card,
    seal_former_seed,
    unwrap_seed,
    wrap_seed,
)
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.errors import CannotOpen, WrongFactor
from storage.sealing.primitives.signing import sign, verify
from storage.sealing.primitives.xwing import unwrap, wrap

LIGHT = Cost(memory_kib=8, passes=1)  # what is tested here does not depend on the cost
SEED = bytes(range(32))
PASSPHRASE = "eleven small boats at noon"
WRAPPED = wrap_seed(SEED, PASSPHRASE, "lead-a", 1, LIGHT)


def test_the_passphrase_opens_it_at_full_cost() -> None:
    wrapped = wrap_seed(SEED, PASSPHRASE, "lead-a", 1)
    assert wrapped[1:9] == LEAD_COST.to_bytes()
    assert unwrap_seed(wrapped, PASSPHRASE, "lead-a", 1) == SEED
    assert len(wrapped) == 122


def test_a_wrong_passphrase_does_not() -> None:
    for wrong in ("eleven small boats at noo", "Eleven small boats at noon", ""):
        with pytest.raises(WrongFactor):
            unwrap_seed(WRAPPED, wrong, "lead-a", 1)


def test_another_lead_or_an_older_version_does_not() -> None:
    for lead, version in (("lead-b", 1), ("lead-a", 2)):
        with pytest.raises(WrongFactor):
            unwrap_seed(WRAPPED, PASSPHRASE, lead, version)


def test_however_the_keyboard_composes_accents_the_passphrase_is_the_same() -> None:
    wrapped = wrap_seed(SEED, "caf\u00e9 con \u00f1and\u00fa azul", "lead-a", 1, LIGHT)
    assert unwrap_seed(wrapped, "cafe\u0301 con n\u0303andu\u0301 azul", "lead-a", 1) == SEED


# The stored cost, bytes 1 to 8, is left out: a higher one within bounds would be slow to try. Its tests follow.
@given(st.sampled_from([0, *range(9, len(WRAPPED))]), st.integers(0, 7))
def test_any_flipped_bit_shuts_it(byte: int, bit: int) -> None:
    changed = bytearray(WRAPPED)
    changed[byte] ^= 1 << bit
    with pytest.raises((WrongFactor, CannotOpen)):
        unwrap_seed(bytes(changed), PASSPHRASE, "lead-a", 1)


def test_a_lowered_cost_does_not_open_it() -> None:
    wrapped = wrap_seed(SEED, PASSPHRASE, "lead-a", 1, Cost(memory_kib=16, passes=2))
    with pytest.raises(WrongFactor):
        unwrap_seed(wrapped[:1] + LIGHT.to_bytes() + wrapped[9:], PASSPHRASE, "lead-a", 1)


@pytest.mark.parametrize("cost", [Cost(2**31, 1), Cost(64, 10**6), Cost(0, 1), Cost(64, 0)])
def test_a_cost_that_would_exhaust_the_machine_is_refused(cost: Cost) -> None:
    with pytest.raises(CannotOpen):
        unwrap_seed(WRAPPED[:1] + cost.to_bytes() + WRAPPED[9:], PASSPHRASE, "lead-a", 1)


@pytest.mark.parametrize("wrapped", [b"", WRAPPED[:24], b"\2" + WRAPPED[1:]], ids=["empty", "cut", "another-kind"])
def test_what_is_no_wrapped_seed_is_refused(wrapped: bytes) -> None:
    with pytest.raises(CannotOpen):
        unwrap_seed(wrapped, PASSPHRASE, "lead-a", 1)


def test_two_wraps_of_one_seed_have_nothing_in_common() -> None:
    assert wrap_seed(SEED, PASSPHRASE, "lead-a", 1, LIGHT)[9:] != WRAPPED[9:]


def test_the_card_is_the_public_half_of_the_keys() -> None:
    keys = lead_keys(SEED)
    assert public_card(SEED) == keys.card
    assert unwrap(keys.private, b"", wrap(keys.card.wrapping, b"", b"key")) == b"key"
    verify(keys.card.verifying, sign(keys.signing_seed, "note/1", "text"), "note/1", "text")


def test_each_purpose_has_its_own_key() -> None:
    keys = lead_keys(SEED)
    assert len({bytes(SEED), bytes(keys.signing_seed), bytes(keys.own)}) == 3
    assert public_card(new_lead_seed()) != public_card(new_lead_seed())


def test_it_costs_what_the_rfc_says() -> None:
    assert Cost(memory_kib=65_536, passes=3) == LEAD_COST  # RFC 9106, section 4, second choice


def test_wiped_keys_are_zeros_and_those_behind_a_card_are_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[LeadKeys] = []
    derive = lead_keys

    def watched(seed: bytes) -> LeadKeys:
        made.append(derive(seed))
        return made[-1]

    monkeypatch.setattr("storage.sealing.keys.lead_keys.lead_keys", watched)
    public_card(SEED)
    [keys] = made
    for key in (keys.signing_seed, keys.own, keys.tags, keys.index):
        assert key == bytes(32)


def test_the_seed_of_before_opens_with_the_new_keys_for_one_lead_and_version() -> None:
    keys = lead_keys(new_lead_seed())
    sealed = seal_former_seed(keys, SEED, "lead-a", 2)
    assert open_former_seed(keys, sealed, "lead-a", 2) == SEED
    for other, lead, version in ((keys, "lead-b", 2), (keys, "lead-a", 1), (lead_keys(SEED), "lead-a", 2)):
        with pytest.raises(CannotOpen):
            open_former_seed(other, sealed, lead, version)


def test_nothing_secret_shows_when_printed() -> None:
    assert repr(lead_keys(SEED)).startswith("LeadKeys(card=PublicCard(")
