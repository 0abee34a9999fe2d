"""Connections to PostgreSQL: how long Hark waits for one, TLS that proves which server it is, and whether one lives."""

from __future__ import annotations

import ssl
import time
from contextlib import suppress
from typing import Any, Final

import asyncpg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import ConnectionPoolEntry

_OPENING: Final = 5.0  # seconds that a connection may take
_IDLE: Final = 5.0  # seconds after which a connection is asked whether it lives, before it is used
_USED: Final = "used"
_SESSION: Final = {
    "application_name": "hark",
    "lock_timeout": "10s",  # as long as SQLite's lock is waited for
    "log_parameter_max_length_on_error": "0",  # no value of ours in the server's log beside an error
}


class Unreachable(OSError):  # noqa: N818 - says what is
    """No connection could be opened; `sqlstate` tells why, where the server said so. Its text is constant."""

    def __init__(self, state: str | None) -> None:
        super().__init__("the database server gives no connection")
        self.sqlstate = state


async def connect_to(*args: Any, **options: Any) -> Any:
    """Open a connection; what SQLAlchemy's `async_creator_fn` takes.

    Args:
        args: As asyncpg takes them.
        options: Likewise, and `sslmode` (`verify-full`, or none: no TLS), `sslrootcert` (a file of authorities) and
            `search_path` (the schema that the session works in).

    Raises:
        Unreachable: It cannot be opened within 5 seconds, or the server is not the one that it says it is.
    """
    mode, roots = options.pop("sslmode", "disable"), options.pop("sslrootcert", None)
    schema = {"search_path": options.pop("search_path")} if "search_path" in options else {}
    try:
        secured = ssl.create_default_context(cafile=roots) if mode == "verify-full" else False
        return await asyncpg.connect(*args, timeout=_OPENING, server_settings=_SESSION | schema, ssl=secured, **options)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
        raise Unreachable(sqlstate(error)) from None


def sqlstate(error: BaseException) -> str | None:
    """Give the SQLSTATE of an error, also of one that SQLAlchemy has wrapped; None if it has none."""
    found = getattr(getattr(error, "orig", None) or error, "sqlstate", None)
    return str(found) if found else None


def is_closed(connection: AsyncConnection) -> bool:
    """Tell whether a connection was ended at its other end, as far as the event loop has seen."""
    fetched: Any = connection.sync_connection
    return bool(fetched.connection.driver_connection.is_closed())


def look_after(engine: Engine) -> None:
    """Have the pool of an engine give no connection that is known to be broken; it opens another one in its place.

    Whatever ends a connection at its other end is seen by the event loop. Only what was idle for 5 seconds is asked:
    SQLAlchemy's own `pool_pre_ping` asks each time, which is three round trips, as many as most work takes.
    """

    @event.listens_for(engine, "checkout")
    def _(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if connection.driver_connection.is_closed() or not _answers(connection, entry.info.get(_USED)):
            raise DisconnectionError

    @event.listens_for(engine, "checkin")
    def _(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED] = time.monotonic()


def _answers(connection: Any, used: float | None) -> bool:
    """Ask a connection that was not used for a while; a new one has just answered."""
    if used is None or time.monotonic() - used < _IDLE:
        return True
    with suppress(Exception):  # whatever it is, another connection is opened, and that tells
        connection.ping()
        return True
    return False
