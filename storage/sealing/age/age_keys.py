"""The texts in which age writes post-quantum keys (C2SP age specification), in Bech32 (BIP 173) of any length."""

import os

from storage.sealing.primitives.xwing import PUBLIC_BYTES, SEED_BYTES, PublicKey

# BIP 173: the alphabet, the generator of the BCH code, and the length of the check sum in signs.
_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_SIGNS = 6

_IDENTITY = "age-secret-key-pq-"
_RECIPIENT = "age1pq"


def bech32_encode(prefix: str, content: bytes) -> str:
    """Encode bytes as Bech32 (BIP 173), without that page's limit of 90 characters, as the age specification has it.

    Args:
        prefix: The human-readable part, in lower case.
        content: Any bytes.

    Returns:
        The text, in lower case; a caller that wants it in upper case changes all of it.
    """
    groups = _regroup(content, 8, 5)
    check = _polymod([*_expanded(prefix), *groups, *[0] * _CHECK_SIGNS]) ^ 1
    groups += [check >> 5 * (_CHECK_SIGNS - 1 - place) & 31 for place in range(_CHECK_SIGNS)]
    return prefix + "1" + "".join(_SIGNS[group] for group in groups)


def bech32_decode(text: str) -> tuple[str, bytes]:
    """Decode to the prefix, in lower case, and the bytes.

    Raises:
        ValueError: Mixed case, a foreign sign, or a wrong check sum; the message holds nothing of the text.
    """
    if text not in {text.lower(), text.upper()}:
        raise ValueError("mixed case")
    prefix, _, signs = text.lower().rpartition("1")
    readable = all("!" <= sign <= "~" for sign in prefix)
    if not prefix or not readable or len(signs) < _CHECK_SIGNS or not set(signs) <= set(_SIGNS):
        raise ValueError("not Bech32")
    groups = [_SIGNS.index(sign) for sign in signs]
    if _polymod([*_expanded(prefix), *groups]) != 1:
        raise ValueError("wrong check sum")
    return prefix, _ungroup(groups[:-_CHECK_SIGNS])


def _polymod(groups: list[int]) -> int:
    check = 1
    for group in groups:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ group
        for bit, term in enumerate(_GENERATOR):
            check ^= term if top >> bit & 1 else 0
    return check


def _expanded(prefix: str) -> list[int]:
    return [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]


def _regroup(content: bytes, size: int, wanted: int) -> list[int]:
    missing = -len(content) * size % wanted
    number = int.from_bytes(content) << missing
    count = (len(content) * size + missing) // wanted
    return [number >> wanted * (count - 1 - place) & (1 << wanted) - 1 for place in range(count)]


def _ungroup(groups: list[int]) -> bytes:
    number = 0
    for group in groups:
        number = number << 5 | group
    spare = len(groups) * 5 % 8
    if spare >= 5 or number & (1 << spare) - 1:
        raise ValueError("wrong padding")
    return (number >> spare).to_bytes(len(groups) * 5 // 8)


def new_identity_seed() -> bytes:
    """Draw the 32-byte seed of a new identity."""
    return os.urandom(SEED_BYTES)


def identity_text(seed: bytes) -> str:
    """Write a seed as `AGE-SECRET-KEY-PQ-1…`, to be printed once and kept offline.

    Args:
        seed: The 32 bytes. The text opens every case that this identity is a recipient of: it goes into no log.
    """
    return bech32_encode(_IDENTITY, seed).upper()


def recipient_text(public: PublicKey) -> str:
    """Write a public key as `age1pq1…` (1,959 characters)."""
    return bech32_encode(_RECIPIENT, public)


def read_identity(text: str) -> bytes:
    """Read a seed back from `AGE-SECRET-KEY-PQ-1…`; space around it does no harm.

    Raises:
        ValueError: It is not one; the message holds nothing of the text.
    """
    return _read(text, _IDENTITY, SEED_BYTES)


def read_recipient(text: str) -> PublicKey:
    """Read a public key back from `age1pq1…`; space around it does no harm.

    Raises:
        ValueError: It is not one.
    """
    return PublicKey(_read(text, _RECIPIENT, PUBLIC_BYTES))


def _read(text: str, wanted: str, length: int) -> bytes:
    prefix, content = bech32_decode(text.strip())
    if prefix != wanted or len(content) != length:
        raise ValueError("not an age post-quantum key of this kind")
    return content
