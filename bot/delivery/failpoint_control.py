"""Failpoints for the tests of `tests/faults/`: armed by one variable of the environment, and never where people write.

The variable names a folder. Every point that is reached is added to its file `reached`, a line each; the file `kill_at`
holds the name of a point and a number, and the process is killed when that point is reached for that time.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.deployment.settings import Settings, SettingsError
from bot.deployment.value_checks import is_on_this_machine
from flows.values.ids import SiteId
from storage.database import instrumentation
from storage.database.instrumentation import Point

#: Not a setting: it is in no settings file and in no guide for operators.
VARIABLE: Final = "HARK_TEST_FAILPOINTS"
_REFUSED: Final = (
    "is for Hark's own tests: it is refused unless every site is in practice and the only Bot API is on this machine"
)


def arm(environ: Mapping[str, str], settings: Settings, is_live: Callable[[SiteId], bool]) -> None:
    """Arm the failpoints if the environment asks for it; without the variable nothing is done.

    Raises:
        SettingsError: it asks for it where somebody may rely on this Hark.
    """
    if VARIABLE not in environ:
        return
    outside = settings.token is not None and not is_on_this_machine(urlsplit(settings.api_url).hostname)
    relied_on = any(is_live(site.id) or not site.practice for site in settings.sites.values())
    if outside or relied_on:
        raise SettingsError(VARIABLE, _REFUSED)
    instrumentation.arm(Killer(Path(environ[VARIABLE])).reached)


class Killer:
    """Writes each point that is reached into a file, and kills the process at the one that is named."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that the variable names; it exists."""
        self._reached = folder / "reached"
        self._kill_at = folder / "kill_at"
        self._order = ""
        self._times: Counter[Point] = Counter()

    def reached(self, point: Point) -> None:
        """Note a point, and kill the process if it is the one to die at; `kill_at` is read anew each time."""
        with self._reached.open("a", encoding="ascii") as file:
            file.write(f"{point}\n")
        order = ""
        with suppress(OSError):
            order = self._kill_at.read_text(encoding="ascii")
        if order != self._order:
            self._order = order
            self._times.clear()
        self._times[point] += 1
        if order.split() == [point, str(self._times[point])]:
            os.kill(os.getpid(), signal.SIGKILL)
