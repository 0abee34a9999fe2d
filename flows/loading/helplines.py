"""Numbers to call, by country, out of `definitions/helplines.csv`: each with its grade and the day it was last checked.

The column `for` says whom a line is for (`child`, `adult`, `any`), or that it is a place which takes pictures down
(`pictures`); those of country `*` serve everywhere. A file without the column is for anybody.

Grade A is an official or own site, B press or another public page, C a list of somebody else's. Nothing here asks a
network whether a number still works: an operator checks, and writes the day into the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, get_args

from flows.loading.file_formats import read_table
from flows.loading.source_lines import DefinitionError, Where
from flows.values.ids import Audience
from flows.values.situation import Helpline

#: What it is called, and told as.
FILE: Final = "helplines.csv"

#: After this long a check says nothing any more.
STALE: Final = timedelta(days=365)

#: The emergency number of most countries with GSM networks; shown, unverified, where ours are not known.
FALLBACK: Final = "112"

COLUMNS: Final = (
    "country",
    "emergency",
    "emergency_checked_on",
    "helpline",
    "number",
    "url",
    "hours",
    "grade",
    "checked_on",
    "remembered",
    "note",
)
#: What older files do not have.
_AUDIENCE: Final = "for"
_PICTURES: Final = "pictures"
_EVERYWHERE: Final = "*"


#: Digits, and what is put between them.
_NUMBER: Final = re.compile(r"[+(*]{0,2}[0-9][0-9 ()./*#\u00a0\u2010-\u2013-]*")
_DATE: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d")
_SPREADSHEET: Final = "; if a spreadsheet made it so, have it keep the column as text"


def for_country(csv_text: str, country: str, today: date) -> tuple[str, tuple[Helpline, ...]]:
    """Return the emergency number of `country` and its helplines, verified ones first.

    `country` is two letters of ISO 3166-1 in any case. A country that is not listed gets 112 (ETSI TS 122 101), and as
    its only line the same number marked as not verified.

    Raises:
        DefinitionError: the text is not such a table; names the line.
    """
    rows = [row for row in _rows(csv_text) if row["country"] == country.strip().upper() and not _is_place(row)]
    if not rows:
        return FALLBACK, (Helpline("Emergency services", FALLBACK, "", "", verified=False),)
    lines = tuple(_helpline(row, today) for row in rows)
    return rows[0]["emergency"], tuple(sorted(lines, key=lambda line: not line.verified))


def takedown_places(csv_text: str, country: str, today: date) -> tuple[Helpline, ...]:
    """Return the places where pictures can be taken down: those of `country` first, then those that serve everywhere.

    Raises:
        DefinitionError: as `for_country`.
    """
    places = [row for row in _rows(csv_text) if _is_place(row)]
    return tuple(
        _helpline(row, today)
        for where in (country.strip().upper(), _EVERYWHERE)
        for row in places
        if row["country"] == where
    )


def check_helplines(csv_text: str) -> None:
    """Read the whole table and discard it, to find errors.

    Raises:
        DefinitionError: as `for_country`.
    """
    for _ in _rows(csv_text):
        pass


def doubtful(csv_text: str, today: date) -> tuple[str, ...]:
    """Return what an operator should check: every number without a check in the last year, as "GB Childline: why".

    Raises:
        DefinitionError: as `for_country`.
    """
    found: list[str] = []
    for row in _rows(csv_text):
        if row["emergency"] and not _checked(row["emergency_checked_on"], today):
            found.append(f"{row['country']} emergency number {row['emergency']}: never checked, or over a year ago")
        if not _is_verified(row, today):
            found.append(f"{row['country']} {row['helpline']}: shown as unverified")
        elif not _checked(row["checked_on"], today):
            found.append(f"{row['country']} {row['helpline']}: no date of a check")
    return tuple(dict.fromkeys(found))


def _helpline(row: Mapping[str, str], today: date) -> Helpline:
    audience: Audience | None = next((one for one in get_args(Audience) if one == row.get(_AUDIENCE)), None)
    return Helpline(
        row["helpline"],
        row["number"],
        row["url"],
        row["hours"],
        verified=_is_verified(row, today),
        audience=audience or "any",
    )


def _is_place(row: Mapping[str, str]) -> bool:
    return row.get(_AUDIENCE) == _PICTURES


def _is_verified(row: Mapping[str, str], today: date) -> bool:
    """Neither of grade C, nor only remembered, nor checked too long ago; without a date its grade speaks for it."""
    stale = row["checked_on"] != "" and not _checked(row["checked_on"], today)
    return row["grade"] in {"A", "B"} and row["remembered"] == "" and not stale


def _checked(day: str, today: date) -> bool:
    return day != "" and today - date.fromisoformat(day) <= STALE


def _rows(csv_text: str) -> Iterator[Mapping[str, str]]:
    for where, row in read_table(csv_text, FILE, COLUMNS, optional=(_AUDIENCE,)):
        if row.get(_AUDIENCE, "") not in {"", _PICTURES, *get_args(Audience)}:
            raise DefinitionError(where, "for takes child, adult, any or pictures")
        needed = row["country"] and row["helpline"] and (row["emergency"] or (_is_place(row) and row["url"]))
        if not needed or row["grade"] not in {"A", "B", "C"}:
            raise DefinitionError(where, "country, emergency, helpline and a grade of A, B or C are needed")
        if row["country"] == _EVERYWHERE and not _is_place(row):
            raise DefinitionError(where, "only places that take pictures down serve everywhere")
        for key in ("emergency", "number"):
            _refuse_no_number(row[key], where, key)
        for key in ("emergency_checked_on", "checked_on"):
            _refuse_no_day(row[key], where, key)
        yield {**row, "country": row["country"].upper()}


def _refuse_no_number(text: str, where: Where, key: str) -> None:
    if text and (not _NUMBER.fullmatch(text) or _DATE.fullmatch(text)):
        raise DefinitionError(where, f"{key} is not a telephone number{_SPREADSHEET}")


def _refuse_no_day(text: str, where: Where, key: str) -> None:
    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        raise DefinitionError(where, f"{key} takes a day like 2026-11-23{_SPREADSHEET}") from None
