"""What can be wrong with a definition file: said to whoever wrote the file, with the place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Where:
    """A place in a definition: the file's name and a line, counted from 1 (0 where no line is known)."""

    file: str
    line: int


class DefinitionError(Exception):
    """A definition that cannot be used; the operator can act on it. It holds no reporter's words."""

    def __init__(self, where: Where, what: str) -> None:
        super().__init__(f"{where.file}:{where.line}: {what}")
        self.file = where.file
        self.line = where.line
        self.what = what
