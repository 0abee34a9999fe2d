"""How an invite is told to whoever runs Hark: the code, then the links that carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.deployment.settings import Settings
from storage.sealing.keys.private_files import replace_private

_FILE: Final = "telegram-name"
#: A user name of Telegram's.
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


def note_name(folder: Path, name: str) -> None:
    """Write the bot's Telegram name into the data directory; a text that cannot be such a name is not written.

    Raises:
        OSError: the file cannot be written.
    """
    if _NAME.fullmatch(name):
        replace_private(folder / _FILE, name.encode("ascii"))


def noted_name(folder: Path) -> str | None:
    """Return the name that `note_name` wrote; None if there is none or it cannot be read."""
    try:
        name = (folder / _FILE).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return name if _NAME.fullmatch(name) else None


def invite_lines(code: str, page_url: str | None, settings: Settings) -> tuple[str, ...]:
    """Return the lines to print for an invite's code; `page_url` is the web chat's address, if it is open.

    It has a slash at its end. The page's link carries the code behind `#`, so that it stands in no log of a proxy.
    Telegram's is known once Hark has run with a token.
    """
    return (f"code: {code}", *(f"link: {link}" for link in _links(f"j-{code}", page_url, settings)))


def _links(start: str, page_url: str | None, settings: Settings) -> Iterator[str]:
    base = settings.public_url or page_url
    if base:
        yield f"{base}#start={start}"
    name = noted_name(settings.data_dir) if settings.token else None
    if name:
        yield f"https://t.me/{name}?start={start}"
