"""Tables as CSV that a spreadsheet shows and does not run: a cell that would begin a formula there is made plain text.

Whoever writes to Hark may write anything, and a colleague opens the file: `=HYPERLINK(…)` in a child's words must stay
words. The same sign is taken as one behind spaces and behind signs that nobody sees, and in its wide form.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

#: What begins a formula, or a command, in one spreadsheet or another.
_BEGINS: Final = frozenset("=+-@|%")
#: Categories of signs that are passed over at the beginning: spaces, and what nobody sees.
_PASSED: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs", "Mn", "Me"})
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
#: So that a spreadsheet reads it as UTF-8.
_MARK: Final = "\ufeff"


def csv_table(rows: Iterable[Sequence[str | int | float]]) -> bytes:
    """Return rows as CSV (RFC 4180) in UTF-8 with its mark; numbers stay numbers, and all other cells are text."""
    made = io.StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([one if isinstance(one, int | float) else plain_cell(one) for one in row] for row in rows)
    return (_MARK + made.getvalue()).encode("utf-8", "replace")


def plain_cell(text: str) -> str:
    """Return a text as a cell that is no formula: an apostrophe stands before what would begin one.

    A text that is a number, such as `-3` or `12,5`, is left as it is. Source: OWASP, "CSV Injection".
    """
    if _NUMBER.fullmatch(text):
        return text
    seen = next((sign for sign in text if unicodedata.category(sign) not in _PASSED), "")
    begins = unicodedata.normalize("NFKC", seen)[:1] in _BEGINS
    return f"'{text}" if begins or text[:1] in {"\t", "\r", "\n"} else text
