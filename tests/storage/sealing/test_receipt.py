"""A receipt brings back, in any list's language; a slip is told at once."""

import os
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.receipts.reading import read_receipt
from storage.sealing.receipts.receipt import (
    Receipt,
    Slip,
    SlipKind,
    derive,
    new_receipt,
    receipt_to_token,
    token_to_receipt,
)
from storage.sealing.receipts.words import LANGUAGES, words_of

SECRETS = st.binary(min_size=10, max_size=10)


@given(SECRETS, st.sampled_from(LANGUAGES))
def test_the_words_that_were_shown_are_read(secret: bytes, language: str) -> None:
    receipt = Receipt(secret, language)
    assert len(receipt.words.split(" ")) == 8
    read = read_receipt(receipt.words)
    assert read == receipt
    assert isinstance(read, Receipt)
    assert read.language == language


@pytest.mark.parametrize(
    "rewrite", [str.upper, str.title, lambda words: words.replace(" ", ",\n"), lambda words: f" {words}. "]
)
@given(SECRETS, st.sampled_from(LANGUAGES))
def test_the_way_of_writing_does_not_matter(rewrite: Callable[[str], str], secret: bytes, language: str) -> None:
    receipt = Receipt(secret, language)
    assert read_receipt(rewrite(receipt.words)) == receipt


def _noticed(slips: list[list[str]]) -> float:
    return sum(isinstance(read_receipt(" ".join(words)), Slip) for words in slips) / len(slips)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_wrong_word_is_noticed_255_times_in_256(language: str) -> None:
    right = Receipt(bytes(range(10)), language).words.split()
    slips = [
        [*right[:position], other, *right[position + 1 :]]
        for position in range(8)
        for other in words_of(language)
        if other != right[position]
    ]
    assert _noticed(slips) > 0.994


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_words_in_each_others_place_are_noticed(language: str) -> None:
    dice = random.Random(7)
    slips = []
    for _ in range(100):
        words = Receipt(dice.randbytes(10), language).words.split()
        for place in range(7):
            swapped = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
            slips += [swapped] if swapped != words else []
    assert _noticed(slips) > 0.98


def test_an_unknown_word_is_named_by_its_place_and_the_word_that_was_meant() -> None:
    words = Receipt(bytes(10), "en").words.split()
    words[2] = "umrbella"
    slip = read_receipt(" ".join(words))
    assert slip == Slip(SlipKind.UNKNOWN, position=3, near="umbrella")


@pytest.mark.parametrize(("text", "count"), [("", 0), ("one", 1), ("apple " * 7, 7), ("apple " * 9, 9), ("!?", 0)])
def test_too_few_or_too_many_words_are_counted(text: str, count: int) -> None:
    assert read_receipt(text) == Slip(SlipKind.COUNT, count=count)


def test_words_of_two_lists_are_no_receipt() -> None:
    english, spanish = Receipt(bytes(10), "en").words.split(), Receipt(bytes(10), "es").words.split()
    slip = read_receipt(" ".join(english[:5] + spanish[5:]))
    assert isinstance(slip, Slip)
    assert (slip.kind, slip.position) == (SlipKind.UNKNOWN, 6)


@given(SECRETS)
def test_a_button_can_carry_it(secret: bytes) -> None:
    token = receipt_to_token(Receipt(secret))
    assert len(token.encode()) == 15
    assert token_to_receipt(token) == Receipt(secret)


@pytest.mark.parametrize("token", ["", "A", "A" * 14, "A" * 15, "A" * 16, "ä" * 15, "=" * 15, "A" * 200])
def test_a_token_that_was_changed_is_a_slip(token: str) -> None:
    assert token_to_receipt(token) == Slip(SlipKind.CHECK)


def test_new_receipts_take_the_readers_language_and_all_their_randomness() -> None:
    receipt = new_receipt("es-AR", lambda count: bytes(range(count)))
    assert receipt == Receipt(bytes(range(10)), "es")
    assert len({new_receipt("ar", os.urandom).words for _ in range(1000)}) == 1000


def test_what_it_opens_depends_on_the_secret_and_the_deployment_alone() -> None:
    keys = derive(Receipt(bytes(10), "en"), bytes(16))
    assert keys == derive(Receipt(bytes(10), "es"), bytes(16))
    others = [derive(Receipt(bytes(9) + b"\1"), bytes(16)), derive(Receipt(bytes(10)), b"\1" * 16)]
    assert len({keys.row_id, *(other.row_id for other in others)}) == 3
    assert keys.row_id[:16] not in (keys.wrapping_seed[:16], keys.signing_seed[:16])
    assert keys.wrapping_seed != keys.signing_seed


def test_nothing_secret_shows_when_printed() -> None:
    receipt = Receipt(b"0123456789")
    assert repr(receipt) == "Receipt(language='en')"
    assert "umbrella" not in repr(Slip(SlipKind.UNKNOWN, position=3, near="umbrella"))
    assert repr(derive(receipt, bytes(16))).startswith("ReceiptKeys(row_id=")
    assert "seed" not in repr(derive(receipt, bytes(16)))


def test_every_token_has_its_fifteen_characters_and_nothing_may_stand_between_them() -> None:
    tokens = [receipt_to_token(Receipt(bytes(9) + bytes([number]))) for number in range(256)]
    assert {len(token) for token in tokens} == {15}
    for place in range(15):
        stray = f"{tokens[0][:place]}!{tokens[0][place:]}"
        assert token_to_receipt(stray) == Slip(SlipKind.CHECK)


def test_what_is_amiss_has_its_name() -> None:
    assert [*SlipKind] == ["count", "unknown", "check"]
