"""The receipt: eight words that bring a reporter back to the case, known to nobody else.

80 random bits and 8 bits that check them, as eight places in a list of 2,048 words. Everything that the server keeps
for a reporter is found and opened by keys derived from these bits; the words themselves are never kept.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from storage.sealing.primitives.argon2 import Cost, stretch
from storage.sealing.primitives.derive import canonical, expand, wipe
from storage.sealing.receipts.words import SHORTEST, list_language, words_of

WORDS = 8
#: Characters of the shortest ASCII text that holds a receipt, or is one but for a slip: its words, joined.
SHORTEST_TEXT = WORDS * SHORTEST
SECRET_BYTES = 10
# OWASP Password Storage Cheat Sheet, Argon2id; the receipt's own 80 bits do the rest.
RECEIPT_COST = Cost(memory_kib=19 * 1024, passes=2)
_BITS_A_WORD = 11  # a list has 2,048 words
ROW_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that is in itself right; whether there is a case for it is another question.

    Attributes:
        secret: The 10 random bytes.
        language: The list that its words are shown from; of no account for what it opens.
    """

    secret: bytes = field(repr=False)
    language: str = field(default="en", compare=False)

    @property
    def words(self) -> str:
        """The eight words as shown: lower case, single spaces between them."""
        bits = int.from_bytes(_checked(self.secret))
        shifts = range(_BITS_A_WORD * (WORDS - 1), -1, -_BITS_A_WORD)
        shown = words_of(self.language)
        return " ".join(shown[bits >> shift & 0x7FF] for shift in shifts)


class SlipKind(StrEnum):
    """What is amiss with the words."""

    COUNT = "count"
    UNKNOWN = "unknown"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Slip:
    """The words cannot be a receipt; said without a look at the database.

    Attributes:
        kind: `count`: not eight words; `unknown`: a word is in no list; `check`: all are words, but one of them is
            another, or two stand in each other's place (255 of 256 such slips are noticed).
        count: How many words there were.
        position: Which word is unknown, from 1; None for the other kinds.
        near: The word of the list that was probably meant, if one is close.
    """

    kind: SlipKind
    count: int = WORDS
    position: int | None = None
    near: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """What a receipt opens.

    Attributes:
        row_id: 16 bytes by which the reporter's row is found.
        wrapping_seed: The X-Wing seed (32 bytes) of the reporter's wrap.
        signing_seed: The Ed25519 seed (32 bytes) that signs the reporter's messages.
    """

    row_id: bytes
    wrapping_seed: bytes = field(repr=False)
    signing_seed: bytes = field(repr=False)


def new_receipt(language: str, random: Callable[[int], bytes]) -> Receipt:
    """Draw a receipt.

    Args:
        language: The reporter's language tag; a language without a list gets English words.
        random: Gives so many random bytes; `os.urandom` outside tests.
    """
    return Receipt(random(SECRET_BYTES), list_language(language))


def from_places(places: Sequence[int], language: str) -> Receipt | Slip:
    """Read the places of eight words in a language's list.

    Args:
        places: Eight numbers from 0 to 2,047, in the order of the words.
        language: The list that they are of, which the receipt is shown in.

    Returns:
        The receipt, or a slip of the kind `check` if the words do not fit together.
    """
    bits = 0
    for place in places:
        bits = bits << _BITS_A_WORD | place
    return _from_checked(bits.to_bytes(SECRET_BYTES + 1), language)


def receipt_to_token(receipt: Receipt) -> str:
    """Give the compact form for a button's data: 15 characters of base64url."""
    return base64.urlsafe_b64encode(_checked(receipt.secret)).decode().rstrip("=")


def token_to_receipt(token: str, language: str = "en") -> Receipt | Slip:
    """Read what `receipt_to_token` gave.

    Args:
        token: As it came in a button's data: anybody can send any.
        language: That of the words it would be shown in.

    Returns:
        The receipt, or a slip of the kind `check` for everything that is no such token.
    """
    try:
        checked = base64.b64decode(token.encode() + b"=", altchars=b"-_", validate=True)
    except binascii.Error:
        return Slip(SlipKind.CHECK)
    return _from_checked(checked, list_language(language))


def derive(receipt: Receipt, salt: bytes, cost: Cost = RECEIPT_COST) -> ReceiptKeys:
    """Derive what a receipt opens. Blocking (about 50 ms, 19 MiB): call it in a thread.

    Args:
        receipt: The receipt; its language does not matter.
        salt: The deployment's one salt, at least 16 bytes, backed up: without it no receipt opens anything.
        cost: The deployment's one cost: with another one the receipt opens nothing.
    """
    root = stretch(receipt.secret, salt, cost)
    try:
        return ReceiptKeys(
            bytes(expand(root, "hark/receipt/row-id/1", length=ROW_ID_BYTES)),
            bytes(expand(root, "hark/receipt/x-wing/1")),
            bytes(expand(root, "hark/receipt/ed25519/1")),
        )
    finally:
        wipe(root)


def _checked(secret: bytes) -> bytes:
    return secret + hashlib.sha256(canonical("hark/receipt-check/1", secret)).digest()[:1]


def _from_checked(checked: bytes, language: str) -> Receipt | Slip:
    secret = checked[:SECRET_BYTES]
    if checked != _checked(secret):
        return Slip(SlipKind.CHECK)
    return Receipt(secret, language)
