"""Sites: hours, contacts and helplines, their languages, and what each lacks before it goes live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.checks.finding import Finding, good, look, wrong
from bot.deployment.data_directory.rehearsal import rehearsed
from bot.deployment.definition_files import THEIRS
from bot.deployment.settings import Settings
from bot.deployment.sites import SiteSettings
from flows.cases.golive import Way
from flows.loading.helplines import doubtful, for_country
from flows.values.text import Text
from handlers.desk.duty import golive_facts
from handlers.telegram.languages import Translator, load
from locales.compile import CATALOGUES, DOMAIN, compile_stale, stale
from storage.sealing.keys.server_key import load_server_key
from storage.store import Store

_FILE: Final = f"{THEIRS}/helplines.csv in the data directory"

#: The marks that keep two directions of writing apart mean nothing in a terminal.
_MARKS: Final = dict.fromkeys(range(0x2066, 0x206A))

#: What the header of a catalogue says until somebody who speaks the language has read it over.
UNREAD: Final = "machine-made, needs human review"


def look_at_sites(settings: Settings, helplines: str, today: date) -> Iterator[Finding]:
    """Yield findings on each site's table in `hark.toml`; `helplines` is the text of a CSV file that was checked.

    Raises:
        DefinitionError: It is no such table (a bug: `check_helplines` comes before).
    """
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


async def look_at_golive(settings: Settings, store: Store, now: datetime) -> list[Finding]:
    """Return for each site whether it is live and what it lacks; what several sites lack is told once.

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
        found += _standing(site, live=site.id in store.live.standing.sites)
        lacks = await golive_facts.lacks(store, site.id, now.date(), hours=site.hours, rehearsed=tried, ways=ways)
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


def _plain(english: Translator, text: Text) -> str:
    return english.say(text).translate(_MARKS)


def _missing(what: str, do: str, sites: list[SiteSettings]) -> Finding:
    names = ", ".join(site.id for site in sites)
    found = look if all(site.practice for site in sites) else wrong
    return found(f"{names}: {what}", do)


def look_at_languages(settings: Settings, directory: Path = CATALOGUES) -> Iterator[Finding]:
    """Yield findings on each language that a site offers, and on each catalogue without a review."""
    sources = {path.parts[-3]: path for path in sorted(directory.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}
    for language in sorted({language for site in settings.sites.values() for language in site.languages}):
        if language != "en" and language not in sources:
            yield wrong(f"a site offers {language}, which Hark does not speak", f"leave it out, or add {language}")
    for language in stale(directory):
        yield look(
            f"the catalogue of {language} is not compiled", "it is compiled at the next start, or by make messages"
        )
    for language, path in sources.items():
        if UNREAD in path.read_text("utf-8", errors="replace")[:2000]:
            yield look(
                f"no person has read over the translation into {language}",
                "have somebody read it, its help screen first; then take the sentence out of its header",
            )
        else:
            yield good(f"{language} was read over by a person")
