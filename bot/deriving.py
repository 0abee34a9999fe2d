"""Threads for slow key derivations, which give way to everything else: nobody's turn waits for another's passphrase."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from storage.derivations import give_way

_THREADS: Final = 8  # more derivations than storage lets run at once
_NICE: Final = 10  # of 19; with both cores busy the event loop still gets nine tenths of one


def deriving() -> ThreadPoolExecutor:
    """Give the executor for `loop.set_default_executor`, and so for every `asyncio.to_thread`."""
    return ThreadPoolExecutor(_THREADS, "derive", initializer=partial(give_way, _NICE))
