"""What a life of Hark does at its failpoints: it writes down each that it reaches, and at the one named it ends itself.

It is armed in the process by `tests/faults/life.py`. The folder has two files: every point that is reached is added to
`reached`, a line each; `kill_at` holds the name of a point and a number, and the process is killed when that point is
reached for that time. With the number of a port behind them it is not killed: it stands still until whoever listens
there has done what is to be done to it just then, and goes on.
"""

from __future__ import annotations

import os
import signal
import socket
from collections import Counter
from contextlib import suppress
from pathlib import Path

from storage.database.instrumentation import Point


class Killer:
    """Writes down what is reached, and ends the process where it is told to."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the two files; it exists."""
        self._reached = folder / "reached"
        self._kill_at = folder / "kill_at"
        self._order = ""
        self._times: Counter[Point] = Counter()

    def reached(self, point: Point) -> None:
        """Note a point; kill the process if it is the one. The order is read anew each time."""
        with self._reached.open("a", encoding="ascii") as file:
            file.write(f"{point}\n")
        order = ""
        with suppress(OSError):
            order = self._kill_at.read_text(encoding="ascii")
        if order != self._order:
            self._order = order
            self._times.clear()
        self._times[point] += 1
        named, port = order.split()[:2], order.split()[2:]
        if named != [point, str(self._times[point])]:
            return
        if not port:
            os.kill(os.getpid(), signal.SIGKILL)
        with socket.create_connection(("127.0.0.1", int(port[0]))) as listening:
            listening.recv(1)  # until it is closed
