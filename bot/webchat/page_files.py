"""The page itself: put together once at start from the files beside this module."""

import html
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.webchat.greeting import Greetings
from bot.webchat.numbers import Numbers, drawn, drawn_for_everybody, drawn_for_visitors
from bot.webchat.page_bundle import Bundle, bundle

_FOLDER = Path(__file__).with_name("page")


def page_bundle(
    title: str, leave_to: str, *, uploads: bool, numbers: Numbers, contacts: Numbers = (), name: str = ""
) -> Bundle:
    """Put the page together.

    ``title`` is shown in the tab, where others see it, and ``name`` in the header, or else the title; ``leave_to`` is
    where "Leave quickly" goes; without ``uploads`` there is no button for files; ``numbers`` are shown where the page
    gets no answer; ``contacts`` are whom to go to there, shown where no script runs.
    """
    return bundle(
        _FOLDER,
        {
            "title": html.escape(title),
            "leave_to": html.escape(leave_to),
            "name": html.escape(name or title),
            "attach": "" if uploads else " hidden",
            "numbers": drawn(numbers),
            "every_number": drawn_for_everybody(numbers),
            "contacts": drawn_for_visitors(contacts),
        },
    )


def page_files(page: Bundle, greetings: Greetings) -> list[web.RouteDef]:
    """Return the routes of ``/``, the scripts that are not in it, ``/healthz`` and an empty icon."""

    async def index(request: web.Request) -> web.Response:
        return page.answer(request, await greetings.drawn_for(request))

    return [
        web.get("/", index),
        web.get("/healthz", _served("ok\n", "text/plain")),
        web.get("/favicon.ico", _nothing),
        *[web.get(f"/{name}", _served(text, "text/javascript")) for name, text in page.apart.items()],
    ]


def _served(text: str, kind: str) -> Handler:
    async def serve(request: web.Request) -> web.Response:  # noqa: ARG001 - a handler's shape
        return web.Response(text=text, content_type=kind, charset="utf-8")

    return serve


async def _nothing(request: web.Request) -> web.Response:  # noqa: ARG001 - a handler's shape
    return web.Response(status=204)
