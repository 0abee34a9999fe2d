"""The roster's version beside the key file, by which a database that was put back to an older state is noticed."""

from __future__ import annotations

from pathlib import Path

from storage.private_files import replace_private
from storage.refusals import Unavailable


def written(path: Path) -> tuple[int, int] | None:
    """Tell one writing of a file from another: it is replaced each time."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def note_version(path: Path, version: int) -> None:
    """Write a version beside the key file, unless a newer one stands there.

    Raises:
        Unavailable: It cannot be written.
    """
    if noted_version(path) < version:
        put(path, f"{version}\n")


def put(path: Path, text: str) -> None:
    """Put a text in the place of a file's, whole or not at all; only its owner can read it.

    Raises:
        Unavailable: It cannot be written.
    """
    try:
        replace_private(path, text.encode("ascii"))
    except OSError:
        raise Unavailable from None


def noted_version(path: Path) -> int:
    """Give the version that stands beside the key file, or 0 where there is none.

    Raises:
        Unavailable: It cannot be read.
    """
    try:
        return int(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError):
        raise Unavailable from None
