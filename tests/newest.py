"""An empty database with the newest schema, migrated once a process and copied: migrating has tests of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from storage.database.migrate import migrate

_NAME: Final = "hark.db"
_MIGRATED: Final[list[bytes]] = []  # the file as it was migrated; empty until somebody asks


async def lay_database(folder: Path) -> None:
    """Write an empty database with the newest schema to `hark.db` in `folder`, unless there is one."""
    if not _MIGRATED:
        with TemporaryDirectory() as apart:
            await migrate(f"sqlite+aiosqlite:///{apart}/{_NAME}")
            _MIGRATED.append(_whole(Path(apart)))
    _write(folder / _NAME)


def _whole(folder: Path) -> bytes:
    assert [one.name for one in folder.iterdir()] == [_NAME]  # no log beside it that would hold a part
    return (folder / _NAME).read_bytes()


def _write(file: Path) -> None:
    if not file.exists():
        file.write_bytes(_MIGRATED[0])
