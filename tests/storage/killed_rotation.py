"""Changes the server key, and is killed at the first place it comes to, at the second, and so on.

`python -m tests.storage.killed_rotation SCHOOL FOLDER` leaves a copy of SCHOOL for each kill in FOLDER, as the kill
left it. Places are every failpoint, and every file that is opened, linked, renamed or removed below the copy.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database.engines import sqlite_url
from storage.upkeep.rotation.cores import Place
from storage.upkeep.rotation.rotate import rotate
from tests.newest import lay_database
from tests.storage.killed import forked_until_one_ends
from tests.storage.killed_destruction import kill_at, school_in
from tests.thoroughness import every

#: The key file of a school's folder.
KEY_FILE = "server.key"


def place_in(folder: Path) -> Place:
    """Give where the key of a school's folder is changed."""
    days, checkpoint, now = folder / "days", folder / "roster.version", school_in(folder).now
    return Place(sqlite_url(folder / "hark.db"), folder / KEY_FILE, days, checkpoint, lambda: now)


async def rotation(folder: Path, number: int) -> None:
    """Change the key; the end comes at the place with this number."""
    place = place_in(folder)
    kill_at(number, str(folder))
    await rotate(place, lambda *_: None)


def main() -> None:
    """Fork for each place that there is, and once more, when the change comes to its end."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with TemporaryDirectory() as empty:
        asyncio.run(lay_database(Path(empty)))
    forked_until_one_ends(lambda one: asyncio.run(rotation(shutil.copytree(source, folder / str(one)), one)), every(5))


if __name__ == "__main__":
    main()
