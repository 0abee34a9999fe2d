"""`hark doctor`: puts all checks together, and writes down what they found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.checks.alarms import look_at_alarms
from bot.checks.backups import look_at_backups
from bot.checks.clock import look_at_clock
from bot.checks.doors import look_at_doors
from bot.checks.finding import Finding, look, wrong
from bot.checks.golive import look_at_golive
from bot.checks.languages import look_at_languages
from bot.checks.people import look_at_people
from bot.checks.places import look_at_places
from bot.checks.sites import look_at_sites
from bot.definition_files import THEIRS, read_definitions
from bot.keeping import open_store
from bot.settings import Settings
from flows.bundle import assemble
from flows.errors import DefinitionError
from flows.helplines import FILE as HELPLINES
from storage.refusals import Refusal
from storage.sealing.errors import KeyFileUnusable

_SIGNS: Final = {"good": "ok   ", "look": "look ", "wrong": "WRONG"}


async def examine(settings: Settings, environ: Mapping[str, str], now: datetime) -> list[Finding]:
    """Everything that can be looked at. Makes nothing: without a key file the database is not opened."""
    helplines, unusable = _definitions(settings)
    return [
        *look_at_places(settings, environ),
        *look_at_clock(now, settings.database),
        *look_at_backups(settings, now),
        *look_at_doors(settings),
        *look_at_sites(settings, helplines, now.date()),
        *unusable,
        *look_at_languages(settings),
        *await _kept(settings, now),
    ]


def written(findings: Iterable[Finding]) -> str:
    """One line for each finding, what to do under it; what is wrong comes last, where it is seen."""
    order = ("good", "look", "wrong")
    lines = []
    for finding in sorted(findings, key=lambda finding: order.index(finding.level)):
        lines.append(f"{_SIGNS[finding.level]} {finding.what}")
        if finding.do:
            lines.append(f"        → {finding.do}")
    return "\n".join(lines) + "\n"


def _definitions(settings: Settings) -> tuple[str, list[Finding]]:
    """The helplines that a start would read, or ours where it would not come so far; and why it would not."""
    texts = read_definitions()
    try:
        overlays = read_definitions(settings.data_dir / THEIRS)
        assemble(texts, overlays)
    except DefinitionError as error:
        return texts[HELPLINES], [wrong(f"a definition cannot be used: {error}", "put it right, then hark flow check")]
    return overlays.get(HELPLINES, texts[HELPLINES]), []


async def _kept(settings: Settings, now: datetime) -> list[Finding]:
    if not settings.key_file.exists():
        return [look("nothing is kept yet: no lead can have joined", "start Hark, then invite the leads")]
    try:
        store = await open_store(settings)
    except (Refusal, KeyFileUnusable, OSError) as error:
        return [
            wrong(f"what is kept cannot be opened ({type(error).__name__})", "look at the findings above, then restore")
        ]
    try:
        return [
            *await look_at_people(settings, store),
            *await look_at_alarms(store),
            *await look_at_golive(settings, store, now),
        ]
    except Refusal as refusal:
        return [wrong(f"what is kept cannot be read: {refusal}", "stop Hark, keep a copy, restore a backup")]
    finally:
        await store.close()
