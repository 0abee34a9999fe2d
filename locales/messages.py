"""`make messages`: extracts every sentence, updates and compiles each catalogue, and tells what is left to do."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from locales.check import problems
from locales.compile import CATALOGUES, DOMAIN, compile_stale
from locales.template import DESK, template

_WIDTH: Final = 120


def main() -> int:
    """Bring all catalogues up to date; 1 if something is left for a translator to do.

    Raises:
        DefinitionError: One of the definitions cannot be read; no catalogue was changed.
    """
    made = template()
    update(CATALOGUES / f"{DOMAIN}.pot", made)
    left = 0
    for path in sorted(CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        catalogue.update(made, update_creation_date=False)
        _forget_guesses(catalogue)
        update(path, catalogue)
        found = problems(catalogue, made)
        left += len(found)
        sys.stdout.write("".join(f"{path.parts[-3]}: {line}\n" for line in found))
    compile_stale(CATALOGUES)
    return 1 if left else 0


def update(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue if anything but its date has changed; places are files without lines, which change less."""
    old = path.read_bytes() if path.exists() else b""
    if old:
        catalogue.creation_date = read_po(io.BytesIO(old)).creation_date
    if _written(catalogue) != old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_written(catalogue))


def _written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=_WIDTH, include_lineno=False, ignore_obsolete=False)
    return out.getvalue()


def _forget_guesses(catalogue: Catalog) -> None:
    """A fuzzy guess helps a translator only where somebody translates: not yet for leads."""
    for message in catalogue:
        if message.context == DESK and message.fuzzy:
            _clear(message)


def _clear(message: Message) -> None:
    message.flags.discard("fuzzy")
    message.string = ("", "") if isinstance(message.id, tuple) else ""


if __name__ == "__main__":
    sys.exit(main())
