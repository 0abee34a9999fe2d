"""Under which names the public port answers, and which pages may ask it to do something.

A page of anybody's can make a browser send a request here; ``Origin`` names that page. A page whose own name was
pointed at this machine after it was loaded (DNS rebinding) could read the answers as well; ``Host`` has that name. So
both are looked at, whatever the path; only ``/healthz``, which says nothing, answers under any name.
"""

import logging
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from bot.webchat.http.page_files import Numbers, helplines_html

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Names that no public name server answers for, so that nobody outside can point one of them anywhere. RFC 6762 and
# 8375, ICANN for "internal"; routers hand out "lan".
_OF_A_HOUSE = (".local", ".lan", ".internal", ".home.arpa")
_SAID = (
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><title>One moment</title>"
    "<p>This page is not at this address. Please open it by the link or the poster that you were given.</p>"
    "<p>If anyone is in danger now, call the emergency number, or go to an adult you trust.</p><ul>{numbers}</ul>"
    "<p><small>Whoever looks after this page: its public address has to be set before it answers here.</small></p>"
)
_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Origin:
    """A scheme, a host in small letters and as the network knows it (IDNA), and a port."""

    scheme: str
    host: str
    port: int | None


class Origins:
    """Judges requests by ``Host`` and ``Origin``.

    ``configured`` are addresses, of which scheme, host and port count. Loopback names are always allowed, with any
    port, since a tunnel or a container changes it. Without ``configured`` so is what nobody outside can have pointed
    here: the name that the page listens on and this machine's own; and if it listens on all interfaces, every IP
    address, names without a dot, and those of a local network.

    Raises:
        ValueError: one of ``configured`` is no address.
    """

    def __init__(self, listens_on: str, configured: Sequence[str]) -> None:
        self._configured = frozenset(_origin(one) for one in configured)
        self._names = frozenset(one.host for one in self._configured)
        self._own = frozenset() if configured else frozenset({listens_on.lower(), socket.gethostname().lower()})
        self._whole_network = not configured and listens_on in {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to

    def allow(self, host: str, origin: str | None, *, reads: bool) -> bool:
        """Tell whether to answer a request: ``host`` and ``origin`` as its headers have them.

        What only ``reads`` is judged by its host alone. Without an origin it is no request of another page's.
        """
        try:
            here = _origin(f"http://{host}") if _HOST.fullmatch(host) else None
            if here is None or not self._answers_to(here.host):
                return False
            return reads or origin is None or self._may_act(here, host, _origin(origin))
        except ValueError:
            return False

    def _may_act(self, here: _Origin, host: str, page: _Origin) -> bool:
        if page in self._configured:
            return True
        if here.host in self._names and not _is_loopback(here.host):
            return False
        # The page's own address but for the scheme, which a server in front may have changed.
        return page == _origin(f"{page.scheme}://{host}")

    def _answers_to(self, name: str) -> bool:
        if name in self._names or name in self._own or _is_loopback(name):
            return True
        return self._whole_network and (_is_address(name) or "." not in name or name.endswith(_OF_A_HOUSE))


class OriginGuard:
    """Its `check` is the public port's middleware: what is not allowed is refused with 421, before its body is read."""

    def __init__(self, origins: Origins, numbers: Numbers) -> None:
        """``numbers`` are for whoever opens the page under a name that is not its own."""
        self._origins, self._page, self._told = origins, _SAID.format(numbers=helplines_html(numbers)), False

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer, or refuse with 421 (RFC 9110, section 15.5.20).

        Who reads is shown a page, the rest get ``{"error": "origin"}``. Of refusals the log says once for the process
        that there are some, and never from where.
        """
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        if request.path == "/healthz" or self._origins.allow(host, origin, reads=request.method in _READING):
            return await handler(request)
        self._tell()
        if request.method in _READING:
            return web.Response(text=self._page, content_type="text/html", status=421)
        return web.json_response({"error": "origin"}, status=421)

    def _tell(self) -> None:
        """Say it once, for whoever forgot to set the address, and so that nobody can fill the log."""
        if not self._told:
            log.warning("a request was refused whose host name or origin is not a configured one")
        self._told = True


def _origin(address: str) -> _Origin:
    """Read an address.

    Raises:
        ValueError: it is none of http or https, or names a user.
    """
    url = URL(address)
    if url.scheme not in {"http", "https"} or not url.raw_host or url.user is not None:
        raise ValueError("no address of http or https")
    return _Origin(url.scheme, url.raw_host.removesuffix("."), url.port)


def _is_loopback(name: str) -> bool:
    if _is_address(name):
        return ip_address(name).is_loopback
    return name == "localhost" or name.endswith(".localhost")  # RFC 6761


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
