"""`hark flow check`: reads every definition with an organisation's own files laid over, as a start would."""

from __future__ import annotations

import argparse
import os
import sys

from bot.definition_files import THEIRS, read_definitions
from bot.settings import load
from bot.telling import told
from flows.bundle import assemble


def main(_: argparse.Namespace) -> int:
    """Print how much was read; 1 if something cannot be used, with file and line.

    Raises:
        SettingsError: a setting cannot be used.
    """
    folder = load(os.environ).data_dir / THEIRS
    with told():
        overlays = read_definitions(folder)
        flows = assemble(read_definitions(), overlays)
        sys.stdout.write(
            f"{len(flows.definitions)} conversations, {len(flows.categories.codes)} categories, "
            f"{len(flows.rules)} risk rules, {len(flows.phrases)} phrases, {len(overlays)} own files: all good\n"
        )
        return 0
    return 1
