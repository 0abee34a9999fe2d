"""Reads text files that people edit: the definitions, ours and an organisation's own, named with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from flows.drafts.rulebook import OWN
from flows.loading.file_formats import decode
from flows.loading.source_lines import DefinitionError, Where

#: Where ours are.
OURS: Final = Path(__file__).resolve().parents[2] / "flows" / "definitions"
#: Where an organisation's own lie, below the data directory.
THEIRS: Final = OWN.rstrip("/")
_KINDS: Final = frozenset({".toml", ".csv"})


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


def read_definitions(folder: Path = OURS) -> Mapping[str, str]:
    """Return all TOML and CSV files below `folder`, by their path from there (`crisis/en.toml`).

    The mapping is empty where there is no folder. Hidden files are left out: some systems put one beside each file.

    Raises:
        DefinitionError: one of them cannot be read, or is no text; names file and line.
    """
    if folder.exists() and not folder.is_dir():
        raise DefinitionError(Where(folder.name, 0), "is a file: a folder is expected")
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    return {
        name: _text(path, name if folder == OURS else f"{OWN}{name}")
        for name, path in names.items()
        if path.suffix.lower() in _KINDS and not path.name.startswith(".")
    }


def _text(path: Path, name: str) -> str:
    try:
        return read_text(path, name)
    except FileNotFoundError:
        raise DefinitionError(Where(name, 0), "leads to a file that is not there") from None
