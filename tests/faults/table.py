"""One line a fault: what was done, how often, what people were told was kept, and what of that is lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.newest import Engine

#: The engines in the order of their columns, as they are called there.
ENGINES: Final[Mapping[Engine, str]] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_WIDTH = 66  # letters of the longest fault
_HEAD = ("injected", "accepted", "lost", "doubled")


@dataclass(frozen=True)
class Row:
    """`injected` times a fault; `accepted` concerns, messages, replies and claims that somebody was told are kept."""

    fault: str
    injected: int
    accepted: int
    lost: int
    doubled: int

    @property
    def good(self) -> bool:
        """Nothing is lost, nothing is doubled, and the fault was really there."""
        return self.injected > 0 and not self.lost and not self.doubled

    @property
    def numbers(self) -> str:
        """The four of them, in columns."""
        return "".join(f"{number:>10,}" for number in (self.injected, self.accepted, self.lost, self.doubled)) + (
            "     " if self.good else "  BAD"
        )


def line(row: Row, engine: Engine) -> str:
    """A row by itself, as it comes."""
    return f"{row.fault:<{_WIDTH}}{ENGINES[engine]:>12}{row.numbers}".rstrip()


def table(told: Mapping[Engine, Iterable[Row]], began: float) -> str:
    """All rows, with four columns for each engine; a fault that an engine has not, or was not asked for, has none."""
    rows = {engine: {row.fault: row for row in of} for engine, of in told.items()}
    faults = dict.fromkeys(fault for of in rows.values() for fault in of)
    none = " " * len(Row("", 0, 0, 0, 0).numbers)
    titles = "".join(f"{name:>10}" for name in _HEAD) + "     "
    head = f"{'fault':<{_WIDTH}}" + "".join(titles for _ in rows)
    names = f"{'':<{_WIDTH}}" + "".join(f"{'on ' + ENGINES[engine]:>40}     " for engine in rows)
    lines = [names.rstrip(), head.rstrip(), "-" * len(head.rstrip())]
    for fault in faults:
        numbers = (of[fault].numbers if fault in of else none for of in rows.values())
        lines.append(f"{fault:<{_WIDTH}}{''.join(numbers)}".rstrip())
    return "\n".join([*lines, "-" * len(head.rstrip()), f"It took {time.monotonic() - began:.0f} seconds."])
