"""What somebody waits for who types a command or starts Hark, and the memory that it takes."""

from __future__ import annotations

import time
from statistics import median

from tests.bench.figures import Figures
from tests.bench.programs import running, told_by, whole
from tests.bench.school import school
from tests.bench.turns import crowd, spoken_to, stats, until, until_turns

_TIMES = 3
_COMMANDS = (
    ("--help",),
    ("flow", "check"),
    ("doctor",),
    ("invite", "Eve Hart", "--role", "deputy", "--site", "willow"),
)
_IMPORT = "import {}; print(next(one for one in open('/proc/self/status') if one.startswith('VmRSS')).split()[1])"


def commands(figures: Figures) -> None:
    """Whole processes, start to end."""
    print("Commands that do not talk")
    bare = median(whole("-c", "pass") for _ in range(_TIMES))
    with school() as settings:
        for command in _COMMANDS:
            took = median(whole("-m", "bot", *command, settings=settings) for _ in range(_TIMES))
            name = " ".join(command[:2] if command[0] == "flow" else command[:1])
            figures.add(f"hark {name}", f"{took:.2f} s", f"python -c pass {bare:.2f} s", took / bare, "0.5 s")


def start(figures: Figures) -> None:
    """From the start of the process to the first answer, and its memory then."""
    print("Start")
    alone, memory = _imported("aiogram")
    with school() as settings, crowd(1) as url:
        until(lambda: stats(url) is not None)
        began = time.perf_counter()
        with running("bot", "run", settings={**settings, **spoken_to(url)}) as program:
            until_turns(url, 1)
            took = time.perf_counter() - began
            until_turns(url, 50)
            used = program.memory()
    figures.add("start to first answer", f"{took:.2f} s", f"import aiogram {alone:.2f} s", took / alone)
    figures.add("memory after 50 turns", f"{used:.0f} MiB", f"import aiogram {memory:.0f} MiB", used / memory)


def _imported(module: str) -> tuple[float, float]:
    """Seconds of a process that only imports `module`, and its memory in MiB."""
    took = median(whole("-c", f"import {module}") for _ in range(_TIMES))
    return took, int(told_by(_IMPORT.format(module))) / 1024
