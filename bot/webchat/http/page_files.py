"""The page's files, read once at start, with its helplines and the security headers of the public port."""

import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.webchat.http.greeting import Greetings
from bot.webchat.http.page_bundle import Bundle, bundle

# A name, or "" for the emergency number, and the number as people write it
Numbers: TypeAlias = Sequence[tuple[str, str]]

_CALLABLE = re.compile(r"\+?[\d ()-]+")
_DANGER = '<span data-word="danger">If anyone is in danger now</span>'
_DANGER_IN_ALL = (
    'If anyone is in danger now · <span lang="es">Si alguien está en peligro ahora</span> · '
    '<span lang="ar" dir="rtl">إن كان أحدٌ في خطر الآن</span>'
)
# Whom to find or call while the place is open; said so, since nobody may be promised who is not there.
_WHILE_OPEN = (
    'While we are open · <span lang="es">Cuando el centro está abierto</span> · '
    '<span lang="ar" dir="rtl">خلال ساعات العمل</span>'
)

_FOLDER = Path(__file__).parent.parent / "page"


def helplines_html(numbers: Numbers) -> str:
    """Return them as items of an HTML list; the name of the emergency number is a word of the page's own."""
    return "".join(f"<li>{_name(name)} {_number(number)}</li>" for name, number in numbers)


def helplines_for_everybody(numbers: Numbers) -> str:
    """Return the same items where no script can choose a language: the page's own word is there in all of them."""
    return helplines_html(numbers).replace(_DANGER, _DANGER_IN_ALL)


def drawn_for_visitors(contacts: Numbers) -> str:
    """Return whom to go to there, under a line in all languages of the page; "" where nobody is named.

    A contact has a name, with a room where there is one, and a number or "".
    """
    items = "".join(f"<li>{_name(name)} {_number(number) if number else ''}</li>" for name, number in contacts)
    return f"<p>{_WHILE_OPEN}</p><ul>{items}</ul>" if items else ""


def _name(name: str) -> str:
    return f'<span dir="auto">{html.escape(name)}</span>' if name else _DANGER


def _number(number: str) -> str:
    shown = f'<bdi dir="ltr">{html.escape(number)}</bdi>'
    if not _CALLABLE.fullmatch(number):
        return shown
    return f'<a href="tel:{re.sub(r"[^0-9+]", "", number)}">{shown}</a>'


def header_setter(page: Bundle, *, embeddable: bool) -> "_Setter":
    """Return the signal handler that adds the headers; a response that brings its own keeps it.

    What stands in the HTML of ``page`` may run, by its hash. ``embeddable`` lets pages of the same origin show the chat
    in a frame.
    """
    return _Setter(page, "'self'" if embeddable else "'none'", "SAMEORIGIN" if embeddable else "DENY")


class _Setter:
    def __init__(self, page: Bundle, ancestors: str, frame_options: str) -> None:
        self._headers = {
            "Content-Security-Policy": (
                f"default-src 'none'; script-src 'self' {page.sources('script')}; style-src {page.sources('style')}; "
                "connect-src 'self'; img-src 'self' blob:; "
                f"form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
            ),
            "X-Frame-Options": frame_options,
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
            "X-Robots-Tag": "noindex",
        }

    async def __call__(self, request: web.Request, response: web.StreamResponse) -> None:  # noqa: ARG002 - a signal's shape
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "web"


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
            "numbers": helplines_html(numbers),
            "every_number": helplines_for_everybody(numbers),
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
