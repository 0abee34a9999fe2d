"""Leaves what a migration would leave on disk that is killed before its first statement, its second, and so on.

`python -m tests.storage.killed_migrations OLD FOLDER` leaves a database for each in FOLDER, and at the end the one that
came to its end. A process that is killed leaves its files as the system has them just then, so one migration is enough,
whose files are copied before each statement; one more is killed indeed. It is a process of its own, since it forks:
nothing but the migration may run in it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.database.migrate import migrate
from tests.storage.killed import fork_alone, killing_at

_KILLED = 10  # before this statement
_BESIDE = ("", "-journal", "-wal", "-shm")  # what SQLite calls its files (https://www.sqlite.org/tempfiles.html)


def main() -> None:
    """Kill a migration; then copy the files of another one before each statement but that one, and at its end."""
    old, folder = Path(sys.argv[1]), Path(sys.argv[2])
    _kill(Path(shutil.copy(old, folder / f"{_KILLED}.db")))
    working = Path(shutil.copy(old, folder / "working"))
    numbers = count(1)

    def leave(*_: object) -> None:
        if (number := next(numbers)) != _KILLED:
            _copy(working, folder / f"{number}.db")

    _migrate(working, leave)
    leave()


def _kill(database: Path) -> None:
    pid = fork_alone()
    if pid == 0:
        _migrate(database, killing_at(_KILLED))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def _migrate(database: Path, executing: Callable[..., None]) -> None:
    event.listen(Engine, "before_cursor_execute", executing)
    event.listen(Engine, "commit", executing)
    asyncio.run(migrate(f"sqlite+aiosqlite:///{database}"))


def _copy(database: Path, to: Path) -> None:
    for name in _BESIDE:
        file = database.with_name(database.name + name)
        if file.exists():
            shutil.copy(file, to.with_name(to.name + name))


if __name__ == "__main__":
    main()
