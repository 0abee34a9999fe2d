"""One Hark for one database of a server: a session advisory lock on a connection of its own, which is watched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.values.errors import DatabaseInUse, Unavailable, UnfitDatabase

_ERRORS: Final = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_LOOK_EVERY: Final = 2.0  # seconds
#: Seconds for which a server may believe that a broken session of ours still lives, and keep its lock for it.
_GHOST: Final = 30.0
_LOCK: Final = text("SELECT pg_try_advisory_lock(4841, 1)")
_OURS: Final = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 4841 AND objid = 1 AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND pid = pg_backend_pid() AND granted)"
)
_SHARED: Final = (
    "something between Hark and the server shares sessions, as a pooler does: connect to the server itself, "
    "or set the pooler to whole sessions"
)


class AdvisoryLock:
    """See `SessionLock`. Each of its connections is opened by `engine`, which must keep none and begin nothing."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine whose connections are neither pooled nor within a transaction."""
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def acquire(self) -> None:
        """Take it, and prove that it is this session's alone; where that fails nothing is held.

        Raises:
            DatabaseInUse: Another process holds it.
            UnfitDatabase: Something shares one session among many, as a pooler does.
            Unavailable: The server does not answer.
        """
        try:
            held = await self._take()
            alone = held and await self._is_alone()
        except _ERRORS:
            await self.release()
            raise Unavailable from None
        if not alone:
            await self.release()
            raise UnfitDatabase(_SHARED) if held else DatabaseInUse

    async def watch(self, lost: Callable[[], None]) -> None:
        """Look every two seconds; see `SessionLock`. While the server does not answer nobody else can take it."""
        since: float | None = None
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            held = await self._look()
            if held is not False:
                since = None
                continue
            since = time.monotonic() if since is None else since
            if time.monotonic() - since >= _GHOST:
                lost()
                return

    async def release(self) -> None:
        """Close the connection, and with it the session that holds the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_ERRORS):
                await connection.close()

    async def _look(self) -> bool | None:
        """Tell whether it is held, and take it again where it is not; None while the server does not answer."""
        try:
            if self._connection is not None and (await self._connection.execute(_OURS)).scalar():
                return True
            await self.release()
            return await self._take()
        except _ERRORS:
            await self.release()
            return None

    async def _take(self) -> bool:
        self._connection = await self._engine.connect()
        return bool((await self._connection.execute(_LOCK)).scalar())

    async def _is_alone(self) -> bool:
        """Have another session ask for it within a transaction, for which a pooler would take the first one's place."""
        async with self._engine.connect() as other:
            await other.exec_driver_sql("BEGIN")
            taken = (await other.execute(_LOCK)).scalar()
            ours = self._connection is not None and (await self._connection.execute(_OURS)).scalar()
            await other.exec_driver_sql("ROLLBACK")
            return bool(ours and not taken)
