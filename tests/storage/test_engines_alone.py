"""Nothing but the engines' own modules asks which kind of database it is, or imports a driver."""

from __future__ import annotations

import re
from pathlib import Path

from tests.programs.start import modules_with

ROOT = Path(__file__).parents[2]
_ASKS = re.compile(r"dialect\.name|get_backend_name|\bimport (asyncpg|aiosqlite)\b|from (asyncpg|aiosqlite)\b")
_DIALECTS = re.compile(r"sqlalchemy\.dialects|dialects import (sqlite|postgresql)")


def test_only_the_engines_ask_which_database_it_is() -> None:
    for folder in ("bot", "handlers", "storage", "flows"):
        for file in (ROOT / folder).rglob("*.py"):
            if file.parent != ROOT / "storage" / "database" / "engines":
                text = file.read_text("utf-8")
                assert not _ASKS.search(text), file
                assert not _DIALECTS.search(text), file


def test_whoever_is_on_sqlite_waits_for_no_driver_of_a_server() -> None:
    theirs = ("asyncpg", "storage.database.engines.postgresql")
    assert not modules_with("bot.wiring").intersection(theirs)
