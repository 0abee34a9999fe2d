"""The table of one site in `hark.toml`, and what conversations are told of that site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.deployment.value_checks import SettingsError, Table
from flows.duty.hours import DAYS, Hours, read_hours
from flows.loading.helplines import for_country, takedown_places
from flows.loading.retention import LEAST_YEARS, MOST_YEARS, RetentionRules
from flows.loading.source_lines import nearest
from flows.measures.terms import CALENDAR, Terms, TermsError, read_terms
from flows.values.ids import Role, SiteId
from flows.values.situation import Contact, Site

_SPAN: Final = re.compile(r"(\d{1,2}:\d\d)-(\d{1,2}:\d\d)")
_HOURS: Final = 'spans of a day such as ["08:30-12:00", "13:00-16:30"]; a night is "20:00-24:00", then "00:00-06:00"'
_COUNTRY: Final = "a country as two letters of ISO 3166, such as GB"
#: What may stand in the table of a site, by key: said where something else does.
_SITE: Final[Mapping[str, str]] = {
    "name": 'the name that people know the site by, in quotes, such as "Oak School"',
    "country": _COUNTRY,
    "languages": 'a list of language tags, such as ["en", "es"]',
    "timezone": "a name of the time zone database, such as Europe/London",
    "hours": 'a table of days, such as { mon = ["08:30-16:30"] }',
    "holidays": 'a list of days in quotes, such as ["2026-12-25", "2026-12-21..2027-01-04"]',
    "terms": 'a list of the first days of terms, the first of the year first, such as ["09-01", "01-05", "04-20"]',
    "contact": 'a table, such as { name = "Anna Berg", room = "Room 12", phone = "01632 960001" }',
    "outside": 'a list of tables, such as [{ name = "Children\'s services", phone = "01632 960002" }]',
    "controller": 'who is responsible for the data, in quotes, such as "Oak Trust"',
    "privacy_contact": 'where to ask about the data, in quotes, such as "privacy@oak.example"',
    "retention": 'how long it is kept, in quotes, such as "until the child is 25 years old"',
    "keep": "a table of years by kind of record (definitions/retention.toml), such as { child_file = 30 }; 1 to 150",
    "titles": 'a table of titles by role, such as { lead = "Child protection lead" }',
    "practice": "true or false",
    "files": "true or false",
}
_CONTACT: Final[Mapping[str, str]] = {
    "name": 'a name in quotes, such as "Anna Berg"',
    "job": 'a job in quotes, such as "Lead"',
    "room": 'a room in quotes, such as "Room 12"',
    "phone": 'a telephone number in quotes, such as "01632 960001"',
}
_TITLE: Final = 'a title in quotes, such as "Child protection lead"'
#: A holiday longer than this is taken for a slip of the pen.
_LONGEST_HOLIDAY: Final = timedelta(days=120)

#: What readers are called where a site does not say otherwise; shown as they are, in no other language.
TITLES: Final[Mapping[Role, str]] = {
    "lead": "Designated safeguarding lead",
    "deputy": "Deputy safeguarding lead",
    "head": "Head",
    "chair": "Chair of governors",
    "independent": "Independent person",
    "manager": "Site manager",
    "partner": "Partner",
    "auditor": "Auditor",
    "admin": "Administrator",
}


@dataclass(frozen=True)
class SiteSettings:
    """One site as the operator wrote it down.

    `hours` are None where none were given; `holidays` are whole days without cover; `terms` those of which figures are
    told.
    `languages` empty means every language that Hark has; `keep` are years by kind of record. `practice` sites say that
    nobody acts on what is written. `files`: whether photos, PDFs and voice messages are taken.
    """

    id: SiteId
    name: str
    country: str
    timezone: str
    languages: tuple[str, ...] = ()
    hours: Hours | None = None
    holidays: frozenset[date] = frozenset()
    terms: Terms = CALENDAR
    contact: Contact | None = None
    outside: tuple[Contact, ...] = ()
    controller: str = ""
    privacy_contact: str = ""
    retention: str = ""
    keep: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[Role, str] = field(default_factory=lambda: dict(TITLES))
    practice: bool = True
    files: bool = False


def practice_site(country: str) -> SiteSettings:
    """Return the site used where `hark.toml` has none: neutral words, no hours, practice only."""
    return SiteSettings(SiteId("practice"), "Practice school", country, _only_zone(country) or "UTC")


def read_site(name: str, data: Mapping[str, object], country: str) -> SiteSettings:
    """Return the site called `name` from its table; `country` is the deployment's, for tables without one.

    Raises:
        SettingsError: a key cannot be used; the first one.
    """
    table = Table(f"[site.{name}]", data, _SITE)
    table.only_known()
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name):
        raise SettingsError(table.name, "a site's id is 1 to 32 of a-z 0-9 - _")
    if not table.text("name"):
        raise SettingsError(table.at("name"), f"is needed: {_SITE['name']}")
    country = read_country(table.at("country"), table.text("country", country))
    zone, holidays = _zone(table, country), _holidays(table)
    return SiteSettings(
        id=SiteId(name),
        name=table.text("name"),
        country=country,
        timezone=zone,
        languages=table.words("languages"),
        hours=_hours(table.table("hours", dict.fromkeys(DAYS, _HOURS)), holidays, zone),
        holidays=holidays,
        terms=_terms(table),
        contact=_contact(table.table("contact", _CONTACT)) if "contact" in table.data else None,
        outside=tuple(_contact(one) for one in table.tables("outside", _CONTACT)),
        controller=table.text("controller"),
        privacy_contact=table.text("privacy_contact"),
        retention=table.text("retention"),
        keep=_keep(table),
        titles=_titles(table.table("titles", dict.fromkeys(TITLES, _TITLE))),
        practice=table.flag("practice", default=True),
        files=table.flag("files", default=False),
    )


def read_country(variable: str, value: str) -> str:
    """Return a country code in capitals (ISO 3166-1 alpha-2).

    Raises:
        SettingsError: `value` is no such code; it names `variable`.
    """
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise SettingsError(variable, _COUNTRY)
    return value.upper()


def _zone(table: Table, country: str) -> str:
    name = table.text("timezone") or _only_zone(country)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise table.unfit("timezone") from None
    return name


def _only_zone(country: str) -> str:
    """The time zone of a country that has one, else an empty text."""
    from babel.core import get_global  # noqa: PLC0415 - a tenth of a second that a site with a time zone need not pay

    zones = get_global("territory_zones").get(country, ())
    return str(zones[0]) if len(zones) == 1 else ""


def _hours(table: Table, holidays: frozenset[date], zone: str) -> Hours | None:
    table.only_known()
    week = {day: _spans(table, day) for day in table.data if table.words(day)}
    return read_hours(week, sorted(holidays), zone) if week else None


def _spans(table: Table, day: str) -> tuple[str, ...]:
    spans = tuple(_span(table.at(day), text) for text in table.words(day))
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise table.unfit(day)
    return tuple(f"{start}-{end}" for start, end in spans)


def _span(variable: str, text: str) -> tuple[str, str]:
    """Start and end, as texts that compare like the times; a span over midnight is more likely a slip of the pen."""
    found = _SPAN.fullmatch(text.replace(" ", ""))
    start, end = (part.zfill(5) for part in found.groups()) if found else ("", "")
    try:
        time.fromisoformat(start)
        time.fromisoformat(end.replace("24:00", "00:00"))
    except ValueError:
        raise SettingsError(variable, _HOURS) from None
    if start >= end:
        raise SettingsError(variable, _HOURS)
    return start, end


def _holidays(table: Table) -> frozenset[date]:
    days: set[date] = set()
    for text in table.words("holidays"):
        first, _, last = text.partition("..")
        try:
            start, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
        except ValueError:
            raise table.unfit("holidays") from None
        if not timedelta(0) <= end - start <= _LONGEST_HOLIDAY:
            raise table.unfit("holidays")
        days.update(start + timedelta(days=number) for number in range((end - start).days + 1))
    return frozenset(days)


def _terms(table: Table) -> Terms:
    if "terms" not in table.data:
        return CALENDAR
    try:
        return read_terms(table.words("terms"))
    except TermsError:
        raise table.unfit("terms") from None


def _keep(table: Table) -> Mapping[str, int]:
    given = table.data.get("keep", {})
    fits = isinstance(given, dict) and all(type(years) is int for years in given.values())
    if not fits or not all(LEAST_YEARS <= years <= MOST_YEARS for years in cast("dict[str, int]", given).values()):
        raise table.unfit("keep")
    return cast("dict[str, int]", given)


def retention_of(site: SiteSettings, rules: RetentionRules) -> RetentionRules:
    """Return how long records of a site are kept: by the definitions, with the site's own numbers.

    Raises:
        SettingsError: the site names a kind that the definitions do not have, or one that has no years.
    """
    known = {kind.name for kind in rules.kinds if kind.years}
    for name in site.keep:
        if name not in known:
            raise SettingsError(f"[site.{site.id}] keep {name}", f"is no kind of record{nearest(name, known)}")
    return rules.with_years(site.keep)


def _contact(table: Table) -> Contact:
    table.only_known()
    if not table.text("name"):
        raise SettingsError(table.at("name"), f"is needed: {_CONTACT['name']}")
    return Contact(table.text("name"), table.text("job"), table.text("room"), table.text("phone"))


def _titles(table: Table) -> Mapping[Role, str]:
    table.only_known()
    return {role: table.text(role, default) for role, default in TITLES.items()}


def site_of(site: SiteSettings, helplines: str, today: date, languages: tuple[str, ...]) -> Site:
    """Return the site as reporters know it.

    Args:
        site: As the operator wrote it down.
        helplines: The text of the CSV file.
        today: By which a number counts as verified or not.
        languages: Those that Hark has; of the site's own the others are left out.

    Raises:
        DefinitionError: `helplines` is no such table.
    """
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
        files=site.files,
    )


def numbers_of(site: SiteSettings, helplines: str, today: date) -> tuple[tuple[str, str], ...]:
    """Return whom to call, by name, for pages that can say nothing else.

    The emergency number comes first, with an empty name.

    Raises:
        DefinitionError: `helplines` is no such table.
    """
    emergency, lines = for_country(helplines, site.country, today)
    return (("", emergency), *((line.name, line.number) for line in lines if line.number and line.number != emergency))


def contacts_of(site: SiteSettings) -> tuple[tuple[str, str], ...]:
    """Return the site's own contact and those outside it, as name and number; for pages without a script."""
    return tuple(
        (", ".join(filter(None, (one.name, one.job, one.room))), one.phone)
        for one in (site.contact, *site.outside)
        if one is not None
    )
