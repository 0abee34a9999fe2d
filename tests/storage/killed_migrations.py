"""Migrates a database again and again, and kills the migration before its first statement, its second, and so on.

`python -m tests.storage.killed_migrations OLD FOLDER` leaves a copy for each kill in FOLDER, as the kill left it. It is
a process of its own, since it forks: nothing but the migration may run in it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.database.migrate import migrate


def main() -> None:
    """Fork a migration for each statement that there is, and one more, which comes to its end."""
    old, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for number in count(1):
        copy = folder / f"{number}.db"
        shutil.copy(old, copy)
        pid = os.fork()
        if pid == 0:
            _kill_before(number)
            asyncio.run(migrate(f"sqlite+aiosqlite:///{copy}"))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return


def _kill_before(number: int) -> None:
    statements = count(1)

    def executing(*_: object) -> None:
        if next(statements) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", executing)
    event.listen(Engine, "commit", executing)


if __name__ == "__main__":
    main()
