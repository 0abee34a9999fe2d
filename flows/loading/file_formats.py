"""Text and tables as other programs save them: UTF-8 or UTF-16, any line break, any separator."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import StringIO
from typing import Final

from flows.loading.source_lines import DefinitionError, Where, nearest

#: By the byte order mark that a file begins with; without one it is UTF-8.
_MARKS: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNFIT: Final = "is no text in UTF-8: save it as UTF-8 in the program that wrote it"
_LINE_END: Final = re.compile("\r\n?")

_SEPARATORS: Final = (",", ";", "\t")


def decode(data: bytes, name: str) -> str:
    r"""Give the text of the file `name`, without byte order marks, its lines ending in \n alone.

    Raises:
        DefinitionError: it is neither UTF-8 nor, marked so, UTF-16; names the line where that shows.
    """
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + _lines(data[: error.start].decode(encoding)).count("\n")
        raise DefinitionError(Where(name, line), _UNFIT) from None
    text = _lines(text).lstrip("\ufeff")
    if "\0" in text:  # UTF-16 without its mark, or no text at all
        line = 1 + text[: text.index("\0")].count("\n")
        raise DefinitionError(Where(name, line), _UNFIT)
    return text


def _lines(text: str) -> str:
    return _LINE_END.sub("\n", text)


def read_table(
    text: str, name: str, columns: Collection[str], optional: Collection[str] = ()
) -> Iterator[tuple[Where, Mapping[str, str]]]:
    """Give each row by column, with the line that it begins in; white space around a field and empty rows are left out.

    The first row names all `columns`, and perhaps some of `optional`, in any order and any case; empty fields at the
    end of a row may be missing, or be more.

    Raises:
        DefinitionError: the first row names other columns, a row has too many fields, or quotation marks do not match.
    """
    rows = _rows(text, name, _separator(text))
    where, first = next(rows, (Where(name, 1), ()))
    header = [field.lower() for field in first]
    for field in header:
        if field not in {*columns, *optional} or header.count(field) > 1:
            raise DefinitionError(where, f"{_expected(columns)}{nearest(field, columns)}")
    if not set(header).issuperset(columns):
        raise DefinitionError(where, _expected(columns))
    for where, fields in rows:
        if len(fields) > len(header):
            raise DefinitionError(where, f"this line has more than {len(header)} fields")
        yield where, {**dict.fromkeys(header, ""), **dict(zip(header, fields, strict=False))}


def _expected(columns: Collection[str]) -> str:
    return f"the columns have to be {', '.join(columns)}"


def _separator(text: str) -> str:
    """What stands most often in the first line; a name of a column holds none of them."""
    first = text.lstrip().partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _rows(text: str, name: str, separator: str) -> Iterator[tuple[Where, Sequence[str]]]:
    """Each row that holds anything, without the empty fields at its end."""
    reader = csv.reader(StringIO(text), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            fields = [field.strip() for field in row]
            while fields and not fields[-1]:
                fields.pop()
            if fields and fields != ["sep="]:  # some spreadsheets put `sep=;` first
                yield Where(name, line), fields
            line = reader.line_num + 1
    except csv.Error:
        raise DefinitionError(
            Where(name, line), "from here on quotation marks do not match, or a field is too long"
        ) from None
