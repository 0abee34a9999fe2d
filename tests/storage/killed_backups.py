"""Makes a backup again and again, and kills it at the first file that it touches, at the second, and so on.

`python -m tests.storage.killed_backups DATABASE FOLDER` leaves what each kill left in a folder of FOLDER. It is a
process of its own, since it forks: nothing but the backup may run in it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from storage.backup.making import make_backup
from storage.destroyed import LEDGER
from storage.sealing.server_key import ServerKey

#: What the interpreter tells of (PEP 578) that makes, opens or renames a file.
_TOUCHES = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"})


def main() -> None:
    """Fork a backup for each third touch that there is, and one more, which comes to its end."""
    database, folder, key = Path(sys.argv[1]), Path(sys.argv[2]), ServerKey(bytes.fromhex(sys.argv[3]))
    now = datetime.fromisoformat(sys.argv[4]).astimezone(UTC)
    for number in count(1, 3):
        to = folder / str(number)
        pid = os.fork()
        if pid == 0:
            _kill_at(number, str(to))
            asyncio.run(make_backup(database, database.with_name(LEDGER), to, key, lambda: now))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return


def _kill_at(number: int, within: str) -> None:
    touches = count(1)

    def touched(event: str, given: tuple[object, ...]) -> None:
        if event in _TOUCHES and given and str(given[0]).startswith(within) and next(touches) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touched)


if __name__ == "__main__":
    main()
