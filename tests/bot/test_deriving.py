"""Threads that derive keys give way to the event loop."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from bot.wiring import deriving


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a thread a priority of its own")
def test_a_deriving_thread_stands_behind_the_loops_own() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = niceness()
    with deriving() as executor:
        assert executor.submit(niceness).result() > before
    assert niceness() == before
