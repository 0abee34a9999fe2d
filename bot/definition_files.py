"""Reads the files of `flows/definitions`, and an organisation's own; `flows` itself is given text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: Where ours are.
OURS: Final = Path(__file__).resolve().parent.parent / "flows" / "definitions"
#: Where an organisation's own lie, below the data directory.
THEIRS: Final = "definitions"


def read_definitions(folder: Path = OURS) -> Mapping[str, str]:
    """All TOML and CSV files below `folder`, by their path from there (`crisis/en.toml`); none where there is none."""
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in {".toml", ".csv"})
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
