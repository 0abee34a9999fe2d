"""The ledger of what was destroyed: ids beside the key file, outside the database, that a restored backup must obey.

A backup is older than the database it stands in for. Without the ledger it would bring back an address that somebody
took back, or let in a lead who was shut out. It holds ids and numbers only, and each line has a MAC.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from storage.core.integrity import Forgeries
from storage.database.instrumentation import Failures
from storage.sealing.keys.private_files import replace_private, sync_directory
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.values.errors import Unavailable

#: What it is called, beside the key file.
LEDGER: Final = "destroyed"
#: A case, a return address or a share by its id; a change to a lead's row on the roster, or of the recovery key; and a
#: version of the roster that a restore made. `suspended` stands for `lead` where the lead's wraps are to be removed.
Kind = Literal["case", "address", "share", "lead", "recovery", "roster", "suspended"]
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_LABEL: Final = "destroyed/1"
_ERASURES: Final = 2  # sweeps: what is destroyed may be committed while the first of them is under way


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One line. `version` is the roster's that a change led to, and 0 for what has nothing to do with the roster."""

    kind: Kind
    id: str
    version: int = 0


class DestructionLedger:
    """The ledger; safe for several processes. A line that was cut off by a crash counts as never written.

    `erasures_due` counts the sweeps that are still to take deleted rows out of the database's files.
    """

    def __init__(
        self, path: Path, server_key: ServerKey, forgeries: Forgeries | None = None, failures: Failures | None = None
    ) -> None:
        """Take the file, which is made when there is something to note; what goes wrong is counted in the last two."""
        self._path = path
        self._key = server_key
        self._forgeries = forgeries or Forgeries()
        self._failures = failures or Failures()
        self.erasures_due = 1  # a kill may have come between a deed and its sweep

    def note(self, *gone: Tombstone) -> None:
        """Add lines, on disk when this returns. Call it **before** what they name is destroyed; safe to repeat.

        Raises:
            Unavailable: It cannot be written; nothing may be destroyed now.
        """
        if not gone:
            return
        try:
            self._append(gone)
        except OSError as error:
            self._failures.record(error)
            raise Unavailable from None
        self.erasures_due = _ERASURES

    def read(self) -> tuple[Tombstone, ...]:
        """Give all lines, the oldest first; none where there is no file.

        Raises:
            Tampered: A line was changed, added or left out.
            Unavailable: It cannot be read.
        """
        try:
            return read_ledger(self._path, self._key)
        except NotGenuine:
            raise self._forgeries.record() from None
        except OSError as error:
            self._failures.record(error)
            raise Unavailable from None

    def _append(self, gone: Sequence[Tombstone]) -> None:
        new = not self._path.exists()
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole = file.read()
            whole = whole[: whole.rfind(b"\n") + 1]
            file.truncate(len(whole))  # what a crash cut off
            file.seek(len(whole))
            for number, one in enumerate(gone, whole.count(b"\n") + 1):
                file.write(_line(self._key, number, one))
            file.flush()
            os.fsync(file.fileno())
        if new:
            sync_directory(self._path.parent)


def read_ledger(path: Path, server_key: ServerKey) -> tuple[Tombstone, ...]:
    """Give all lines of a ledger, a backup's copy too, the oldest first; none where there is no file.

    Raises:
        NotGenuine: A line was changed, added or left out.
        OSError: It cannot be read.
    """
    try:
        whole = path.read_bytes()
    except FileNotFoundError:
        return ()
    lines = whole[: whole.rfind(b"\n") + 1].splitlines(keepends=True)
    return tuple(_genuine(server_key, number, line) for number, line in enumerate(lines, 1))


def write_ledger(path: Path, server_key: ServerKey, lines: Sequence[Tombstone]) -> None:
    """Put a whole ledger in the place of one, each line under the MAC of a key; nobody may add to it meanwhile.

    Raises:
        OSError: It cannot be written; the one that is there is as it was.
    """
    replace_private(path, b"".join(_line(server_key, number, one) for number, one in enumerate(lines, 1)))


def _genuine(key: ServerKey, number: int, line: bytes) -> Tombstone:
    try:
        kind, one, version, _ = line.decode("ascii").split()
        gone = Tombstone(next(known for known in _KINDS if known == kind), one, int(version))
    except (ValueError, StopIteration):
        raise NotGenuine from None
    if _line(key, number, gone) != line:
        raise NotGenuine
    return gone


def _line(key: ServerKey, number: int, gone: Tombstone) -> bytes:
    mac = key.mac(_LABEL, number, gone.kind, gone.id, gone.version)
    return f"{gone.kind} {gone.id} {gone.version} {mac.hex()}\n".encode("ascii")
