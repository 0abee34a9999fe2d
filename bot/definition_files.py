"""Reads the files of `flows/definitions`, and an organisation's own; `flows` itself is given text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.text_files import read_text
from flows.bundle import OWN
from flows.errors import DefinitionError, Where

#: Where ours are.
OURS: Final = Path(__file__).resolve().parent.parent / "flows" / "definitions"
#: Where an organisation's own lie, below the data directory.
THEIRS: Final = OWN.rstrip("/")
_KINDS: Final = frozenset({".toml", ".csv"})


def read_definitions(folder: Path = OURS) -> Mapping[str, str]:
    """All TOML and CSV files below `folder`, by their path from there (`crisis/en.toml`); none where there is none.

    Hidden files are left out: some systems put one of their own beside each file.

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
