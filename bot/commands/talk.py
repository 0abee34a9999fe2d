"""`hark talk`: any conversation in the terminal, for whoever words or translates it. Nothing is stored or sent."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.demo.terminal_player import READERS, Player, hear, lines, start
from bot.deployment.definition_files import THEIRS, read_definitions
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from bot.deployment.sites import site_of
from bot.deployment.value_checks import SettingsError
from flows.drafts.rulebook import assemble
from flows.duty.deadlines import cover
from flows.loading.helplines import FILE as HELPLINES
from flows.values.ids import SiteId
from flows.values.situation import Situation
from handlers.telegram.languages import load as load_translators
from handlers.telegram.languages import negotiate
from locales.compile import CATALOGUES, compile_stale

_TOLD = """\
Nothing you write here is stored or sent, and the readers do not exist.
Type the number of a button, or write; an empty line, or Ctrl-D, ends it.
"""


def main(arguments: argparse.Namespace) -> int:
    """Play until the person ends it, or standard input ends.

    Raises:
        SettingsError: a setting, or the site, cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        player = _player(settings, SiteId(arguments.site or settings.home))
        language = negotiate(arguments.language, tuple(player.translators))
        _play(player, language, arguments)
        return 0
    return UNUSABLE


def _play(player: Player, language: str, arguments: argparse.Namespace) -> None:
    sys.stdout.write(_TOLD)
    stand = start(player, language, arguments.register)
    while True:
        sys.stdout.write("\n".join(lines(stand, player.translators[stand.language])) + "\n> ")
        sys.stdout.flush()
        line = "" if stand.over else sys.stdin.readline().strip()
        if not line:
            sys.stdout.write("\n")
            return
        stand = hear(player, stand, line)


def _player(settings: Settings, name: SiteId) -> Player:
    if name not in settings.sites:
        raise SettingsError("--site", f"one of {', '.join(settings.sites)}")
    texts, overlays = read_definitions(), read_definitions(settings.data_dir / THEIRS)
    chosen = settings.sites[name]
    compile_stale(CATALOGUES)
    translators = dict(load_translators(CATALOGUES, ZoneInfo(chosen.timezone), chosen.country))
    hours = chosen.hours
    site = site_of(chosen, {**texts, **overlays}[HELPLINES], datetime.now(UTC).date(), tuple(translators))

    def situation(language: str) -> Situation:
        now = datetime.now(UTC)
        return Situation(now, language, "web", site, READERS, cover(hours, now))

    return Player(assemble(texts, overlays), translators, situation)
