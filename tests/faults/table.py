"""One line a fault: what was done, how often, what people were told was kept, and what of that is lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

_WIDTH = 66  # letters of the longest fault
_HEAD = ("fault", "injected", "accepted", "lost", "doubled")


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

    def line(self) -> str:
        numbers = (self.injected, self.accepted, self.lost, self.doubled)
        return (
            f"{self.fault:<{_WIDTH}}" + "".join(f"{number:>10,}" for number in numbers) + ("" if self.good else "  BAD")
        )


def table(rows: Iterable[Row], began: float) -> str:
    """All rows, and what they come to."""
    told = list(rows)
    total = Row(
        "all of them",
        *(sum(getattr(row, name) for row in told) for name in ("injected", "accepted", "lost", "doubled")),
    )
    head = f"{_HEAD[0]:<{_WIDTH}}" + "".join(f"{name:>10}" for name in _HEAD[1:])
    lines = [head, "-" * len(head), *(row.line() for row in told), "-" * len(head), total.line()]
    return "\n".join([*lines, f"It took {time.monotonic() - began:.0f} seconds."])
