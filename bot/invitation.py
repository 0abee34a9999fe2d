"""How an invite is told to whoever runs Hark: the code on a line of its own, then the links that carry it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.settings import Settings
from bot.telegram_file import noted_name


def lines(code: str, page_url: str | None, settings: Settings) -> tuple[str, ...]:
    """The lines to print for an invite's code; `page_url` is the web chat's address, if it is open.

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
