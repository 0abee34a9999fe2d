"""What a lead's deed makes of a case, before it is numbered, sealed and signed by `desk.acting`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.cases import contents
from storage.cases.clear import Clear
from storage.cases.entries import Said
from storage.turns import Row
from storage.values import Glance


@dataclass(frozen=True, slots=True)
class Acted:
    """The case as it is to be, its header, what is said, what is logged, and further rows."""

    clear: Clear
    glance: Glance
    what: str
    said: tuple[Said, ...]
    rows: tuple[Row, ...] = field(default=(), repr=False)


def did(clear: Clear, what: str, detail: Mapping[str, str], now: datetime) -> Said:
    """Say in the case, to its recipients, that something was done."""
    return Said("desk", contents.action(what, detail, clear.desk_version + 1, now))
