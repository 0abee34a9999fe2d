"""An empty database with the newest schema, migrated once a process and copied: what migrating does has its own tests."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from storage.database.migrate import migrate

_MIGRATED: Final[list[bytes]] = []  # the file as it was migrated; empty until somebody asks


async def lay_database(file: Path) -> None:
    """Write an empty database with the newest schema to `file`, unless something is there."""
    if not _MIGRATED:
        with TemporaryDirectory() as folder:
            made = Path(folder, "hark.db")
            await migrate(f"sqlite+aiosqlite:///{made}")
            assert [one.name for one in Path(folder).iterdir()] == [made.name]  # whole without its log
            _MIGRATED.append(made.read_bytes())
    if not file.exists():
        file.write_bytes(_MIGRATED[0])
