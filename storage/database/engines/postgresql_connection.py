"""Opens connections to PostgreSQL: how long Hark waits for one, and TLS that proves which server it is."""

from __future__ import annotations

import ssl
from typing import Any, Final

import asyncpg

_OPENING: Final = 5.0  # seconds that a connection may take
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
