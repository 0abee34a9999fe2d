"""The recovery identity is an age identity, and its files are age files."""

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.age import age_file, age_keys
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import public_key
from tests.storage.sealing.age_passphrase import opened

# The example that the C2SP age specification prints; of the recipient's 1,959 characters its ends and its digest.
IDENTITY = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
RECIPIENT_BEGINS = "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95p"
RECIPIENT_ENDS = "ze9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k"
RECIPIENT_SHA256 = "a091dd7e0ee9d62b75173dcc98441a0424baa941e66a8776e570a4ae60ff61ea"

SEED = age_keys.read_identity(IDENTITY)
FILE = age_file.encrypt(public_key(SEED), b"talk and desk")


def test_the_published_example_is_reproduced() -> None:
    recipient = age_keys.recipient_text(public_key(SEED))
    assert recipient.startswith(RECIPIENT_BEGINS)
    assert recipient.endswith(RECIPIENT_ENDS)
    assert hashlib.sha256(recipient.encode()).hexdigest() == RECIPIENT_SHA256
    assert age_keys.identity_text(SEED) == IDENTITY
    assert age_keys.read_recipient(recipient + "\n") == public_key(SEED)


def test_a_file_of_another_implementation_opens() -> None:
    armoured = (Path(__file__).parent / "written_by_typage_0_3_1.age").read_text("ascii")
    _begin, *lines, _end = armoured.splitlines()
    assert age_file.decrypt(SEED, base64.b64decode("".join(lines))) == b"talk and desk"


def test_a_file_for_a_passphrase_opens_with_it_alone() -> None:
    armoured = (Path(__file__).parent / "passphrase_written_by_typage_0_3_1.age").read_text("ascii")
    _begin, *lines, _end = armoured.splitlines()
    # What opens another implementation's file opens ours.
    assert opened("eight-words-of-a-list", base64.b64decode("".join(lines))) == b"what is held on Mia\n"
    file = age_file.encrypt_for_passphrase("one-two", b"what is held")
    assert opened("one-two", file) == b"what is held"
    assert file != age_file.encrypt_for_passphrase("one-two", b"what is held")
    with pytest.raises(InvalidTag):
        opened("one-too", file)


@given(st.binary(max_size=200))
def test_bech32_gives_back_what_it_was_given(content: bytes) -> None:
    text = age_keys.bech32_encode("prefix1", content)
    assert age_keys.bech32_decode(text) == age_keys.bech32_decode(text.upper()) == ("prefix1", content)


@pytest.mark.parametrize(
    "text",
    # Invalid strings of BIP 173, but for those that only break its length limit.
    ["\x201nwldj5", "\x7f1axkwrx", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "10a06t8", ""],
)
def test_what_is_no_bech32_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(mixed case|not Bech32|wrong check sum|wrong padding)$"):
        age_keys.bech32_decode(text)


@pytest.mark.parametrize("text", ["A12UEL5L", "a12uel5l", "?1ezyfcl"])
def test_the_published_empty_strings_are_read(text: str) -> None:
    assert age_keys.bech32_decode(text) == (text[0].lower(), b"")


def test_one_changed_sign_in_an_identity_is_noticed_and_not_repeated() -> None:
    for place in range(18, len(IDENTITY)):
        changed = IDENTITY[:place] + ("Q" if IDENTITY[place] != "Q" else "P") + IDENTITY[place + 1 :]
        with pytest.raises(ValueError, match=r".+") as caught:
            age_keys.read_identity(changed)
        assert changed[18:] not in str(caught.value)


def test_an_identity_is_no_recipient() -> None:
    with pytest.raises(ValueError, match="not an age"):
        age_keys.read_recipient(IDENTITY)


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_files_of_any_length_come_back(length: int) -> None:
    plain = bytes(length)
    assert age_file.decrypt(SEED, age_file.encrypt(public_key(SEED), plain)) == plain


@given(st.integers(0, len(FILE) * 8 - 1))
def test_any_flipped_bit_shuts_the_file(bit: int) -> None:
    changed = bytearray(FILE)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        age_file.decrypt(SEED, bytes(changed))


@given(st.integers(0, len(FILE) - 1))
def test_cut_short_the_file_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        age_file.decrypt(SEED, FILE[:length])


def test_chunks_cannot_be_dropped_or_swapped() -> None:
    file = age_file.encrypt(public_key(SEED), bytes(2 * age_file.CHUNK_BYTES) + b"end")
    chunk = age_file.CHUNK_BYTES + 16
    start = len(file) - 2 * chunk - 19
    first, second, last = file[start : start + chunk], file[start + chunk : -19], file[-19:]
    for payload in (first + last, second + first + last, first + second, first):
        with pytest.raises(CannotOpen):
            age_file.decrypt(SEED, file[:start] + payload)
