"""`hark doctor`: puts all checks together, says what is missing or wrong and what to do, and writes it down."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.checks.finding import Finding, look, wrong
from bot.checks.host import look_at_clock, look_at_doors, look_at_places
from bot.checks.records import (
    look_at_alarms,
    look_at_backups,
    look_at_checkpoints,
    look_at_key,
    look_at_key_age,
    look_at_people,
    look_at_server,
)
from bot.checks.sites import look_at_golive, look_at_languages, look_at_sites
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.settings import Settings, SettingsError, load
from bot.deployment.sites import retention_of
from flows.drafts.rulebook import assemble
from flows.loading.helplines import FILE as HELPLINES
from flows.loading.retention import FILE as RETENTION
from flows.loading.retention import read_retention
from flows.loading.source_lines import DefinitionError
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.values.errors import Refusal

_SIGNS: Final = {"good": "ok   ", "look": "look ", "wrong": "WRONG"}


async def examine(settings: Settings, environ: Mapping[str, str], now: datetime) -> list[Finding]:
    """Return the findings of all checks. It creates nothing: without a key file the database is not opened.

    What is kept is read, and migrated if it is of an older Hark, as a start would do it.

    Raises:
        DefinitionError: One of our own definitions cannot be read: the program is damaged.
        SettingsError: A folder that a setting names cannot be made.
        KeyFileUnusable: The key file went while it was looked at.
    """
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
    """Return one line for each finding and one below it for what to do.

    What is wrong comes last, next to the prompt.
    """
    order = ("good", "look", "wrong")
    lines = []
    for finding in sorted(findings, key=lambda finding: order.index(finding.level)):
        lines.append(f"{_SIGNS[finding.level]} {finding.what}")
        if finding.do:
            lines.append(f"        → {finding.do}")
    return "\n".join(lines) + "\n"


def _definitions(settings: Settings) -> tuple[str, list[Finding]]:
    """The helplines that a start would read, or ours where it would not come so far; and why it would not.

    Ours alone are as they were tested, and are not put together: that would take a sixth of the command's time.
    """
    texts = read_definitions()
    try:
        overlays = read_definitions(settings.data_dir / THEIRS)
        rules = assemble(texts, overlays).retention if overlays else read_retention(texts[RETENTION])
        for site in settings.sites.values():
            retention_of(site, rules)
    except DefinitionError as error:
        return texts[HELPLINES], [wrong(f"a definition cannot be used: {error}", "put it right, then hark flow check")]
    except SettingsError as error:
        return texts[HELPLINES], [wrong(f"a setting cannot be used: {error}", "put it right in hark.toml")]
    return overlays.get(HELPLINES, texts[HELPLINES]), []


async def _kept(settings: Settings, now: datetime) -> list[Finding]:
    if not settings.key_file.exists():
        return [look("nothing is kept yet: no lead can have joined", "start Hark, then invite the leads")]
    cut_off = look_at_key(settings)
    if any(finding.level == "wrong" for finding in cut_off):
        return cut_off
    try:
        store = await open_store(settings)
    except SettingsError as error:
        return [wrong(f"the database cannot be used: {error}", "put that right, then run hark doctor again")]
    except (Refusal, KeyFileUnusable, OSError) as error:
        return [
            wrong(f"what is kept cannot be opened ({type(error).__name__})", "look at the findings above, then restore")
        ]
    try:
        return [
            *cut_off,
            *await look_at_server(store),
            *await look_at_people(settings, store),
            *await look_at_key_age(settings, store, now),
            *await look_at_alarms(store),
            *await look_at_checkpoints(settings, store, now),
            *await look_at_golive(settings, store, now),
        ]
    except Refusal as refusal:
        return [wrong(f"what is kept cannot be read: {refusal}", "stop Hark, keep a copy, restore a backup")]
    finally:
        await store.close()


def main(_: argparse.Namespace) -> int:
    """Print all findings; 1 if something is wrong, 0 if there is only something to know.

    Raises:
        SettingsError: A setting cannot be used: that is the first thing to put right.
        DefinitionError: As `examine`.
        KeyFileUnusable: As `examine`.
    """
    findings = asyncio.run(examine(load(os.environ), os.environ, now()))
    sys.stdout.write(written(findings))
    return 1 if any(finding.level == "wrong" for finding in findings) else 0
