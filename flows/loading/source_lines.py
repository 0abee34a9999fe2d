"""Errors in definition files with the file and line they are in, and the index of a TOML file's keys by line."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, TypeAlias

_HEADER: Final = re.compile(r"^\s*\[(\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"^\s*([A-Za-z0-9_\"'.-]+)\s*=")
_PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_QUOTES: Final = re.compile("[\"']")
_LONG: Final = ('"""', "'''")
#: What word processors and phones put where a quotation mark or a space was typed.
_LOOKALIKES: Final = frozenset("“”„‟‘’‚‛′″«»\u00a0\u202f\u200b\u2060\ufeff")  # noqa: RUF001 - that is what it is about


@dataclass(frozen=True)
class Where:
    """A place in a definition: the file's name and a line, counted from 1 (0 where no line is known)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


#: The place of the table or key at a path (`step.C4`).
Place: TypeAlias = Callable[[str], Where]


class DefinitionError(Exception):
    """A definition that cannot be used; the operator can act on it. It holds no reporter's words."""

    def __init__(self, where: Where, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.file = where.file
        self.line = where.line
        self.what = what


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the word of `known` that is closest to `word`, as "; is 'name' meant?"; empty if none is close.

    It is `difflib`'s likeness, from 0.6. Of a long word the first 100 letters are compared.
    """
    found = get_close_matches(word[:100], tuple(known), n=1, cutoff=0.6)
    return f"; is '{found[0]}' meant?" if found else ""


@dataclass(frozen=True)
class Source:
    """One parsed file and its index: path of a table or key (`step.C4`, `site.oak.name`) → line."""

    name: str
    table: Mapping[str, object]
    index: Mapping[str, int]

    def where(self, path: str) -> Where:
        """Return the line of `path` (`step.C4`, `order`), or line 0 where the file does not have it."""
        return Where(self.name, self.index.get(path, 0))

    def around(self, path: str) -> Where:
        """Return the line of `path`, or else of the innermost table around it; line 0 where the file has neither."""
        while path and path not in self.index:
            path = path.rpartition(".")[0]
        return self.where(path)


def read(text: str, name: str) -> Source:
    """Parse TOML and index its tables and keys.

    Raises:
        DefinitionError: it is not TOML, or a table stands in it twice.
    """
    lines = text.split("\n")
    index = _index(lines, name)
    try:
        return Source(name, tomllib.loads(text), index)
    except RecursionError:
        raise DefinitionError(Where(name, 1), "is nested too deeply") from None
    except ValueError as error:  # not only TOMLDecodeError: a number of 5,000 digits
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(lines)
        hint = "; it holds a sign that only looks like a quotation mark or a space" if _misled(lines, line) else ""
        raise DefinitionError(Where(name, line), f"not TOML: {_PLACE.sub('', str(error))}{hint}") from None


def _misled(lines: list[str], line: int) -> bool:
    return not _LOOKALIKES.isdisjoint(lines[line - 1])


def _index(lines: list[str], name: str) -> dict[str, int]:
    index: dict[str, int] = {}
    tables: Counter[str] = Counter()
    table = ""
    for number, line in _outside_long_texts(lines):
        if header := _HEADER.match(line):
            table = header[2].replace('"', "")
            tables[table] += 1
            if tables[table] > 1 and not header[1]:
                raise DefinitionError(Where(name, number), f"[{table}] stands here twice, first in line {index[table]}")
            index.setdefault(table, number)
            if header[1]:
                table = f"{table}.{tables[table]}"
                index[table] = number
        elif key := _KEY.match(line):
            path = table
            for part in _QUOTES.sub("", key[1]).split("."):
                path = f"{path}.{part}" if path else part
                index.setdefault(path, number)
    return index


def _outside_long_texts(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Each line that does not begin within a text of several lines, with its number from 1."""
    within = ""
    for number, line in enumerate(lines, 1):
        if within:
            within = "" if line.count(within) % 2 else within
            continue
        yield number, line
        within = next((mark for mark in _LONG if line.count(mark) % 2), "")
