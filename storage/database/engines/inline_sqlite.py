"""Connections of aiosqlite whose quick work runs in the event loop's own thread.

aiosqlite gives each call of a cursor to a thread and waits for the answer; under load each of those some fifty hops a
turn waits for the interpreter lock as well, and they cost more than all the work (decision 0003).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import aiosqlite

_T = TypeVar("_T")
_ROWS_AT_ONCE = 64  # aiosqlite's own default, for iterating over a cursor


class InlineReader(aiosqlite.Connection):
    """A read-only connection; in write-ahead mode it waits for no lock, so every call runs in the loop's thread."""

    async def _execute(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Make a call of the connection or of one of its cursors; aiosqlite has all of them come through here."""
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)


class InlineWriter(InlineReader):
    """A connection that writes: waiting for the lock, for the disk and for a checkpoint is left to its thread.

    The lock is asked for in the loop's thread, and waited for in the other one only where another process has it.
    """

    async def _execute(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        if _begins(args):
            with suppress(_Locked):
                return await self._begin(fn, *args, **kwargs)
        if _waits(fn, args):
            in_thread: Callable[..., Awaitable[_T]] = super(InlineReader, self)._execute
            return await in_thread(fn, *args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)

    async def _begin(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        [waits] = self._conn.execute("PRAGMA busy_timeout").fetchone()
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            return await super()._execute(fn, *args, **kwargs)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise _Locked from None
            raise
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={waits}")


class _Locked(Exception):  # noqa: N818 - says what is
    """Another process writes."""


def _begins(args: tuple[Any, ...]) -> bool:
    return bool(args) and isinstance(args[0], str) and args[0].startswith("BEGIN IMMEDIATE")


def _waits(fn: Callable[..., object], args: tuple[Any, ...]) -> bool:
    if fn.__name__ == "commit" or _begins(args):
        return True
    return bool(args) and isinstance(args[0], str) and args[0].startswith("PRAGMA wal_checkpoint")


def opened_by(kind: type[InlineReader]) -> Callable[..., aiosqlite.Connection]:
    """Give what SQLAlchemy's `async_creator_fn` takes: it opens a connection of this kind."""

    def create(*args: Any, **kwargs: Any) -> aiosqlite.Connection:
        made = kind(partial(sqlite3.connect, *args, **kwargs), _ROWS_AT_ONCE)
        made._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does it where it opens the connection itself
        return made

    return create
