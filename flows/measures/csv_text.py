"""Rows as CSV (RFC 4180) in which no cell is a formula to whatever opens it; numbers stay numbers."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

#: With these a cell begins a formula in some spreadsheet (OWASP, "CSV Injection"), also in their wide forms.
_FORMULA: Final = frozenset("=+-@|%")
#: Signs that nobody sees: controls, format marks, spaces of any width, and what is not assigned.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co", "Cs", "Mn", "Me"})
_QUOTE: Final = "'"


def as_csv(rows: Iterable[Sequence[str | int]]) -> str:
    """Give rows as CSV, each ended by CR LF; texts that would begin a formula have an apostrophe before them.

    Numbers are written as they are. Controls but line ends are taken out of texts.
    """
    written = io.StringIO()
    csv.writer(written, dialect="excel").writerows([_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def _cell(cell: str | int) -> str | int:
    """Give a cell that no program takes for a formula; also behind signs that nobody sees, which some leave out."""
    if isinstance(cell, int):
        return cell
    plain = "".join(sign for sign in cell if sign == "\n" or unicodedata.category(sign) != "Cc")
    first = next((sign for sign in plain if unicodedata.category(sign) not in _UNSEEN), "")
    formula = unicodedata.normalize("NFKC", first)[:1] in _FORMULA
    return f"{_QUOTE}{plain}" if formula or plain.startswith("\n") else plain
