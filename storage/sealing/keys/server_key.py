"""The server's key: a file beside, never in, the database. It MACs what is kept in clear and seals addresses.

It opens no case. Somebody who can write only the database cannot make a MAC, so cannot add a recipient.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.constant_time import bytes_eq

from storage.sealing.keys.private_files import read_key, write_key
from storage.sealing.primitives.derive import KEY_BYTES, Field, Keyed, canonical, expand
from storage.sealing.primitives.errors import KeyFileUnusable, NotGenuine

HEADER = "hark server key 1"
_UNDER_WAY = "the server key is being exchanged: stop Hark and give hark key rotate, which goes on, or just start Hark"


@dataclass(frozen=True, slots=True)
class ServerKey:
    """The server's 32 bytes, from which a key for each purpose is derived."""

    secret: bytes = field(repr=False)
    _derived: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)
    _macs: dict[str, Keyed] = field(default_factory=dict, init=False, repr=False, compare=False)

    def subkey(self, purpose: str) -> bytes:
        """Derive the 32-byte key for one purpose; keys of different purposes tell nothing of each other.

        It is kept in memory as long as the key is, so purposes are a handful of constants, never ids.
        """
        if purpose not in self._derived:  # every turn needs two or three of them; the purposes are a handful
            self._derived[purpose] = bytes(expand(self.secret, "hark/server/subkey/1", purpose))
        return self._derived[purpose]

    def address_key(self) -> bytes:
        """Give the box key that seals return addresses."""
        return self.subkey("address")

    def mac(self, label: str, *fields: Field) -> bytes:
        """Authenticate values that are kept in clear (HMAC-SHA-256, 32 bytes).

        Args:
            label: What they are, with a version, such as `case/1` or `roster/1`.
            fields: All of them, in a fixed order; lists as sequences, sorted by the caller if order means nothing.
        """
        return self._keyed("mac").of(canonical("hark/mac/1", label, fields))

    def address_mark(self, text: bytes) -> bytes:
        """Give the bytes by which an address is found again.

        Args:
            text: Door and chat id, in one form: the same address has to give the same bytes.

        Returns:
            32 bytes, HMAC-SHA-256 under a subkey that serves for nothing else.
        """
        return self._keyed("address-mark").of(text)

    def _keyed(self, purpose: str) -> Keyed:
        if purpose not in self._macs:
            self._macs[purpose] = Keyed(self.subkey(purpose))
        return self._macs[purpose]

    def verify(self, tag: bytes, label: str, *fields: Field) -> None:
        """Return quietly if `tag` is the MAC of exactly these fields; compared in constant time.

        Raises:
            NotGenuine: It is not: a row was changed, added, left out, rolled back, or belongs elsewhere.
        """
        if not bytes_eq(self.mac(label, *fields), tag):
            raise NotGenuine

    def made(self, tag: bytes | None, label: str, *fields: Field) -> bool:
        """Tell whether `tag` is the MAC of exactly these fields, as `verify` does; False where there is none."""
        return tag is not None and bytes_eq(self.mac(label, *fields), tag)


def create_server_key(path: Path) -> ServerKey:
    """Draw a server key and write it to a new file with mode 0600.

    Raises:
        FileExistsError: There is a file already; it is untouched.
        OSError: The file could not be written.
    """
    secret = os.urandom(KEY_BYTES)
    write_key(path, HEADER, secret)
    return ServerKey(secret)


def next_beside(path: Path) -> Path:
    """Give where a new key lies that is to take the place of the one in the key file (`key_exchange.py`)."""
    return path.with_name(f"{path.name}.next")


def load_server_key(path: Path) -> ServerKey:
    """Read the server key from its file.

    Raises:
        KeyFileUnusable: There is none, it cannot be read, others can read it, or it is damaged; or a new one is on the
            way into its place, so that this one may be the wrong one by now.
    """
    if next_beside(path).exists():
        raise KeyFileUnusable(_UNDER_WAY)
    return read_server_key(path)


def read_server_key(path: Path) -> ServerKey:
    """Read a server key from a file, also while a new one is on the way into its place.

    Raises:
        KeyFileUnusable: There is none, it cannot be read, others can read it, or it is damaged.
    """
    try:
        return ServerKey(read_key(path, HEADER))
    except FileNotFoundError:
        raise KeyFileUnusable("there is no server key file (HARK_KEY_FILE)") from None
    except OSError:
        raise KeyFileUnusable("the server key file (HARK_KEY_FILE) cannot be read") from None
