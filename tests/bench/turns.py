"""Reporters' turns: the real program against two bare bots that make the same calls and keep nothing on disk."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from tempfile import TemporaryFile
from typing import Any, Final
from urllib.request import urlopen

from tests.bench.figures import Figures, spread
from tests.bench.programs import Program, free_port, running
from tests.bench.school import school

_WARM = 200  # turns before anything is counted
_ROUNDS = 3
_BETWEEN_SYNCS = 0.02  # seconds
_GOALS = {("CPU a turn", 50, "bare aiogram"): "1.5x", ("turns a second", 50, "python-telegram-bot"): "1x"}
_PATIENCE = 60  # seconds until the first turns are done


@dataclass(frozen=True)
class Pace:
    """How one bot did."""

    turns: float  # a second
    cpu: float  # milliseconds a turn
    calls: float  # a turn
    waited: tuple[float, float]  # median and 95th percentile of a turn, milliseconds


def measure(figures: Figures, seconds: float) -> None:
    """At 1 and at 50 chats: turns a second and processor time a turn, for all three.

    They take turns, and each figure is the median of the rounds: a machine that others use as well is not the same
    from one minute to the next, and neither half of a ratio may have the better one.
    """
    print("Turns of reporters (each committed to disk before it is answered)")
    for people in (1, 50):
        _tell(figures, people, [[_pace(people, seconds, bot) for bot in BOTS.values()] for _ in range(_ROUNDS)])
    _while_a_lead_unlocks(figures, 4 * seconds)


def _while_a_lead_unlocks(figures: Figures, seconds: float) -> None:
    """200 people who take two seconds to answer, while somebody unlocks a desk, and a second later the next one.

    Each turn waits for the disk; so how long the disk takes by itself, meanwhile, stands beside it.
    """
    with crowd(200, "think") as url, _hark(url):
        until_turns(url, 2 * _WARM)
        before = stats(url)["knocks"]
        disk = _syncs(seconds)
        told = stats(url)
    waited = quantiles([one * 1000 for one in told["took"]], n=100)
    turns, unlocks = len(told["took"]) / seconds, (told["knocks"] - before) / seconds
    shown = f"{waited[49]:.0f} / {waited[98]:.0f} ms"
    figures.add("wait at 200 chats, median / p99", shown, f"{turns:.0f} turns, {unlocks:.1f} unlocks/s", goal="250 ms")
    figures.add("the disk meanwhile, median / at worst", "", f"{median(disk):.1f} / {max(disk):.0f} ms")


def _syncs(seconds: float) -> list[float]:
    """How long a small file takes to reach the disk, in milliseconds, again and again for so many seconds."""
    took, last = [], time.perf_counter() + seconds
    with TemporaryFile() as file:
        while (began := time.perf_counter()) < last:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
            time.sleep(_BETWEEN_SYNCS)
    return took


def _tell(figures: Figures, people: int, rounds: list[list[Pace]]) -> None:
    chats = f"{people} chat{'s' if people > 1 else ''}"
    hark, *others = ([paces[bot] for paces in rounds] for bot in range(len(BOTS)))
    for name, other in zip(list(BOTS)[1:], others, strict=True):
        for what, figure, shown in (("turns a second", "turns", "{:.0f}"), ("CPU a turn", "cpu", "{:.2f} ms")):
            ours, theirs = ([getattr(pace, figure) for pace in paces] for paces in (hark, other))
            ratio = median(our / their for our, their in zip(ours, theirs, strict=True))
            told = shown.format(median(ours)), f"{name} {shown.format(median(theirs))}"
            figures.add(f"{what}, {chats}", *told, ratio, _GOALS.get((what, people, name), ""))
    waits = (f"{_middle(paces, 0):.1f} / {_middle(paces, 1):.1f} ms" for paces in (hark, others[0]))
    figures.add(f"wait of a turn, median / p95, {chats}", next(waits), f"bare aiogram {next(waits)}")
    calls = [f"{median(pace.calls for pace in paces):.2f}" for paces in (hark, *others)]
    figures.add(f"calls a turn, {chats}", calls[0], ", ".join(calls[1:]))


def _middle(paces: list[Pace], which: int) -> float:
    return median(pace.waited[which] for pace in paces)


@contextmanager
def _hark(url: str) -> Iterator[Program]:
    with school() as settings, running("bot", "run", settings={**settings, **spoken_to(url)}) as program:
        yield program


#: What is measured, in the order in which it takes turns.
BOTS: Final[dict[str, Callable[[str], AbstractContextManager[Program]]]] = {
    "Hark": _hark,
    "bare aiogram": lambda url: running("tests.bench.bare", url),
    "python-telegram-bot": lambda url: running("tests.bench.ptb", url),
}


def spoken_to(url: str) -> dict[str, str]:
    """The settings with which Hark speaks to the Bot API at `url` and to nothing else."""
    return {"HARK_TOKEN": "1:bench", "HARK_API_URL": url, "HARK_WEB_HOST": ""}


def _pace(people: int, seconds: float, bot: Callable[[str], AbstractContextManager[Program]]) -> Pace:
    with crowd(people) as url, bot(url) as program:
        until_turns(url, _WARM)
        stats(url)
        began, cpu = time.perf_counter(), program.cpu()
        time.sleep(seconds)
        told = stats(url)
        took, used = time.perf_counter() - began, program.cpu() - cpu
    turns = len(told["took"])
    calls = sum(told["calls"].values())
    return Pace(turns / took, used / turns * 1000, calls / turns, spread(told["took"]))


@contextmanager
def crowd(people: int, *script: str) -> Iterator[str]:
    """A Bot API server with a crowd at it; gives its address once it answers."""
    port = free_port()
    with running("tests.bench.crowd", str(port), str(people), *script):
        url = f"http://127.0.0.1:{port}"
        until(lambda: _answers(url))
        yield url


def until_turns(url: str, wanted: int, patience: float = _PATIENCE) -> None:
    """Wait for so many turns."""
    done = 0

    def enough() -> bool:
        nonlocal done
        done += len(stats(url)["took"])
        return done >= wanted

    until(enough, patience)


def until(met: Callable[[], bool], patience: float = _PATIENCE) -> None:
    """Wait for a condition, asked every few milliseconds."""
    last = time.perf_counter() + patience
    while not met():
        if time.perf_counter() > last:
            raise TimeoutError("the bench waited in vain")
        time.sleep(0.01)


def stats(url: str) -> dict[str, Any]:
    """What the crowd measured since it was last asked."""
    with urlopen(f"{url}/stats") as answer:  # noqa: S310 - our own loopback server
        told: dict[str, Any] = json.load(answer)
    return told


def _answers(url: str) -> bool:
    try:
        stats(url)
    except OSError:
        return False
    return True
