"""What was sealed once opens for ever; what is derived never changes (the vectors come from `freeze_vectors.py`)."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.cases.rows.share_row import read_content, read_table
from storage.cases.transfer_file import read_container
from storage.desk.partnership.sharing.partner_desk import SIGNED
from storage.sealing.age import age_file, age_keys
from storage.sealing.keys.case_keys import CaseKeys, Commitments, Epoch, Wrap, WrapKind, commit_to, unwrap_case_keys
from storage.sealing.keys.day_keys import DayKey
from storage.sealing.keys.lead_keys import lead_keys, name_tag, open_former_seed, unwrap_seed
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.keys.share_keys import SealedAnswer, SealedShare, open_answer, open_share, open_table
from storage.sealing.keys.thread_keys import open_thread, open_writing, wrapped_for
from storage.sealing.keys.transfer_key import check_receipt, transfer_key
from storage.sealing.primitives.box import Place, open_box, open_text
from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.signing import verify
from storage.sealing.primitives.xwing import key_id, private_key, public_key, unwrap
from storage.sealing.receipts.reading import read_receipt
from storage.sealing.receipts.receipt import Receipt, derive, token_to_receipt
from storage.values.shares import SharedPart

FROZEN: dict[str, str] = json.loads(Path(__file__).with_name("frozen_vectors.json").read_text(encoding="utf-8"))
KEY = bytes(range(32))
SEED = bytes(range(32, 64))
PLACE = Place("entry", "K7QM3D", 4, "message", 2)
EPOCH = Epoch("K7QM3D", 1)
KEYS = CaseKeys(bytes(range(64, 96)), bytes(range(96, 128)))


def _frozen(name: str) -> bytes:
    return bytes.fromhex(FROZEN[name])


def test_values_are_bound_as_they_were() -> None:
    assert canonical("hark/test/1", None, 7, "é", b"\0", ("a", ("b",))) == _frozen("canonical")


def test_boxes_open() -> None:
    assert open_box(KEY, PLACE, _frozen("box")) == b"They wait for me at the gate."
    assert open_text(KEY, PLACE, _frozen("text")) == "They wait for me at the gate."


def test_what_was_wrapped_for_a_key_opens() -> None:
    assert unwrap(SEED, b"info", _frozen("x-wing")) == b"secret"
    assert age_file.decrypt(age_keys.read_identity(FROZEN["age identity"]), _frozen("age file")) == b"secret"


@pytest.mark.parametrize("kind", WrapKind)
def test_case_keys_open_for_every_kind_of_reader(kind: WrapKind) -> None:
    commitments = Commitments(_frozen("talk commitment"), _frozen("desk commitment"))
    wrapped = Wrap(EPOCH, kind, key_id(public_key(SEED)), _frozen(f"{kind} wrap"))
    expected = CaseKeys(KEYS.talk, None) if kind is WrapKind.REPORTER else KEYS
    assert commit_to(EPOCH, KEYS) == commitments
    assert unwrap_case_keys(SEED, wrapped, commitments) == expected


def test_a_leads_seed_opens_and_gives_the_same_keys() -> None:
    assert unwrap_seed(_frozen("lead seed"), "eleven small boats at noon", "lead-a", 1) == SEED
    keys = lead_keys(SEED)
    assert keys.card.key_id == _frozen("lead key id")
    assert keys.card.verifying == _frozen("lead verifying key")
    assert keys.own == _frozen("lead own key")
    assert keys.index == _frozen("lead index key")
    assert name_tag(keys, "surname", "bell") == _frozen("name tag")
    assert open_former_seed(keys, _frozen("former seed"), "lead-a", 2) == KEY


@pytest.mark.parametrize("language", ["English", "Spanish"])
def test_a_receipt_that_somebody_holds_is_read(language: str) -> None:
    assert read_receipt(FROZEN[f"receipt in {language}"]) == Receipt(KEY[:10])
    assert token_to_receipt(FROZEN["receipt token"]) == Receipt(KEY[:10])


def test_a_receipt_opens_what_it_opened() -> None:
    keys = derive(Receipt(KEY[:10]), KEY[:16])
    assert keys.row_id == _frozen("receipt row id")
    assert keys.wrapping_seed == _frozen("receipt wrapping seed")
    assert keys.signing_seed == _frozen("receipt signing seed")


@pytest.mark.parametrize("seed", [SEED, KEY])
def test_what_was_written_together_opens_for_each_who_takes_part(seed: bytes) -> None:
    held = {key_id(public_key(seed)): private_key(seed)}
    assert open_thread(held, "thread", _frozen("thread wraps")) == KEY
    assert wrapped_for(_frozen("thread wraps")) == {key_id(public_key(one)) for one in (SEED, KEY)}
    assert open_writing(KEY, "thread", 3, _frozen("thread writing")) == "A quiet corner at lunch"
    for thread, number in (("other", 3), ("thread", 4)):
        with pytest.raises(CannotOpen):
            open_writing(KEY, thread, number, _frozen("thread writing"))
    with pytest.raises(CannotOpen):
        open_thread(held, "other", _frozen("thread wraps"))
    assert open_thread({}, "thread", _frozen("thread wraps")) is None


def test_signatures_and_macs_verify() -> None:
    verify(_frozen("lead verifying key"), _frozen("lead signature"), "entry/1", "K7QM3D", 4, b"text")
    ServerKey(KEY).verify(_frozen("server mac"), "case/1", "K7QM3D", ("lead-a", "lead-b"))


def test_a_transfer_key_and_its_receipts_are_what_they_were() -> None:
    key = transfer_key(SEED)
    assert (key.text, key.words) == (FROZEN["transfer key"], FROZEN["transfer key's words"])
    check_receipt(key.verifying, KEY, FROZEN["transfer receipt"])


def test_a_file_that_was_handed_over_is_read() -> None:
    copy, opened = read_container(_frozen("transfer container"))
    assert (copy.school, copy.urgency, copy.left_out) == ("Oakfield", "soon", ("Mr Bell",))
    assert [one.content["text"] for one in opened] == ["They wait for me at the gate."]


def test_keys_for_each_purpose_are_the_same() -> None:
    assert ServerKey(KEY).address_key() == _frozen("server address key")
    day = DayKey(date(2026, 3, 4), KEY)
    assert day.box_key() == _frozen("day box key")
    assert day.mark("seen", "tg", 7) == _frozen("day mark")


def test_what_was_shared_and_answered_opens_and_reads_as_it_did() -> None:
    named = key_id(public_key(SEED))
    text = open_share(SEED, "share-a", "lead-a", SealedShare(named, _frozen("share wrap"), _frozen("share")))
    assert text == FROZEN["share content"]
    content, at = read_content(text), datetime(2026, 6, 12, 9, tzinfo=UTC)
    assert content.parts == (SharedPart("She wrote:", "It hurts. █████"),)
    assert (content.until, content.answer_by, content.refers) == (at, None, False)
    later = read_content(FROZEN["share content with a clock"])
    assert (later.answer_by, later.refers, later.parts) == (at, True, content.parts)
    table = _frozen("share table")
    assert open_table({named: SEED}, "share-a", "lead-a", table) == "what was said"
    [said] = read_table(FROZEN["share table said"])
    assert (said.by, said.name, said.said["note"]) == ("lead-a", "Nurse Okafor", "It helps.")
    for share, partner, kept_so in (
        ("share-b", "lead-a", table),
        ("share-a", "lead-b", table),
        ("share-a", "lead-a", table[:-1]),
    ):
        with pytest.raises(CannotOpen):
            open_table({named: SEED}, share, partner, kept_so)
    assert open_table({}, "share-a", "lead-a", table) is None
    kept = SealedAnswer(_frozen("share answer wraps"), _frozen("share answer"))
    assert open_answer({named: SEED}, "share-a", 2, kept) == "taken on"
    signed = _frozen("share answer signature")
    verify(_frozen("lead verifying key"), signed, SIGNED, "share-a", 2, "taken on")
