"""A case's keys for the recovery identity: an age file, so that stock `age` opens it where there is no Hark.

Inside is plain text: a title, the case and epoch, a digest of all that the wrap is bound to, and the two keys in hex.
"""

import hashlib

from cryptography.hazmat.primitives.constant_time import bytes_eq

from storage.sealing.age import age_file
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import PrivateKey, PublicKey

_TITLE = "hark recovery wrap 1"


def seal_for_recovery(public: PublicKey, name: str, binding: bytes, talk: bytes, desk: bytes) -> bytes:
    """Write the wrap.

    Args:
        public: The recovery identity's 1,216 public bytes.
        name: Case and epoch on one line, for whoever reads the text by eye.
        binding: The canonical bytes of everything that the wrap is bound to.
        talk: The talk key (32 bytes).
        desk: The desk key (32 bytes).
    """
    lines = (_TITLE, name, f"bound {_digest(binding)}", f"talk {talk.hex()}", f"desk {desk.hex()}")
    return age_file.encrypt(public, "".join(f"{line}\n" for line in lines).encode())


def open_for_recovery(key: bytes | bytearray | PrivateKey, binding: bytes, blob: bytes) -> bytes:
    """Read the wrap with the recovery identity's seed, and give talk key and desk key one after the other.

    Raises:
        CannotOpen: It is for another identity, bound to something else, changed, or no recovery wrap.
    """
    lines = age_file.decrypt(key, blob).split(b"\n")
    bound, talk, desk = (_value(lines, word) for word in (b"bound ", b"talk ", b"desk "))
    if lines[0] != _TITLE.encode() or not bytes_eq(bound, _digest(binding).encode()):
        raise CannotOpen
    try:
        return bytes.fromhex(talk.decode()) + bytes.fromhex(desk.decode())
    except ValueError:
        raise CannotOpen from None


def _value(lines: list[bytes], word: bytes) -> bytes:
    return next((line.removeprefix(word) for line in lines[2:] if line.startswith(word)), b"")


def _digest(binding: bytes) -> str:
    return hashlib.sha256(binding).hexdigest()
