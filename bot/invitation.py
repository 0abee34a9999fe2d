"""How an invite is told to whoever runs Hark: the code on a line of its own, then the links that carry it."""

from __future__ import annotations

from bot.settings import Settings
from bot.site_settings import SiteSettings
from storage.store import Store


def lines(code: str, page_url: str | None, settings: Settings) -> tuple[str, ...]:
    """The lines to print for an invite's code; `page_url` is the web chat's address, if it is open."""
    base = settings.public_url or (page_url or "").rstrip("/")
    links = (f"link: {base}/?start=j-{code}",) if base else ()
    return (f"code: {code}", *links)


async def site_without_leads(store: Store, settings: Settings) -> SiteSettings | None:
    """The home site, if nobody has joined anywhere yet."""
    return None if await store.leads.roster() else settings.sites[settings.home]
