"""Files that only their owner can read (mode 0600) from the moment they exist; key files, destroyed for good."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from storage.sealing.primitives.derive import KEY_BYTES
from storage.sealing.primitives.errors import KeyFileUnusable

#: What the name of a file ends with that is being destroyed.
_GOING = ".going"


def create_private(path: Path) -> BinaryIO:
    """Open a new file for writing bytes.

    Raises:
        FileExistsError: There is a file of this name; it is untouched.
        OSError: It cannot be made.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def ensure_private(path: Path) -> None:
    """Make an empty file where there is none; what SQLite puts beside a database takes after its mode.

    Raises:
        OSError: It cannot be made, or not be opened for writing.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def write_private(path: Path, content: bytes) -> None:
    """Write a new file, on disk when this returns.

    Raises:
        FileExistsError: There is a file of this name; it is untouched.
        OSError: It cannot be written.
    """
    with create_private(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_private(path: Path, content: bytes) -> None:
    """Put a file in the place of another, or of none, whole or not at all.

    Raises:
        OSError: It cannot be written; what was there is untouched, and nothing is left beside it.
    """
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        write_private(beside, content)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def write_key(path: Path, header: str, key: bytes | bytearray) -> None:
    """Write a key file with mode 0600: a header line and the key in base64; whole or not at all, never over another.

    Raises:
        FileExistsError: There is a file of this name; it is untouched.
        OSError: The disk is full or not writable; no file of this name is left.
    """
    text = header.encode() + b"\n" + base64.b64encode(key) + b"\n"
    beside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        write_private(beside, text)
        os.link(beside, path)  # unlike a rename, this fails if the name is taken
    finally:
        beside.unlink(missing_ok=True)
    sync_directory(path.parent)


def read_key(path: Path, header: str) -> bytes:
    """Read a key file that `write_key` wrote.

    Raises:
        FileNotFoundError: There is none.
        KeyFileUnusable: Others can read or write it, or it is damaged, or it is another kind of key.
    """
    _refuse_open_mode(path)
    first, _, rest = path.read_bytes().partition(b"\n")
    if first != header.encode():
        raise KeyFileUnusable("the key file does not begin with the header it should have")
    try:
        key = base64.b64decode(rest.strip(), validate=True)
    except binascii.Error:
        raise KeyFileUnusable("the key file is damaged") from None
    if len(key) != KEY_BYTES:
        raise KeyFileUnusable("the key file is damaged")
    return key


def destroy_key(path: Path) -> None:
    """Take a key file's name away, overwrite it, then remove it; quiet if it is gone already.

    Nobody ever finds half a key under its name; what is interrupted is done by `finish_destroying`. Overwriting reaches
    the bytes on a plain disk; on flash or a copying file system old blocks may stay until the device reuses them, which
    is why the key directory belongs on an encrypted disk (see the operators' guide).

    Raises:
        OSError: It could not be renamed, overwritten or removed; `finish_destroying` tries again what was renamed.
    """
    with contextlib.suppress(FileNotFoundError):
        _overwrite(path.replace(_going(path)))


def is_half_destroyed(path: Path) -> bool:
    """Tell whether an earlier `destroy_key` of this file did not come to its end."""
    return _going(path).exists()


def finish_destroying(directory: Path, name: str = "*") -> None:
    """Destroy what an earlier `destroy_key` in this directory did not come to the end of; safe to repeat.

    With a `name` only that file: other programs may keep theirs beside it.

    Raises:
        OSError: A file cannot be overwritten or removed; it and those after it are left for the next call.
    """
    for path in directory.glob(f".{name}{_GOING}"):
        with contextlib.suppress(FileNotFoundError):
            _overwrite(path)


def _going(path: Path) -> Path:
    return path.with_name(f".{path.name}{_GOING}")


def sync_directory(directory: Path) -> None:
    """Make sure that names added to or removed from a directory survive a crash (fsync(2) on the directory).

    Raises:
        OSError: The directory cannot be opened or synchronised.
    """
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _overwrite(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        file.write(os.urandom(size))
        os.fsync(file.fileno())
    path.unlink()
    sync_directory(path.parent)


def _refuse_open_mode(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileUnusable("the key file is open to others: its mode must be 0600")
