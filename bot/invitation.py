"""How an invite is told to whoever runs Hark: the code on a line of its own, then the links that carry it."""

from __future__ import annotations

from bot.settings import Settings


def lines(code: str, page_url: str | None, settings: Settings) -> tuple[str, ...]:
    """The lines to print for an invite's code; `page_url` is the web chat's address, if it is open.

    The link carries the code behind `#`, so that it stands in no log of a proxy.
    """
    base = settings.public_url or (page_url or "").rstrip("/")
    links = (f"link: {base}/#start=j-{code}",) if base else ()
    return (f"code: {code}", *links)
