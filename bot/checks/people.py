"""People and what is kept: leads who joined, the recovery key, and whether the database is genuine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.checks.finding import Finding, good, look, wrong
from bot.operations.small_counts import in_words
from bot.settings import Settings
from bot.site_settings import SiteSettings
from storage.store import Store
from storage.values import READING, LeadCard

#: What to do about whatever waits.
_TWO: Final = "two leads compare the fingerprint and say yes: /team; or hark recovery confirm NAME, with the key"


async def look_at_people(settings: Settings, store: Store) -> list[Finding]:
    """The leads of every site, the recovery key, and every MAC that can be checked without opening anything.

    Raises:
        Unavailable, Tampered: as the store does.
    """
    found: list[Finding] = []
    for site in settings.sites.values():
        found += _leads(site, await store.leads.roster(site.id))
    found += _languages(settings, await store.leads.roster())
    if await store.leads.recovery() is not None:
        found.append(good("there is a recovery key"))
    if await store.leads.team_view.key_waits():
        found.append(look("a new recovery key waits", "two leads compare the fingerprint and say yes: /team"))
    for one in await store.leads.team_view.waiting():
        found.append(look(f"{one.card.name} waits, and reads nothing yet", _TWO))
    verified = await store.watch.verify()
    if not verified.holds:
        found.append(
            wrong("something in the database is not what was kept", "stop Hark, keep a copy, restore a backup")
        )
    else:
        found.append(good(f"what is kept is genuine ({in_words(verified.cases)} cases)"))
    return found


def _leads(site: SiteSettings, leads: tuple[LeadCard, ...]) -> Iterator[Finding]:
    readers = [lead for lead in leads if lead.role in READING]
    invite = f"hark invite NAME --role ROLE --site {site.id}"
    if readers and not any(lead.role in {"head", "chair", "independent"} for lead in readers):
        yield look(f"{site.id} has no head, chair or independent person", f"{invite}, for concerns about staff")
    if len(readers) > 1:
        yield good(f"{len(readers)} people read for {site.id}")


def _languages(settings: Settings, leads: tuple[LeadCard, ...]) -> Iterator[Finding]:
    read = {lead.language for lead in leads} | {"en"}
    for language in sorted({language for site in settings.sites.values() for language in site.languages} - read):
        yield look(f"no lead reads {language}", "reporters may write in it: agree who translates, and how safely")
