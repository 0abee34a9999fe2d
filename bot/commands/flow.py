"""`hark flow check` and `hark flow draw`: every definition read as a start would, or drawn as diagrams."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from bot.deployment.value_checks import SettingsError
from flows.drafts.rulebook import OWN, Flows, assemble
from flows.loading.checks.readability import ENGLISH
from flows.loading.checks.style_check import style_faults
from flows.loading.diagram import draw
from flows.loading.source_lines import read
from flows.loading.toml_table import Places
from flows.values.text import Text
from handlers.telegram.languages import Translator
from handlers.telegram.languages import load as load_translators
from locales.compile import CATALOGUES, compile_stale


def check_conversations(_: argparse.Namespace) -> int:
    """Print how much was read, and what breaks a rule of style; 1 if there is any, or if something cannot be used.

    Translations are measured too, in each language that a site offers.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        overlays = read_definitions(settings.data_dir / THEIRS)
        flows = assemble(read_definitions(), overlays)
        if broken := tuple(_style(flows, overlays, offered_languages(settings))):
            sys.stdout.write("".join(f"{line}\n" for line in broken))
            return 1
        sys.stdout.write(
            f"{len(flows.definitions)} conversations, {len(flows.categories.codes)} categories, "
            f"{len(flows.rules)} risk rules, {len(flows.phrases)} phrases, {len(overlays)} own files: all good\n"
        )
        return 0
    return 1


def offered_languages(settings: Settings) -> Mapping[str, Translator]:
    """The languages, other than English, in which a site's reporters are asked: all there are where it names none."""
    compile_stale(CATALOGUES)
    known = load_translators(CATALOGUES, ZoneInfo("UTC"), settings.country)
    asked = {tag for site in settings.sites.values() for tag in site.languages or tuple(known)}
    return {tag: translator for tag, translator in known.items() if tag in asked and tag != ENGLISH}


def _style(flows: Flows, overlays: Mapping[str, str], spoken: Mapping[str, Translator]) -> Iterator[str]:
    """What breaks a rule of style, in our files and in an organisation's own, with file, line and language."""
    ours = read_definitions()
    for name, definition in flows.definitions.items():
        path = f"{name}.toml"
        own = (read(overlays[path], f"{OWN}{path}"),) if path in overlays else ()
        places = Places((*own, read(ours[path], path), read(ours["sets.toml"], "sets.toml")))
        translations = {tag: partial(_translation, one, definition.context) for tag, one in spoken.items()}
        yield from style_faults(definition, places.where, translations)


def _translation(translator: Translator, context: str, msgid: str) -> str | None:
    return translator.translation(Text(msgid, context))


def draw_conversations(arguments: argparse.Namespace) -> int:
    """Draw one conversation, or all of them, an organisation's own changes included.

    Raises:
        SettingsError: a setting cannot be used.
    """
    folder = load(os.environ).data_dir / THEIRS
    with reporting_errors():
        definitions = assemble(read_definitions(), read_definitions(folder)).definitions
        if arguments.name is not None and arguments.name not in definitions:
            raise SettingsError("NAME", f"one of {', '.join(definitions)}")
        for name in [arguments.name] if arguments.name else definitions:
            _put(draw(definitions[name]), arguments.to, name)
        return 0
    return UNUSABLE


def _put(page: str, folder: str | None, name: str) -> None:
    if folder is None:
        sys.stdout.write(page)
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / f"{name}.md").write_text(page, encoding="utf-8")
