"""The security headers of everything the public port says."""

from aiohttp import web

from bot.webchat.page_bundle import Bundle


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
