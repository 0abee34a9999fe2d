"""Sites: what reporters are told of hours, the adult to find and helplines, and what a live site must have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.checks.finding import Finding, good, look, wrong
from bot.definition_files import THEIRS
from bot.settings import Settings
from bot.site_settings import SiteSettings
from flows.helplines import doubtful, for_country

_FILE: Final = f"{THEIRS}/helplines.csv in the data directory"


def look_at_sites(settings: Settings, helplines: str, today: date) -> Iterator[Finding]:
    """Every site by its table in `hark.toml`; `helplines` is the text of a CSV file that was checked."""
    for site in settings.sites.values():
        yield from _site(site)
    for country in sorted({site.country for site in settings.sites.values()}):
        yield from _country(country, helplines, today)


def _site(site: SiteSettings) -> Iterator[Finding]:
    table = f"[site.{site.id}]"
    if site.practice:
        yield look(
            f"{table} is for practice: it says that nobody acts", "practice = false once everything else is good"
        )
    found = wrong if not site.practice else look
    if site.hours:
        yield good(f"{table} has hours")
    if site.hours and not site.holidays:
        yield look(f"{table} has no holidays", "list the days when nobody is there, or reporters are told a wrong time")
    if site.contact is None:
        yield found(f"{table} names no adult to find", "give it a contact with name and room")
    if not site.outside:
        yield look(f"{table} has no outside contacts", "list who can be asked where nobody at the site may read")
    if not site.controller or not site.privacy_contact:
        yield found(f"{table} does not say who is responsible for the data", "give it controller and privacy_contact")


def _country(country: str, helplines: str, today: date) -> Iterator[Finding]:
    _, lines = for_country(helplines, country, today)
    unchecked = [one for one in doubtful(helplines, today) if one.startswith(f"{country} ")]
    if not any(line.verified for line in lines):
        yield wrong(f"no verified helpline is known for {country}", f"add one to {_FILE}")
    for one in unchecked:
        yield look(one, f"call it, then note the day in {_FILE}")
