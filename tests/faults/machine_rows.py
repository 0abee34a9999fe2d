"""The stateful machine at length, as a row of the table."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.machine import Desks
from tests.faults.table import Row

_MANY = settings(max_examples=60, stateful_step_count=40, deadline=None, database=None)


async def rows() -> AsyncIterator[Row]:
    """Run it in a thread, since each run has an event loop of its own."""
    Desks.injected = Desks.accepted = 0
    agreed = await asyncio.to_thread(_agree)
    yield Row("restarts, redelivery and conflicts, in any order", Desks.injected, Desks.accepted, int(not agreed), 0)


def _agree() -> bool:
    try:
        run_state_machine_as_test(Desks, settings=_MANY)
    except Exception:  # noqa: BLE001 - told in the table, with the shortest run that fails above it
        traceback.print_exc()
        return False
    return True
