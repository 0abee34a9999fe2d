"""Numbers to call, by country, out of `definitions/helplines.csv`: each with its grade and the day it was last checked.

Grade A is an official or own site, B press or another public page, C a list of somebody else's. Nothing here asks a
network whether a number still works: an operator checks, and writes the day into the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from io import StringIO
from typing import Final

from flows.known import Helpline

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


def for_country(csv_text: str, country: str, today: date) -> tuple[str, tuple[Helpline, ...]]:
    """The emergency number of `country` (ISO 3166, two letters, any case) and its helplines, verified ones first.

    A country that is not listed gets 112, and as its only line the same number marked as not verified.

    Raises:
        ValueError: the text is not such a table; the message names the line.
    """
    rows = [row for row in _rows(csv_text) if row["country"] == country.strip().upper()]
    if not rows:
        return FALLBACK, (Helpline("Emergency services", FALLBACK, "", "", verified=False),)
    lines = tuple(_helpline(row, today) for row in rows)
    return rows[0]["emergency"], tuple(sorted(lines, key=lambda line: not line.verified))


def doubtful(csv_text: str, today: date) -> tuple[str, ...]:
    """What an operator should check: every number without a check in the last year, as "GB Childline: why".

    Raises:
        ValueError: as `for_country`.
    """
    found: list[str] = []
    for row in _rows(csv_text):
        if not _checked(row["emergency_checked_on"], today):
            found.append(f"{row['country']} emergency number {row['emergency']}: never checked, or over a year ago")
        if not _is_verified(row, today):
            found.append(f"{row['country']} {row['helpline']}: shown as unverified")
        elif not _checked(row["checked_on"], today):
            found.append(f"{row['country']} {row['helpline']}: no date of a check")
    return tuple(dict.fromkeys(found))


def _helpline(row: Mapping[str, str], today: date) -> Helpline:
    return Helpline(row["helpline"], row["number"], row["url"], row["hours"], verified=_is_verified(row, today))


def _is_verified(row: Mapping[str, str], today: date) -> bool:
    """Neither of grade C, nor only remembered, nor checked too long ago; without a date its grade speaks for it."""
    stale = row["checked_on"] != "" and not _checked(row["checked_on"], today)
    return row["grade"] in {"A", "B"} and row["remembered"] == "" and not stale


def _checked(day: str, today: date) -> bool:
    return day != "" and today - date.fromisoformat(day) <= STALE


def _rows(csv_text: str) -> Iterator[Mapping[str, str]]:
    table = csv.DictReader(StringIO(csv_text), strict=True)
    if tuple(table.fieldnames or ()) != COLUMNS:
        raise ValueError(f"helplines.csv:1: the columns have to be {', '.join(COLUMNS)}")
    for row in table:
        line = table.line_num
        if None in row or None in row.values():
            raise ValueError(f"helplines.csv:{line}: this line has more or fewer than {len(COLUMNS)} fields")
        if not row["country"] or not row["emergency"] or not row["helpline"] or row["grade"] not in {"A", "B", "C"}:
            raise ValueError(f"helplines.csv:{line}: country, emergency, helpline and a grade of A, B or C are needed")
        for key in ("emergency_checked_on", "checked_on"):
            _day(row[key], line, key)
        yield row


def _day(text: str, line: int, key: str) -> None:
    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"helplines.csv:{line}: {key} takes a day like 2026-11-23") from None
