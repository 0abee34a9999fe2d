"""Who holds which key of a case."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.age import age_file
from storage.sealing.keys.case_keys import (
    CaseKeys,
    Commitments,
    Epoch,
    Wrap,
    WrapKind,
    commit_to,
    new_case_keys,
    unwrap_case_keys,
    wrap_case_keys,
)
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId, public_key

EPOCH = Epoch("K7QM3D", 1)
KEYS = new_case_keys()
COMMITMENTS = commit_to(EPOCH, KEYS)
SEEDS = {kind: bytes([number]) * 32 for number, kind in enumerate(WrapKind)}
WRAPS = {
    wrapped.kind: wrapped
    for wrapped in wrap_case_keys(EPOCH, KEYS, [(kind, public_key(SEEDS[kind])) for kind in WrapKind])
}


@pytest.mark.parametrize("kind", [WrapKind.LEAD, WrapKind.RECOVERY, WrapKind.PARTNER])
def test_recipients_get_both_keys(kind: WrapKind) -> None:
    assert unwrap_case_keys(SEEDS[kind], WRAPS[kind], COMMITMENTS) == KEYS


def test_the_reporter_gets_the_talk_key_alone() -> None:
    opened = unwrap_case_keys(SEEDS[WrapKind.REPORTER], WRAPS[WrapKind.REPORTER], COMMITMENTS)
    assert opened == CaseKeys(KEYS.talk, None)


@pytest.mark.parametrize("kind", WrapKind)
def test_a_wrap_opens_for_its_reader_only(kind: WrapKind) -> None:
    for other in set(WrapKind) - {kind}:
        with pytest.raises(CannotOpen):
            unwrap_case_keys(SEEDS[other], WRAPS[kind], COMMITMENTS)


@pytest.mark.parametrize("kind", WrapKind)
@given(data=st.data())
def test_any_flipped_bit_shuts_it(kind: WrapKind, data: st.DataObject) -> None:
    blob = bytearray(WRAPS[kind].blob)
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        unwrap_case_keys(SEEDS[kind], dataclasses.replace(WRAPS[kind], blob=bytes(blob)), COMMITMENTS)


def _moved(wrapped: Wrap) -> list[Wrap]:
    kinds = [dataclasses.replace(wrapped, kind=kind) for kind in WrapKind if kind is not wrapped.kind]
    epochs = [dataclasses.replace(wrapped, epoch=epoch) for epoch in (Epoch("K7QM3E", 1), Epoch("K7QM3D", 2))]
    return [*kinds, *epochs, dataclasses.replace(wrapped, key_id=KeyId(bytes(16)))]


@pytest.mark.parametrize("kind", WrapKind)
def test_moved_to_another_case_epoch_kind_or_key_it_does_not_open(kind: WrapKind) -> None:
    for moved in _moved(WRAPS[kind]):
        with pytest.raises(CannotOpen):
            unwrap_case_keys(SEEDS[kind], moved, COMMITMENTS)


@pytest.mark.parametrize("kind", WrapKind)
def test_other_commitments_shut_it(kind: WrapKind) -> None:
    other = commit_to(EPOCH, new_case_keys())
    for commitments in (other, Commitments(COMMITMENTS.talk, other.desk), Commitments(other.talk, COMMITMENTS.desk)):
        with pytest.raises(CannotOpen):
            unwrap_case_keys(SEEDS[kind], WRAPS[kind], commitments)


@pytest.mark.parametrize("kind", [WrapKind.LEAD, WrapKind.REPORTER])
def test_a_sender_cannot_hand_one_reader_other_keys_than_those_committed_to(kind: WrapKind) -> None:
    from storage.sealing.keys import case_keys

    forged = case_keys._wrap_one(EPOCH, new_case_keys(), COMMITMENTS, kind, public_key(SEEDS[kind]))
    with pytest.raises(CannotOpen):
        unwrap_case_keys(SEEDS[kind], forged, COMMITMENTS)


def test_a_stock_age_reads_the_keys_out_of_the_recovery_wrap() -> None:
    text = age_file.decrypt(SEEDS[WrapKind.RECOVERY], WRAPS[WrapKind.RECOVERY].blob).decode()
    assert text.startswith("hark recovery wrap 1\ncase 'K7QM3D' epoch 1\nbound ")
    assert KEYS.desk is not None
    assert text.endswith(f"talk {KEYS.talk.hex()}\ndesk {KEYS.desk.hex()}\n")


def test_another_epoch_has_other_keys_and_commitments() -> None:
    assert new_case_keys() != new_case_keys()
    assert commit_to(Epoch("K7QM3D", 2), KEYS) != COMMITMENTS


def test_a_reporters_keys_cannot_make_wraps() -> None:
    with pytest.raises(ValueError, match="reporter"):
        wrap_case_keys(EPOCH, CaseKeys(KEYS.talk, None), [])


def test_keys_do_not_show_when_printed() -> None:
    assert KEYS.talk.hex() not in repr(KEYS)
    assert repr(KEYS) == "CaseKeys()"
