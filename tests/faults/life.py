"""One life of Hark: `hark run`, under what a fault test has to say about its time, its files and its end.

`python -m tests.faults.life FAILPOINTS AHEAD MOST`: the folder of `tests/faults/killer.py`, or nothing, which leaves
the failpoints at rest; how many seconds its clock is ahead; beyond how many bytes no file may grow, or 0.
"""

from __future__ import annotations

import resource
import sys
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from bot.commands import run
from storage.database import instrumentation
from tests.faults.killer import Killer


def main(failpoints: str, ahead: float, most: int) -> int:
    """Run to the end, and give the exit code."""
    if ahead:
        time_machine.travel(datetime.now(UTC) + timedelta(seconds=ahead), tick=True).start()
    if most:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    if failpoints:
        instrumentation.arm(Killer(Path(failpoints)).reached)
    return run.main(Namespace(invites=False))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
