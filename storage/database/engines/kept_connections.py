"""Connections that stay fetched from SQLAlchemy's pool from one transaction to the next.

To fetch one and to give it back takes half of a transaction that asks one thing, on either kind of database, and
a turn reads a dozen times.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.database.engines.engine import DatabaseEngine

_IDLE: Final = 2.0  # seconds after which one is fetched anew, and looked after by the pool


class _Kept(NamedTuple):
    connection: AsyncConnection
    since: float  # time.monotonic


class KeptConnections:
    """The connections of one engine, of which one stays fetched for transactions and one for single statements.

    A connection is kept only after a transaction that ended well, and while nobody waits at the pool. After an error
    all go back there, and the pool opens new ones in place of those that the same fault has broken.
    """

    def __init__(self, kind: DatabaseEngine, engine: AsyncEngine) -> None:
        """Take an engine that `kind` has opened."""
        self.engine = engine
        self.once = kind.for_one_statement(engine)
        #: What may be raised by what uses them; see `DatabaseEngine.errors`.
        self.errors = kind.errors
        self._is_broken = kind.is_broken
        self._kept: dict[bool, _Kept] = {}
        self._waiting = 0

    @asynccontextmanager
    async def begin(self, *, once: bool = False) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose first statement begins a transaction, which the end of the block commits.

        It is rolled back on any error. With `once` there is no transaction: see `DatabaseEngine.for_one_statement`.

        Raises:
            Whatever is among `errors`.
        """
        connection = await self._fetch(once=once)
        try:
            yield connection
            await connection.commit()
        except BaseException:
            await _give_back(connection)
            await self.give_back()
            raise
        if self._waiting or once in self._kept:
            await _give_back(connection)
        else:
            self._kept[once] = _Kept(connection, time.monotonic())

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[AsyncEngine]:
        """Give the engine itself for the length of the block, in which all connections go back to its pool."""
        self._waiting += 1
        try:
            await self.give_back()
            yield self.engine
        finally:
            self._waiting -= 1

    async def give_back(self) -> None:
        """Give those that are kept and not in use back to the pool."""
        while self._kept:
            await _give_back(self._kept.popitem()[1].connection)

    async def close(self) -> None:
        """Close all of them; the next transaction would open new ones."""
        await self.give_back()
        await self.engine.dispose()

    async def _fetch(self, *, once: bool) -> AsyncConnection:
        if kept := self._kept.pop(once, None):
            if time.monotonic() - kept.since < _IDLE and not self._is_broken(kept.connection):
                return kept.connection
            await _give_back(kept.connection)
        self._waiting += 1
        try:
            return await (self.once if once else self.engine).connect()
        finally:
            self._waiting -= 1


async def _give_back(connection: AsyncConnection) -> None:
    """Give a connection back to the pool, also where the task that had it is being cancelled."""
    await asyncio.shield(asyncio.create_task(connection.close()))
