"""Files that another Hark sent and nobody has taken in yet: in a folder of the data directory, sealed as they came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from storage.cases.transfer_file import MOST
from storage.sealing.keys.private_files import write_private
from storage.values.errors import NoTransferFile, Unavailable

#: In the data directory.
FOLDER: Final = "incoming"
#: Files that are looked at; a lead is refused a further one.
MOST_FILES: Final = 100
_NAME: Final = re.compile(r"[0-9a-f]{16}\.age")
_BEGINS: Final = b"age-encryption.org/v1\n"


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """One of them: its name, which follows from its content, how large it is in bytes, and when it came (aware)."""

    name: str
    size: int
    came: datetime


class WaitingFiles:
    """The folder; a file whose name is not of `put`'s making is not looked at."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which is made with the first file."""
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Put a file there, and give its name; the same content is there once.

        Raises:
            NoTransferFile: It is no age file, or larger than 20 MiB; nothing was put there.
            OSError: It cannot be written.
        """
        if len(content) > MOST or not content.startswith(_BEGINS):
            raise NoTransferFile
        name = f"{sha256(content).hexdigest()[:16]}.age"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if not (self._folder / name).exists():
            write_private(self._folder / name, content)
        return name

    def all(self) -> tuple[WaitingFile, ...]:
        """Give those that wait, the latest first, 100 at most.

        Raises:
            Unavailable: The folder cannot be read.
        """
        try:
            found = [(path, path.stat()) for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return ()
        except OSError:
            raise Unavailable from None
        found.sort(key=lambda one: one[1].st_mtime, reverse=True)
        return tuple(
            WaitingFile(path.name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))
            for path, told in found[:MOST_FILES]
        )

    def read(self, name: str) -> bytes:
        """Give the content of one.

        Raises:
            NoTransferFile: There is none of that name, or it is larger than 20 MiB.
            Unavailable: It cannot be read.
        """
        path = self._path(name)
        try:
            if path.stat().st_size > MOST:
                raise NoTransferFile
            return path.read_bytes()
        except FileNotFoundError:
            raise NoTransferFile from None
        except OSError:
            raise Unavailable from None

    def remove(self, name: str) -> None:
        """Remove one; nothing happens where it is gone.

        Raises:
            Unavailable: It cannot be removed.
        """
        try:
            self._path(name).unlink(missing_ok=True)
        except NoTransferFile:
            return
        except OSError:
            raise Unavailable from None

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NoTransferFile
        return self._folder / name
