"""`make messages`: extracts every sentence, updates and compiles each catalogue, and tells what is left to do.

That is sentences that are missing or fuzzy, placeholders that do not fit, labels that are too long.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from handlers.telegram.languages import fits
from handlers.telegram.text_limits import LABEL, units
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


#: What a sentence ends with. A text without it may be a button's label, which must fit.
_ENDS: Final = (".", "?", "!", ":")


def problems(catalogue: Catalog, template: Catalog) -> tuple[str, ...]:
    """Return one line for each thing a translator has to do, in the order of the template; empty where all is well.

    A sentence counts as translated if its own context has it, or context "". Sentences for leads may be missing.
    """
    return tuple(line for message in template if message.id for line in _of(message, catalogue))


def _of(message: Message, catalogue: Catalog) -> Iterator[str]:
    own = catalogue.get(message.id, message.context)
    shared = catalogue.get(message.id, None)
    found = next((one for one in (own, shared) if one is not None and _strings(one)), None)
    where = f"[{message.context or ''}] {_english(message)[0]}"
    if found is None:
        if message.context != DESK:
            yield f"missing: {where}"
        return
    if found.fuzzy:
        yield f"fuzzy: {where}"
    for string in _strings(found):
        if not any(fits(string, english, plural=isinstance(message.id, tuple)) for english in _english(message)):
            yield f"placeholders: {where}"
        if string.count("\n\n") != _english(message)[0].count("\n\n"):
            yield f"paragraphs: {where}"
        if _may_be_label(_english(message)[0]) and units(string) > LABEL:
            yield f"longer than a button holds: {where}"


def _strings(message: Message) -> tuple[str, ...]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(string for string in strings if string) if all(strings) else ()


def _english(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def _may_be_label(english: str) -> bool:
    return units(english) <= LABEL and not english.endswith(_ENDS) and "{" not in english and ": " not in english


if __name__ == "__main__":
    sys.exit(main())
