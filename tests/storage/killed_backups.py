"""Makes a backup again and again, and kills it at the first file that it touches, at the second, and so on.

`python -m tests.storage.killed_backups DATABASE FOLDER` leaves what each kill left in a folder of FOLDER. It is a
process of its own, since it forks: nothing but the backup may run in it.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage.core.destruction_ledger import LEDGER
from storage.sealing.keys.server_key import ServerKey
from storage.upkeep.backup.create_backup import make_backup
from tests.storage.killed import killed_at_every_touch


def main() -> None:
    """Fork a backup for each third touch that there is, and one more, which comes to its end."""
    database, folder, key = Path(sys.argv[1]), Path(sys.argv[2]), ServerKey(bytes.fromhex(sys.argv[3]))
    now = datetime.fromisoformat(sys.argv[4]).astimezone(UTC)

    def attempt(to: Path) -> None:
        asyncio.run(make_backup(database, database.with_name(LEDGER), to, key, lambda: now))

    killed_at_every_touch(attempt, folder, every=3)


if __name__ == "__main__":
    main()
