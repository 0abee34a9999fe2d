"""The demo's phones page, and the newest rows of the database as they lie there."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

from aiohttp import web

from bot.demo.sample_school import SampleLead

#: A row as the page shows it: table, number, and columns with name, value and whether it is sealed or a key.
Shown: TypeAlias = dict[str, object]
_NEWEST: Final = 2  # rows of each table
_BYTES: Final = 20  # of a long value

_FOLDER: Final = Path(__file__).resolve().parent / "phones_page"
_FILES: Final = {"": "index.html", "phones.css": "phones.css", "phones.js": "phones.js"}
#: The chat page's policy, and besides, the page shows chats of its own origin in frames.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_KINDS: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
#: Whose phones stand on the page; `lang` is what their browsers would ask for.
_PEOPLE: Final = (
    {"slot": "child", "title": "A child", "person": "on a phone at home", "language": "en"},
    {"slot": "parent", "title": "A parent", "person": "in Spanish", "language": "es"},
    {"slot": "staff", "title": "A member of staff", "person": "on a laptop", "language": "en"},
    {"slot": "lead", "title": "Ms Carter", "person": "safeguarding lead", "language": "en"},
    {"slot": "deputy", "title": "Mr Bell", "person": "deputy", "language": "en"},
)


class Rows:
    """Looks at a database again and again; tables that changed come first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before: dict[str, list[Shown]] = {}
        self._order: list[str] = []

    def look(self) -> list[Shown]:
        """Return the newest rows of every table that has any, the table that changed last first. Blocking."""
        with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for table in _tables(connection):
                rows = _newest(connection, table)
                if rows != self._before.get(table, []):
                    self._before[table] = rows
                    self._order = [table, *(other for other in self._order if other != table)]
        return [row for table in self._order for row in self._before[table]]


def _tables(connection: sqlite3.Connection) -> list[str]:
    asked = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    return [str(name) for (name,) in connection.execute(f"{asked} AND name NOT LIKE 'sqlite_%'")]


def _newest(connection: sqlite3.Connection, table: str) -> list[Shown]:
    # The name comes from the schema, not from anybody's input.
    found = connection.execute(f'SELECT rowid, * FROM "{table}" ORDER BY rowid DESC LIMIT {_NEWEST}')  # noqa: S608
    names = [column[0] for column in found.description][1:]
    return [
        {"table": table, "number": number, "columns": [_column(*pair) for pair in zip(names, values, strict=True)]}
        for number, *values in found
    ]


def _column(name: str, value: object) -> dict[str, object]:
    if isinstance(value, bytes):
        cut = "…" if len(value) > _BYTES else ""
        return {"name": name, "value": f"{value[:_BYTES].hex()}{cut} ({len(value)} bytes)", "sealed": True}
    return {"name": name, "value": "NULL" if value is None else str(value), "sealed": False}


class Phones:
    """Answers for the phones page; the leads are known once they have joined."""

    def __init__(self, database: Path) -> None:
        self._rows = Rows(database)
        self.leads: Sequence[SampleLead] = ()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the page, its files and its three JSON answers."""
        return [
            web.get("/phones/people", self._people),
            web.get("/phones/codes", self._codes),
            web.get("/phones/database", self._database),
            web.get("/phones/{name:[a-z.]*}", _file),
        ]

    async def _people(self, _: web.Request) -> web.Response:
        return web.json_response(_PEOPLE)

    async def _codes(self, _: web.Request) -> web.Response:
        at = time.time()
        left = 30 - int(at) % 30
        told = [
            {"name": one.name, "passphrase": one.passphrase, "code": one.code(at), "left": left} for one in self.leads
        ]
        return web.json_response(told)

    async def _database(self, _: web.Request) -> web.Response:
        return web.json_response(await asyncio.to_thread(self._rows.look))


async def _file(request: web.Request) -> web.Response:
    name = _FILES.get(request.match_info["name"])
    if name is None:
        raise web.HTTPNotFound
    path = _FOLDER / name
    headers = {"Content-Security-Policy": _POLICY}
    return web.Response(body=path.read_bytes(), content_type=_KINDS[path.suffix], charset="utf-8", headers=headers)
