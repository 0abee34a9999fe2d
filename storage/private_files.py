"""Files that only their owner can read or write (mode 0600) from the moment they exist, whatever the umask."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import BinaryIO


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
