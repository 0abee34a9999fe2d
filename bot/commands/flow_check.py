"""`hark flow check`: reads every definition with an organisation's own files laid over, as a start would."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping

from bot.definition_files import THEIRS, read_definitions
from bot.settings import load
from bot.telling import told
from flows.bundle import OWN, Flows, assemble
from flows.lines import read
from flows.style_check import style_faults
from flows.tables import Places


def main(_: argparse.Namespace) -> int:
    """Print how much was read, and what breaks a rule of style; 1 if there is any, or if something cannot be used.

    Raises:
        SettingsError: a setting cannot be used.
    """
    folder = load(os.environ).data_dir / THEIRS
    with told():
        overlays = read_definitions(folder)
        flows = assemble(read_definitions(), overlays)
        if broken := tuple(_style(flows, overlays)):
            sys.stdout.write("".join(f"{line}\n" for line in broken))
            return 1
        sys.stdout.write(
            f"{len(flows.definitions)} conversations, {len(flows.categories.codes)} categories, "
            f"{len(flows.rules)} risk rules, {len(flows.phrases)} phrases, {len(overlays)} own files: all good\n"
        )
        return 0
    return 1


def _style(flows: Flows, overlays: Mapping[str, str]) -> Iterator[str]:
    """What breaks a rule of style, in our files and in an organisation's own, with file and line."""
    ours = read_definitions()
    for name, definition in flows.definitions.items():
        path = f"{name}.toml"
        own = (read(overlays[path], f"{OWN}{path}"),) if path in overlays else ()
        places = Places((*own, read(ours[path], path), read(ours["sets.toml"], "sets.toml")))
        yield from style_faults(definition, places.where)
