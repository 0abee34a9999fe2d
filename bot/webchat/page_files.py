"""The page itself: the files beside this module, read once at start."""

import html
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.webchat.numbers import Numbers, drawn, drawn_for_everybody

_FOLDER = Path(__file__).with_name("page")
_TYPES = {".js": "text/javascript", ".css": "text/css"}


def page_files(title: str, leave_to: str, *, uploads: bool, numbers: Numbers, name: str = "") -> list[web.RouteDef]:
    """Return the routes of ``/``, the scripts and the style, ``/healthz`` and an empty icon.

    ``title`` is shown in the tab, where others see it, and ``name`` in the header, or else the title; ``leave_to`` is
    where "Leave quickly" goes; without ``uploads`` there is no button for files; ``numbers`` are shown where the page
    gets no answer.
    """
    index = (_FOLDER / "index.html").read_text()
    index = index.replace("{{title}}", html.escape(title)).replace("{{leave_to}}", html.escape(leave_to))
    index = index.replace("{{name}}", html.escape(name or title))
    index = index.replace("{{attach}}", "" if uploads else " hidden").replace("{{numbers}}", drawn(numbers))
    index = index.replace("{{every_number}}", drawn_for_everybody(numbers))
    assets = [path for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES]
    return [
        web.get("/", _served(index, "text/html")),
        web.get("/healthz", _served("ok\n", "text/plain")),
        web.get("/favicon.ico", _nothing),
        *[web.get(f"/{path.name}", _served(path.read_text(), _TYPES[path.suffix])) for path in assets],
    ]


def _served(text: str, kind: str) -> Handler:
    async def serve(request: web.Request) -> web.Response:  # noqa: ARG001 - a handler's shape
        return web.Response(text=text, content_type=kind, charset="utf-8")

    return serve


async def _nothing(request: web.Request) -> web.Response:  # noqa: ARG001 - a handler's shape
    return web.Response(status=204)
