"""What conversations are told of a site: the operator's settings together with the country's helplines."""

from __future__ import annotations

from datetime import date

from bot.site_settings import SiteSettings
from flows.helplines import for_country, takedown_places
from flows.known import Site


def site_of(site: SiteSettings, helplines: str, today: date, languages: tuple[str, ...]) -> Site:
    """The site as reporters know it. `helplines` is the text of the CSV file; `languages` are those Hark has."""
    emergency, lines = for_country(helplines, site.country, today)
    offered = tuple(tag for tag in site.languages or languages if tag in languages)
    return Site(
        id=site.id,
        name=site.name,
        country=site.country,
        emergency=emergency,
        helplines=lines,
        contact=site.contact,
        outside=site.outside,
        languages=offered or languages,
        timezone=site.timezone,
        practice=site.practice,
        controller=site.controller,
        privacy_contact=site.privacy_contact,
        retention=site.retention,
        takedown=takedown_places(helplines, site.country, today),
    )


def numbers_of(site: SiteSettings, helplines: str, today: date) -> tuple[tuple[str, str], ...]:
    """Whom to call where nothing else can be said, by name; the emergency number comes first and has none."""
    emergency, lines = for_country(helplines, site.country, today)
    return (("", emergency), *((line.name, line.number) for line in lines if line.number and line.number != emergency))


def contacts_of(site: SiteSettings) -> tuple[tuple[str, str], ...]:
    """The site's own contact, and those outside it, as name and number; for where nobody can be asked anything."""
    return tuple(
        (", ".join(filter(None, (one.name, one.job, one.room))), one.phone)
        for one in (site.contact, *site.outside)
        if one is not None
    )
