"""The phones page's addresses on the web chat's public port; only a demo has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.phones.rows import Rows
from bot.sample_school import SampleLead

_FOLDER: Final = Path(__file__).resolve().parent
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


class Phones:
    """Answers for the phones page; the leads are known once they have joined."""

    def __init__(self, database: Path) -> None:
        self._rows = Rows(database)
        self.leads: Sequence[SampleLead] = ()

    def routes(self) -> list[web.RouteDef]:
        """The page, its files and its three questions."""
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
