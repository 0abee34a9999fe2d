"""What Telegram calls our bot, as it was when Hark last ran: links are then printed without asking the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from storage.private_files import replace_private

_FILE: Final = "telegram-name"
#: A user name of Telegram's.
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


def note_name(folder: Path, name: str) -> None:
    """Write the name down in the data directory; what cannot be a name is not written. Raises `OSError`."""
    if _NAME.fullmatch(name):
        replace_private(folder / _FILE, name.encode("ascii"))


def noted_name(folder: Path) -> str | None:
    """The name that was noted; None where there is none, or it cannot be read."""
    try:
        name = (folder / _FILE).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return name if _NAME.fullmatch(name) else None
