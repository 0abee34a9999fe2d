"""Draws a day key and destroys an old one, again and again, killed at the first file touched, the second, and so on.

`python -m tests.storage.killed_day_keys FOLDER` leaves what each kill left in a folder of FOLDER.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.sealing.keys.day_keys import DayKeys
from tests.storage.killed import killed_at_every_touch

FIRST = datetime(2026, 3, 4, 12, tzinfo=UTC)
#: When the first day's key has had its time.
LATER = FIRST + timedelta(days=4)


def main() -> None:
    """Draw two keys, of which the first has to go."""

    def attempt(to: Path) -> None:
        keys = DayKeys(to)
        keys.current(FIRST)
        keys.current(LATER)
        keys.destroy_old(LATER)

    killed_at_every_touch(attempt, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
