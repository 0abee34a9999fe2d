"""One module for each kind of database behind one interface; nothing else in Hark asks which kind it is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.engines.engine import DatabaseEngine, engine_for

__all__ = ["DatabaseEngine", "engine_for", "migration_engine", "reader_engine", "sqlite_url", "writer_engine"]


def sqlite_url(database: Path) -> URL:
    """Give the URL of a database file, whatever signs are in its path; as a text it would have to be read again."""
    return URL.create("sqlite+aiosqlite", database=str(database.absolute()))


def writer_engine(url: str | URL) -> AsyncEngine:
    """Give the engine through which everything is written, one transaction at a time.

    Raises:
        UnfitDatabase: The URL is of another database or driver, or none.
    """
    return engine_for(url).open_writer()


def reader_engine(url: str | URL) -> AsyncEngine:
    """Give the engine for reading; a write through it is an error.

    Raises:
        UnfitDatabase: The URL is of another database or driver, or none.
    """
    return engine_for(url).open_readers()


def migration_engine(url: str | URL) -> AsyncEngine:
    """Give the engine over which the schema is changed.

    Raises:
        UnfitDatabase: The URL is of another database or driver, or none.
    """
    return engine_for(url).open_for_migration()
