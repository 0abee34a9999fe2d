"""The whole wave of pranks, as a row of the table; a true report that is not on the first page counts as lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.pranks import PAGE, wave
from tests.faults.table import Row

_PRANKS = 5_000
_SOURCES = 300


async def rows() -> AsyncIterator[Row]:
    """One true report among them."""
    with TemporaryDirectory(prefix="hark-faults-") as folder:
        came = await wave(Path(folder), _PRANKS, _SOURCES, seed=7)
    hidden = int(max(came.place, came.worst) > PAGE)
    yield Row("pranks that all claim danger", _PRANKS, came.sent, came.sent - came.queued + hidden, came.doubled)
