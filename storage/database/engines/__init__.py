"""One module for each kind of database behind one interface; nothing else in Hark asks which kind it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.engines.engine import DatabaseEngine, engine_for
from storage.values.errors import Unavailable

__all__ = ["DatabaseEngine", "engine_for", "reading", "sqlite_url", "writing"]


def sqlite_url(database: Path) -> URL:
    """Give the URL of a database file, whatever signs are in its path; as a text it would have to be read again."""
    return URL.create("sqlite+aiosqlite", database=str(database.absolute()))


def reading(url: str | URL) -> AbstractAsyncContextManager[AsyncConnection]:
    """Give a connection for reading, for the length of the block; for whoever has no store open.

    Raises:
        Unavailable: The database cannot be read.
        UnfitDatabase: The URL is of another database or driver, or none.
    """
    return _connected(url, writes=False)


def writing(url: str | URL) -> AbstractAsyncContextManager[AsyncConnection]:
    """Give a connection in a transaction that is committed at the end of the block; for whoever has no store open.

    Raises:
        Unavailable: The database cannot be written; nothing was changed.
        UnfitDatabase: The URL is of another database or driver, or none.
    """
    return _connected(url, writes=True)


@asynccontextmanager
async def _connected(url: str | URL, *, writes: bool) -> AsyncIterator[AsyncConnection]:
    kind = engine_for(url)
    engine = kind.open_writer() if writes else kind.open_readers()
    try:
        async with engine.begin() if writes else engine.connect() as connection:
            yield connection
    except kind.errors:
        raise Unavailable from None
    finally:
        await engine.dispose()
