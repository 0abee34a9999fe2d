"""Text out of the bytes of a file, whichever program wrote it: UTF-8 or UTF-16, with any kind of line break."""

from __future__ import annotations

import codecs
import re
from typing import Final

from flows.errors import DefinitionError, Where

#: By the byte order mark that a file begins with; without one it is UTF-8.
_MARKS: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNFIT: Final = "is no text in UTF-8: save it as UTF-8 in the program that wrote it"
_LINE_END: Final = re.compile("\r\n?")


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
