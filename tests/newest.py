"""An empty database with the newest schema for each test, on the engine that is asked for.

SQLite's is migrated once a process and copied: migrating has tests of its own.
"""

from __future__ import annotations

import atexit
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final, Literal, TypeAlias

from storage.database.migrate import migrate
from tests.postgres import copy_on_server, lay_on_server

Engine: TypeAlias = Literal["sqlite", "postgresql"]

_NAME: Final = "hark.db"
_MIGRATED: Final[list[bytes]] = []  # the file as it was migrated; empty until somebody asks


def lasting_folder(prefix: str) -> Path:
    """Give a new folder for what is made once a process and copied for each test; it is removed when that ends."""
    folder = Path(mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


async def lay_database(folder: Path, engine: Engine = "sqlite") -> str:
    """Give the URL of the database that belongs to a folder; an empty one is made unless there is one."""
    return await (_lay_file if engine == "sqlite" else lay_on_server)(folder)


async def copy_laid(first: Path, folder: Path, engine: Engine = "sqlite") -> Path:
    """Copy all files of a folder into another, and the database that belongs to it, which nobody has open."""
    shutil.copytree(first, folder, dirs_exist_ok=True)
    if engine == "postgresql":
        await copy_on_server(first, folder)
    return folder


async def _lay_file(folder: Path) -> str:
    if not _MIGRATED:
        with TemporaryDirectory() as apart:
            await migrate(_url(Path(apart)))
            _MIGRATED.append(_whole(Path(apart)))
    _write(folder / _NAME)
    return _url(folder)


def _url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / _NAME}"


def _whole(folder: Path) -> bytes:
    assert [one.name for one in folder.iterdir()] == [_NAME]  # no log beside it that would hold a part
    return (folder / _NAME).read_bytes()


def _write(file: Path) -> None:
    if not file.exists():
        file.write_bytes(_MIGRATED[0])
