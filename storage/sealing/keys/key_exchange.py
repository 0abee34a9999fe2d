"""Puts a new server key in the place of the old one; killed at any point, one file at least holds the key that opens.

While that is under way, the new key lies beside the key file as `NAME.next`, and after it the old one as `NAME.former`,
until it is destroyed. Which of the two opens the database, only the database tells: `storage/upkeep/rotation/`.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from storage.sealing.keys.private_files import destroy_key, finish_destroying, is_half_destroyed, sync_directory
from storage.sealing.keys.server_key import ServerKey, create_server_key, next_beside, read_server_key
from storage.sealing.primitives.errors import KeyFileUnusable

_IN_USE: Final = "another command of Hark is at work with the server key: give this one again once that has ended"


@contextmanager
def in_use(key_file: Path) -> Iterator[None]:
    """Keep the key from being exchanged until the block ends or the process does; many may do so at once.

    Raises:
        KeyFileUnusable: It is being exchanged at this moment.
        OSError: The lock file beside the key file cannot be made.
    """
    with _locked(key_file, fcntl.LOCK_SH):
        yield


def refuse_in_use(key_file: Path) -> None:
    """Return quietly if nobody uses the key; whoever comes later is refused by what `begin` has drawn.

    Raises:
        KeyFileUnusable: Somebody does.
        OSError: The lock file beside the key file cannot be made.
    """
    with _locked(key_file, fcntl.LOCK_EX):
        pass


def is_begun(key_file: Path) -> bool:
    """Tell whether a new key lies beside the key file and is not in its place."""
    return next_beside(key_file).exists()


def is_ending(key_file: Path) -> bool:
    """Tell whether the new key is in its place, and the old one not destroyed."""
    former = _former(key_file)
    return not is_begun(key_file) and (former.exists() or is_half_destroyed(former))


def begin(key_file: Path) -> ServerKey:
    """Draw the new key, on disk when this returns, or give the one that was drawn before.

    Raises:
        KeyFileUnusable: One was drawn before, and cannot be read.
        OSError: It cannot be written, or a key of before it not be destroyed.
    """
    following = next_beside(key_file)
    if following.exists():
        return read_server_key(following)
    _end_former(key_file)
    return create_server_key(following)


def take_back(key_file: Path) -> None:
    """Destroy the new key, under which nothing is; harmless where there is none.

    Raises:
        OSError: It cannot be destroyed; the next call tries again.
    """
    following = next_beside(key_file)
    destroy_key(following)
    finish_destroying(key_file.parent, following.name)
    _end_former(key_file)


def complete(key_file: Path) -> None:
    """Put the new key in its place and destroy the old one; safe to repeat, harmless where nothing was begun.

    Raises:
        OSError: A file cannot be linked, renamed or destroyed; the next call goes on there.
    """
    following = next_beside(key_file)
    if following.exists():
        with suppress(FileExistsError):
            os.link(key_file, _former(key_file))
        sync_directory(key_file.parent)
        following.replace(key_file)
        sync_directory(key_file.parent)
    _end_former(key_file)


@contextmanager
def _locked(key_file: Path, how: int) -> Iterator[None]:
    handle = os.open(key_file.with_name(f"{key_file.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise KeyFileUnusable(_IN_USE) from None
    finally:
        os.close(handle)


def _end_former(key_file: Path) -> None:
    former = _former(key_file)
    for beside in key_file.parent.glob(f".{next_beside(key_file).name}.*"):
        beside.unlink()  # what a kill left of writing the new key: one more name of it, or one that was never used
    if former.exists() and former.samefile(key_file):
        former.unlink()  # one more name of the key that is in its place
    destroy_key(former)
    finish_destroying(key_file.parent, former.name)


def _former(key_file: Path) -> Path:
    return key_file.with_name(f"{key_file.name}.former")
