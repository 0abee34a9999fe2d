"""Tells whoever brought an update that it is on disk: from then on it need not be brought again.

What the update goes on to cause, a slow key derivation or the answer, is nobody's who fetches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_told: ContextVar[Callable[[], None] | None] = ContextVar("told", default=None)


@contextmanager
def when_seen(tell: Callable[[], None]) -> Iterator[None]:
    """Have `tell` called, within this block and this task, each time an update's mark as seen is committed."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


def seen() -> None:
    """Say that a mark was committed; for `Ground.commit`."""
    tell = _told.get()
    if tell is not None:
        tell()
