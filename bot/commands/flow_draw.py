"""`hark flow draw`: conversations as pages with diagrams, on the terminal or into a folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.definition_files import THEIRS, read_definitions
from bot.reading import SettingsError
from bot.settings import load
from bot.telling import UNUSABLE, told
from flows.bundle import assemble
from flows.draw import draw


def main(arguments: argparse.Namespace) -> int:
    """Draw one conversation, or all of them, an organisation's own changes included.

    Raises:
        SettingsError: a setting cannot be used.
    """
    folder = load(os.environ).data_dir / THEIRS
    with told():
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
