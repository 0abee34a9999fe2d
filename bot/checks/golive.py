"""Going live: what each site lacks, from the same list that `/golive` goes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.checks.finding import Finding, good, look, wrong
from bot.rehearsal import rehearsed
from bot.settings import Settings
from bot.site_settings import SiteSettings
from flows.golive import Way
from flows.texts import Text
from handlers import readiness
from handlers.languages import Tongue, load
from locales.compile import CATALOGUES, compile_stale
from storage.sealing.server_key import load_server_key
from storage.store import Store

#: The marks that keep two directions of writing apart mean nothing in a terminal.
_MARKS: Final = dict.fromkeys(range(0x2066, 0x206A))


async def look_at_golive(settings: Settings, store: Store, now: datetime) -> list[Finding]:
    """Where each site stands, and what is missing; what several sites lack is told once.

    Raises:
        Unavailable, Tampered: as the store does.
        KeyFileUnusable: the key file cannot be read.
    """
    tried = rehearsed(settings, load_server_key(settings.key_file)) is not None
    there: dict[Way, object] = {"email": settings.mail, "telegram": settings.token}
    ways = frozenset(way for way, given in there.items() if given)
    compile_stale(CATALOGUES)
    english = load(CATALOGUES, ZoneInfo("UTC"), settings.country)["en"]
    missing: dict[tuple[str, str], list[SiteSettings]] = {}
    found: list[Finding] = []
    for site in settings.sites.values():
        found += _standing(site, live=store.live.is_live(site.id))
        lacks = await readiness.lacks(store, site.id, now.date(), hours=site.hours, rehearsed=tried, ways=ways)
        for lack in lacks:
            missing.setdefault((_plain(english, lack.what), _plain(english, lack.do)), []).append(site)
    return found + [_missing(*lack, sites) for lack, sites in missing.items()]


def _standing(site: SiteSettings, *, live: bool) -> Iterator[Finding]:
    if live and not site.practice:
        yield good(f"{site.id} is live")
    elif live:
        yield look(f"{site.id} was taken live, and the settings keep it in practice", "set practice = false")
    elif not site.practice:
        yield look(f"{site.id} is in practice until it is taken live", "two people, at the desk: /golive")


def _plain(english: Tongue, text: Text) -> str:
    return english.say(text).translate(_MARKS)


def _missing(what: str, do: str, sites: list[SiteSettings]) -> Finding:
    names = ", ".join(site.id for site in sites)
    found = look if all(site.practice for site in sites) else wrong
    return found(f"{names}: {what}", do)
