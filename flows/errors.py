"""What can be wrong with a definition file: said to whoever wrote the file, with the place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias


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
    """The one of `known` that `word` is most likely meant to be, as "; is 'name' meant?"; empty where none is near."""
    found = get_close_matches(word[:100], tuple(known), n=1, cutoff=0.6)
    return f"; is '{found[0]}' meant?" if found else ""
