"""`make mutants`: puts small faults into the code that decides who reads, and tells which of them no test finds.

The exit code is 1 if less than nine in ten are found in a module. See `docs/mutation-testing.md`.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.mutants.changes import Change, changes
from tests.mutants.modules import MODULES
from tests.mutants.trial import Reached, Verdict, begin, import_all_but, reach, verdict

ROOT: Final = Path(__file__).parents[2]
#: What tests import that is not ours: it is imported once, and not in each process.
_FIRST: Final = ("hypothesis", "sqlalchemy.ext.asyncio", "aiosqlite", "alembic.command", "asyncpg", "pytest_asyncio")
_LEAST: Final = 0.9
_PATIENCE: Final = 10  # seconds, and five times what the tests take without a fault


@dataclass
class Score:
    """What became of the faults of one module."""

    module: str
    counted: Counter[Verdict] = field(default_factory=Counter)
    survivors: list[tuple[int, str]] = field(default_factory=list)

    @property
    def found(self) -> float:
        """The part of them that tests find; an end that does not come is found too."""
        return 1 - self.counted["survived"] / max(1, self.counted.total())

    def __str__(self) -> str:
        numbers = (self.counted.total(), self.counted["killed"], self.counted["timeout"], self.counted["survived"])
        return f"{self.module:<42}" + "".join(f"{number:>10}" for number in numbers) + f"{self.found:>10.1%}"


def main() -> int:
    """Judge the modules asked for."""
    asked = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    asked.add_argument("modules", nargs="*", metavar="MODULE", help="their paths, or how these begin; all without")
    asked.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    given = asked.parse_args()
    wanted = [one for one in MODULES if not given.modules or one.startswith(tuple(given.modules))]
    if not wanted:
        asked.error(f"there is none of {', '.join(given.modules)}; there are {', '.join(MODULES)}")
    for name in _FIRST:
        importlib.import_module(name)
    began, scores = time.monotonic(), []
    print(f"{'module':<42}{'faults':>10}{'failed':>10}{'timeout':>10}{'survived':>10}{'found':>10}", flush=True)
    for module in wanted:
        scores.append(_judged_apart(module, given.jobs))
        print(scores[-1], flush=True)
        for _, shown in sorted(scores[-1].survivors):
            print(f"    {shown}", flush=True)
    faults = sum(score.counted.total() for score in scores)
    left = sum(score.counted["survived"] for score in scores)
    print(f"{faults} faults, {1 - left / max(1, faults):.1%} found, in {time.monotonic() - began:.0f} seconds")
    return int(any(score.found < _LEAST for score in scores))


def _judged_apart(module: str, jobs: int) -> Score:
    """Judge a module in a process of its own, which imports what another module's must not have."""
    with multiprocessing.get_context("fork").Pool(1) as apart:
        return apart.apply(_judge, (module, jobs))


def _judge(module: str, jobs: int) -> Score:
    path, name = ROOT / module, module.removesuffix(".py").replace("/", ".")
    import_all_but(name)
    with TemporaryDirectory() as notes:
        reached = reach(name, path, MODULES[module], Path(notes) / "reached")
    score, running = Score(module), dict[int, tuple[Change, float]]()
    for change, process, until in _begun(name, path, reached, score):
        running[process] = (change, until)
        while len(running) >= jobs:
            _note_ended(running, score)
    while running:
        _note_ended(running, score)
    return score


def _begun(name: str, path: Path, reached: Reached, score: Score) -> Iterator[tuple[Change, int, float]]:
    """Start the tests with each fault, as they are asked for; what no test reaches is a survivor."""
    tree = ast.parse(path.read_text())
    for change in changes(tree):
        tests = reached.by(change.lines)
        if not tests:
            _note(score, change, "survived")
            continue
        until = time.monotonic() + _PATIENCE + 5 * sum(reached.seconds[test] for test in tests)
        yield change, begin(name, path, tree, change, reached), until


def _note_ended(running: dict[int, tuple[Change, float]], score: Score) -> None:
    """Wait for one of them to end; what takes too long is ended."""
    while True:
        process, status = os.waitpid(-1, os.WNOHANG)
        if process:
            _note(score, running.pop(process)[0], verdict(status))
            return
        for late in [one for one, (_, until) in running.items() if time.monotonic() > until]:
            os.killpg(late, signal.SIGKILL)
        time.sleep(0.01)


def _note(score: Score, change: Change, what: Verdict) -> None:
    score.counted[what] += 1
    if what == "survived":
        score.survivors.append((change.lines.start, change.shown))


if __name__ == "__main__":
    sys.exit(main())
