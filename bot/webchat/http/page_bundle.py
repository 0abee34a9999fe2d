"""The page in one compressed answer, its scripts joined, and what a browser may run of it (Content Security Policy).

Each module becomes a function that runs once and gives what it exports, after those it imports; nothing else of its
text changes. It may import names or everything as one name, and export functions, classes and constants; a binding
that changes later would not be seen by whoever imported it, so ``export let`` is refused.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aiohttp import web

_IMPORT = re.compile(r'^import (?:\* as (\w+)|(\{[^}]*\})) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b|</script|<!--", re.MULTILINE)

GREETING = "{{greeting}}"  # where in the HTML the bot's first words stand, if they are known
_STYLE = re.compile(r'<link rel="stylesheet" href="(\w+\.css)">')
_MODULE = re.compile(r'<script type="module" src="(\w+)\.js"></script>')
_SCRIPT = re.compile(r'<script src="(\w+\.js)"></script>')
_INLINE = re.compile(r"<(script|style)(?: type=\"module\")?>(.*?)</\1>", re.DOTALL)


def join_modules(first: str, read: Callable[[str], str]) -> str:
    """Return the module called ``first`` and all that it imports as one script.

    ``read`` gives the text of a module by its name.

    Raises:
        ValueError: a module imports or exports in another way than is said above, imports itself by way of others, or
            cannot stand within HTML.
    """
    joined: dict[str, str] = {}

    def add(name: str) -> None:
        if name in joined:
            if not joined[name]:
                raise ValueError(f"{name}.js imports itself, by way of others")
            return
        source = read(name)
        joined[name] = ""
        for match in _IMPORT.finditer(source):
            add(match[3])
        del joined[name]  # after what it imports
        joined[name] = _module(name, source)

    add(first)
    return "\n".join(joined.values())


def _module(name: str, source: str) -> str:
    exports = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    if _LEFT.search(body):
        raise ValueError(f"{name}.js cannot be joined")
    return f"const ${name} = (() => {{\n{body}return {{ {exports} }};\n}})();"


def _taken(imported: re.Match[str]) -> str:
    names = imported[1] or imported[2].replace(" as ", ": ")
    return f"const {names} = ${imported[3]};"


@dataclass(frozen=True)
class Bundle:
    """The page's HTML with everything in it, and the scripts that are not: a browser loads them by themselves."""

    html: str
    apart: Mapping[str, str]

    def sources(self, kind: str) -> str:
        """Give the sources of the Content-Security-Policy for the inline ``script`` or ``style`` elements.

        They are hashes (CSP Level 3, section 2.3.1), so that the browser runs these and no other inline element.
        """
        inline = (text for tag, text in _INLINE.findall(self.html) if tag == kind)
        hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline)
        return " ".join(f"'sha256-{one}'" for one in hashes)

    def answer(self, request: web.Request, greeting: str) -> web.Response:
        """Return the page with ``greeting`` as HTML in its place, compressed if the browser accepts gzip.

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
