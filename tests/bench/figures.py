"""The figures of one run: printed as they come, and once more as a table at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, what came out, against what, and the goal where there is one."""

    what: str
    ours: str
    against: str = ""
    ratio: float | None = None
    goal: str = ""

    def line(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}x"
        return f"{self.what:<44} {self.ours:>22} {self.against:>30} {ratio:>8}  {self.goal}".rstrip()


@dataclass
class Figures:
    """All lines so far, and when the run began."""

    lines: list[Figure] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    def add(self, what: str, ours: str, against: str = "", ratio: float | None = None, goal: str = "") -> None:
        figure = Figure(what, ours, against, ratio, goal)
        self.lines.append(figure)
        print(f"  {figure.line()}", flush=True)

    def table(self) -> None:
        head = f"{'what':<44} {'Hark':>22} {'against':>30} {'ratio':>8}  goal"
        print(f"\n{head}\n{'-' * len(head)}")
        print(*(figure.line() for figure in self.lines), sep="\n")
        print(f"\nThe whole run took {time.perf_counter() - self.began:.0f} seconds.")


def spread(seconds: Iterable[float]) -> tuple[float, float]:
    """The median and the 95th percentile, in milliseconds."""
    took = [one * 1000 for one in seconds]
    return median(took), quantiles(took, n=20)[-1]
