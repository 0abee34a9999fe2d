"""Where things stand in a definition file: an index of its table headers and top-level keys by line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from flows.errors import DefinitionError, Where

_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^([A-Za-z0-9_-]+)\s*=")
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Source:
    """One parsed file and its index: table path or top-level key → line."""

    name: str
    table: Mapping[str, object]
    index: Mapping[str, int]

    def where(self, path: str) -> Where:
        """The line of `path` (`step.C4`, `order`), or line 0 where the file does not have it."""
        return Where(self.name, self.index.get(path, 0))


def read(text: str, name: str) -> Source:
    """Parse TOML and index its headers.

    Raises:
        DefinitionError: it is not TOML, or a table stands in it twice.
    """
    index: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            path = header[1].replace('"', "")
            if path in index and not line.lstrip().startswith("[["):
                raise DefinitionError(Where(name, number), f"[{path}] stands here twice, first in line {index[path]}")
            index.setdefault(path, number)
        elif key := _KEY.match(line):
            index.setdefault(key[1], number)
    try:
        return Source(name, tomllib.loads(text), index)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        raise DefinitionError(
            Where(name, int(place[1]) if place else len(text.splitlines())), f"not TOML: {_PLACE.sub('', str(error))}"
        ) from None
