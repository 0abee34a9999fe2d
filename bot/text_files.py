"""Reads text files that a person edits, with whatever program; what cannot be read is named with file and line."""

from __future__ import annotations

from pathlib import Path

from flows.decoding import decode
from flows.errors import DefinitionError, Where


def read_text(path: Path, name: str) -> str:
    r"""Give the text of a file, its lines ending in \n; `name` is what it is called towards the operator.

    Raises:
        FileNotFoundError, NotADirectoryError: there is none.
        DefinitionError: it cannot be read, or is no text.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise DefinitionError(Where(name, 0), f"cannot be read ({error.strerror or type(error).__name__})") from None
    return decode(data, name)
