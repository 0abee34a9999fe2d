"""The stateful machines at length, as rows of the table."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.access.machine import Access
from tests.faults.hands import Hands
from tests.faults.machine import Desks
from tests.faults.screens import Screens
from tests.faults.table import Row
from tests.newest import Engine

_MANY = settings(max_examples=60, stateful_step_count=40, deadline=None, database=None)


async def rows(engine: Engine) -> AsyncIterator[Row]:
    """Run each in a thread, since each run has an event loop of its own."""
    yield await _row(engine, "restarts, redelivery and conflicts, in any order", Desks)
    yield await _row(engine, "the same, and somebody writes the database between turns", Hands)
    yield await _row(engine, "the same at the screens, with ends in the middle of a press", Screens)
    yield await _row(engine, "who may know what, through every change of those who read", Access)


async def _row(engine: Engine, name: str, machine: type[Access | Desks | Screens]) -> Row:
    machine.engine, machine.injected, machine.accepted = engine, 0, 0
    agreed = await asyncio.to_thread(_agree, machine)
    return Row(name, machine.injected, machine.accepted, int(not agreed), 0)


def _agree(machine: type[Access | Desks | Screens]) -> bool:
    try:
        run_state_machine_as_test(machine, settings=_MANY)
    except Exception:  # noqa: BLE001 - told in the table, with the shortest run that fails above it
        traceback.print_exc()
        return False
    return True
