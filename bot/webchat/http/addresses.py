"""The page's address by host and port, and the path under which a proxy shows it, such as ``/hark``."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import NoReturn

from aiohttp import web
from yarl import URL


def page_address(host: str, port: int) -> str:
    """Return the address that a browser on this machine opens, with a slash at its end; an IPv6 address in brackets.

    A server that listens on every address of the machine is shown by the one that means this machine.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if address.version == 6:
        return f"http://[{'::1' if address.is_unspecified else address}]:{port}/"
    return f"http://{'127.0.0.1' if address.is_unspecified else address}:{port}/"


def under(path: str, routes: Sequence[web.RouteDef]) -> Iterator[web.RouteDef]:
    """Give the routes as they are and, unless ``path`` has no name in it, under that path as well.

    ``path`` is as an address has it, percent-encoded or not. Some proxies strip it and some do not; either way a page
    finds its files by relative addresses. These need the slash at its end, to which a request without one is sent on,
    by a relative address too.
    """
    yield from routes
    name = URL(f"http://host/{path.strip('/')}").path_safe  # as the router compares paths: decoded but for / and %
    if name != "/":
        # A variable whose pattern is the name alone: only there does the router take every letter as itself.
        taken_as_itself = re.escape(name[1:]).replace(r"\{", r"\x7b").replace(r"\}", r"\x7d")
        begin = f"/{{path:{taken_as_itself}}}"
        yield web.get(begin, _send_to_slash)
        for one in routes:
            yield web.RouteDef(one.method, begin + one.path, one.handler, one.kwargs)


async def _send_to_slash(request: web.Request) -> NoReturn:
    last, asked = request.rel_url.raw_path.rpartition("/")[2], request.rel_url.raw_query_string
    # The dot keeps a name with a colon in it from being read as a scheme.
    raise web.HTTPFound(URL(f"./{last}/?{asked}" if asked else f"./{last}/", encoded=True))
