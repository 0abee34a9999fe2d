"""The path under which a proxy shows the page on an address that has other pages too, such as ``/hark``."""

import re
from collections.abc import Iterator, Sequence
from typing import NoReturn

from aiohttp import web
from yarl import URL


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
