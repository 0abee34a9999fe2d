"""The page in one answer: HTML with its style and its scripts in it, compressed once, and what a browser may run of it.

A request on a slow network costs more than the bytes of all of it. Nothing of it may be cached: a file that stays on
the device would tell whoever looks there of the page.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aiohttp import web

from bot.webchat.page_script import join_modules

GREETING = "{{greeting}}"  # where in the HTML the bot's first words stand, if they are known
_STYLE = re.compile(r'<link rel="stylesheet" href="(\w+\.css)">')
_MODULE = re.compile(r'<script type="module" src="(\w+)\.js"></script>')
_SCRIPT = re.compile(r'<script src="(\w+\.js)"></script>')
_INLINE = re.compile(r"<(script|style)(?: type=\"module\")?>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class Bundle:
    """The page's HTML with everything in it, and the scripts that are not: a browser loads them by themselves."""

    html: str
    apart: Mapping[str, str]

    def sources(self, kind: str) -> str:
        """Give the sources of the Content-Security-Policy for the inline ``script`` or ``style`` elements."""
        inline = (text for tag, text in _INLINE.findall(self.html) if tag == kind)
        hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline)
        return " ".join(f"'sha256-{one}'" for one in hashes)

    def answer(self, request: web.Request, greeting: str) -> web.Response:
        """Answer with the page, with ``greeting`` as HTML in its place; compressed for whoever takes that.

        There is no secret in it that its size could tell of.
        """
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = web.Response(content_type="text/html", charset="utf-8")
        response.body = _packed(self.html, greeting) if packed else _filled(self.html, greeting)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response


def bundle(folder: Path, fillings: Mapping[str, str]) -> Bundle:
    """Put the page of ``folder`` together; ``fillings`` are HTML for the places called ``{{name}}`` in it.

    Raises:
        ValueError: a script cannot be joined.
    """
    html = (folder / "index.html").read_text("utf-8")
    for name, filling in fillings.items():
        html = html.replace(f"{{{{{name}}}}}", filling)
    within: set[str] = set()

    def read(name: str) -> str:
        within.add(name)
        return (folder / name).read_text("utf-8")

    def joined(match: re.Match[str]) -> str:
        script = join_modules(match[1], lambda name: read(f"{name}.js"))
        return f'<script type="module">\n{script}</script>'

    html = _STYLE.sub(lambda match: f"<style>\n{read(match[1])}</style>", html)
    html = _SCRIPT.sub(lambda match: f"<script>\n{read(match[1])}</script>", html)
    html = _MODULE.sub(joined, html)
    apart = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.js")) if path.name not in within}
    return Bundle(html, apart)


def _filled(html: str, greeting: str) -> bytes:
    return html.replace(GREETING, greeting, 1).encode()


@lru_cache(maxsize=32)  # a greeting a language, as it is at that hour
def _packed(html: str, greeting: str) -> bytes:
    return gzip.compress(_filled(html, greeting), 9, mtime=0)
