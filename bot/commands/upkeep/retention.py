"""`hark retention preview`: when the time of how many cases is over, in fives; how long each kind of record is kept."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date

from bot.deployment.data_directory.open_store import open_store
from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from bot.deployment.sites import retention_of
from bot.monitoring.rounding import LOT, in_words
from flows.drafts.rulebook import assemble
from flows.loading.retention import RecordKind, RetentionRules
from flows.values.ids import SiteId
from storage.upkeep.ending_counts import Endings

_HEAD = "Closed cases by site and by the month in which their time is over, in fives; fewer are among the others:"
_FOOT = "Nothing goes by itself: the leads who read a case are told a week before, and two of them have to say so.\n"


def main(_: argparse.Namespace) -> int:
    """Print what ends when, and how long each kind of record is kept at each site. Nothing is changed.

    Raises:
        SettingsError: a setting cannot be used.
        DefinitionError: a definition cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        rules = assemble(read_definitions(), read_definitions(settings.data_dir / THEIRS)).retention
        own = {site.id: retention_of(site, rules) for site in settings.sites.values()}
        ends = asyncio.run(_ends(settings))
        sys.stdout.write("\n".join((_HEAD, *_counts(ends, tuple(own)), "", *_rules(own), "", _FOOT)))
        return 0
    return UNUSABLE


async def _ends(settings: Settings) -> Endings:
    store = await open_store(settings)
    try:
        return await store.endings()
    finally:
        await store.close()


def _counts(ends: Endings, sites: tuple[SiteId, ...]) -> Iterator[str]:
    """The lines of each site: a month with fewer than five cases is in the line of the rest, which is always there."""
    others = {site for site, _ in ends.dated} | set(ends.undated)
    for site in (*sites, *sorted(others - set(sites))):
        months: Counter[date] = Counter({month: n for (of, month), n in ends.dated.items() if of == site})
        shown = {month: count for month, count in sorted(months.items()) if count >= LOT}
        yield from (f"  {site}  {month:%Y-%m}  {in_words(count)}" for month, count in shown.items())
        yield f"  {site}  in other months  {in_words(months.total() - sum(shown.values()))}"
        yield f"  {site}  without a date  {in_words(ends.undated.get(site, 0))}"
    yield f"  under a hold, at all sites: {in_words(ends.held)}"


def _rules(own: dict[SiteId, RetentionRules]) -> Iterator[str]:
    for site, rules in own.items():
        yield f"How long a record is kept at {site}:"
        for kind in rules.kinds:
            yield f"  {kind.label}: {_time(kind)}. {kind.source} [{kind.grade}]"
        for other in rules.others:
            yield f"  {other.label}: {other.lasts}. {other.source} [{other.grade}]"


def _time(kind: RecordKind) -> str:
    least = f", {kind.least} years after closing at the least" if kind.least else ""
    match kind.basis:
        case "employment":
            return "until somebody gives a date"
        case "closing":
            return f"{kind.years} years after closing{least}"
        case "pension":
            return f"until the adult is {kind.years}{least}"
        case _:
            return f"until the child is {kind.years}{least}"
