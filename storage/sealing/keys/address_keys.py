"""A key apart for each return address: a random file beside the server key, in no backup, which goes with its address.

An address is sealed under a key derived from it and from the server key. With the file gone, nothing that is left of
the row in a table, a log, a replica or a backup tells the address, also to whoever has the server key (decision 22).
If such a file is lost, somebody is not told that there is news, and leads are told that; the receipt still shows it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from storage.sealing.keys.private_files import destroy_key, finish_destroying, read_key, write_key
from storage.sealing.primitives.derive import KEY_BYTES

HEADER: Final = "hark address key 1"
_SUFFIX: Final = ".addresskey"
#: An id that has a key. Others, of addresses of before there were such keys, are plain hexadecimal digits.
_NAMED: Final = re.compile(r"k[0-9a-f]{32}")


def has_key(own: str) -> bool:
    """Tell whether an address of this id is one with a key apart; no other text ever becomes the name of a file."""
    return _NAMED.fullmatch(own) is not None


class AddressKeys:
    """The directory of these keys (mode 0700), made when the first is drawn."""

    def __init__(self, directory: Path) -> None:
        """Take the directory, beside the server key's file; nothing is read yet."""
        self._directory = directory

    def draw(self, own: str) -> bytes:
        """Draw the key of a new address, on disk when this returns; one whose row is never committed just lies there.

        Raises:
            ValueError: The id is none that has a key (a bug).
            OSError: It cannot be written.
        """
        if not has_key(own):
            raise ValueError("the id is none that has a key")
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = os.urandom(KEY_BYTES)
        write_key(self._path(own), HEADER, key)
        return key

    def read(self, own: str) -> bytes | None:
        """Give the key of an address; None where it was destroyed, or is not on this machine.

        Raises:
            KeyFileUnusable: The file is damaged, or open to others.
            OSError: It cannot be read.
        """
        try:
            return read_key(self._path(own), HEADER) if has_key(own) else None
        except FileNotFoundError:
            return None

    def destroy(self, own: str) -> None:
        """Destroy the key of an address; quiet if there is none.

        Raises:
            OSError: It cannot be overwritten or removed; `finish` tries again.
        """
        if has_key(own) and self._directory.exists():
            destroy_key(self._path(own))

    def finish(self) -> None:
        """Destroy what a kill left half destroyed; safe to repeat.

        Raises:
            OSError: A file cannot be overwritten or removed.
        """
        if self._directory.exists():
            finish_destroying(self._directory)

    def _path(self, own: str) -> Path:
        return self._directory / f"{own}{_SUFFIX}"
