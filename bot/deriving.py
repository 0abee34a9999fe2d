"""Threads for slow key derivations, which give way to everything else: nobody's turn waits for another's passphrase."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

_THREADS: Final = 8  # more derivations than storage lets run at once
_NICE: Final = 10  # of 19; with both cores busy the event loop still gets nine tenths of one


def deriving() -> ThreadPoolExecutor:
    """Give the executor for `loop.set_default_executor`, and so for every `asyncio.to_thread`."""
    return ThreadPoolExecutor(_THREADS, "derive", initializer=_give_way)


def _give_way() -> None:
    if sys.platform == "linux":  # where a thread has a priority of its own (setpriority(2))
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
