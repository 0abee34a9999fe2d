"""The register beside the key file: versions that only move forward, the roster's among them, under a MAC."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from storage.core.integrity import Forgeries, version_text
from storage.sealing.keys.private_files import replace_private
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.values.errors import Unavailable

_LABEL: Final = "register/1"


def note_version(path: Path, version: int) -> None:
    """Write a version beside the key file, unless a newer one stands there.

    Raises:
        Unavailable: It cannot be written.
    """
    if noted_version(path) < version:
        put_version_file(path, f"{version}\n")


def put_version_file(path: Path, text: str) -> None:
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


@dataclass(frozen=True, slots=True)
class Noted:
    """The content of the register.

    `bound` is whether rows of before it were given their MACs. `floors` are versions by the name of a row; `last_runs`
    are hours in seconds since 1970; `alerts` are times, first, last and told, by kind and lead; `recoveries` are the
    latest uses of the recovery key: when, the key's name, whether it was a rehearsal, and the rest, sealed; in hex
    (`storage/desk/oversight/recovery/recovery_uses.py`).
    """

    bound: bool = False
    floors: Mapping[str, int] = field(default_factory=dict)
    last_runs: Mapping[str, int] = field(default_factory=dict)
    alerts: Mapping[str, tuple[int, int, int, int]] = field(default_factory=dict)
    recoveries: tuple[tuple[int, str, bool, str], ...] = ()


def register_beside(checkpoint: Path) -> Path:
    """Give where the register stands, beside the roster's version."""
    return checkpoint.with_name(f"{checkpoint.name}.register")


def lock_beside(register: Path) -> Path:
    """Give the file that is locked while the register changes; it holds nothing."""
    return register.with_name(f"{register.name}.lock")


class Register:
    """Reads and writes the file; safe for several processes."""

    def __init__(self, path: Path, server_key: ServerKey, forgeries: Forgeries | None = None) -> None:
        """Take the file, which is made when there is something to note; one that is not genuine is counted."""
        self._path = path
        self._key = server_key
        self._forgeries = forgeries or Forgeries()
        self._kept = Noted()
        self._version: tuple[int, int] | None = None

    def read(self) -> Noted:
        """Return what stands there; from memory, unless the file was replaced since it was last read.

        Raises:
            Tampered: It is not the one that was written.
            Unavailable: It cannot be read.
        """
        version = version_text(self._path)
        if version is None:
            return Noted()
        if version != self._version:
            self._kept, self._version = self._parse(), version
        return self._kept

    def change(self, changed: Callable[[Noted], Noted]) -> None:
        """Put `changed` of what stands there in its place, on disk when this returns; written only if it differs.

        Raises:
            Tampered: What stands there is not what was written.
            Unavailable: It cannot be read or written; nothing changed.
        """
        with self._locked():
            before = self.read()
            after = changed(before)
            if after != before:
                self.write(after)

    def write(self, noted: Noted) -> None:
        """Put a content in the place of whatever stands there, on disk when this returns: for who holds all locks.

        Raises:
            Unavailable: It cannot be written; nothing changed.
        """
        text = json.dumps(asdict(noted), sort_keys=True)
        put_version_file(self._path, f"{text}\n{self._key.mac(_LABEL, text).hex()}\n")

    def floor(self, name: str) -> int:
        """Return the version below which a row is not genuine, 0 where none was noted.

        Raises:
            Tampered: The register is not the one that was written.
            Unavailable: It cannot be read.
        """
        return self.read().floors.get(name, 0)

    def note_floor(self, name: str, version: int) -> None:
        """Note that a row has a version now: none of before is genuine from now on. Call it once that is committed.

        Raises:
            Tampered: The register is not the one that was written.
            Unavailable: It cannot be read or written; nothing changed.
        """
        if self.floor(name) < version:
            self.change(lambda old: replace(old, floors={**old.floors, name: max(version, old.floors.get(name, 0))}))

    def require_floor(self, name: str, version: int) -> None:
        """Return quietly if a row is not older than what was noted of it; `version` is 0 where there is none.

        What is newer is noted: the process may have ended between the commit and the note.

        Raises:
            Tampered: It was put back, or taken away; or the register is not the one that was written.
            Unavailable: The register cannot be read or written.
        """
        if version < self.floor(name):
            raise self._forgeries.record()
        self.note_floor(name, version)

    def _parse(self) -> Noted:
        try:
            text, mac = self._path.read_text(encoding="ascii").splitlines()
            self._key.verify(bytes.fromhex(mac), _LABEL, text)
            kept = json.loads(text)
        except OSError:
            raise Unavailable from None
        except (NotGenuine, ValueError):
            raise self._forgeries.record() from None
        alerts = {name: tuple(numbers) for name, numbers in kept["alerts"].items()}
        return Noted(**{**kept, "alerts": alerts, "recoveries": tuple(map(tuple, kept.get("recoveries", ())))})

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            handle = os.open(lock_beside(self._path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise Unavailable from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
