"""Compiles catalogues that are new or were changed; cheap where there is nothing to do, so every start may call it."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog  # for its type alone: most starts have nothing to compile

log = logging.getLogger(__name__)

#: Where the catalogues lie: `<language>/LC_MESSAGES/hark.po`, and beside each its compiled `hark.mo`.
CATALOGUES: Final = Path(__file__).resolve().parent
DOMAIN: Final = "hark"


def compile_stale(directory: Path = CATALOGUES) -> tuple[str, ...]:
    """Compile every catalogue whose `.mo` is missing or older than its `.po`; return their languages."""
    return tuple(language for language, source in _sources(directory) if _is_stale(source) and _compile(source))


def stale(directory: Path = CATALOGUES) -> tuple[str, ...]:
    """Return the languages whose compiled catalogue is missing or older than its source, or than this module."""
    return tuple(language for language, source in _sources(directory) if _is_stale(source))


def _sources(directory: Path) -> Iterator[tuple[str, Path]]:
    for source in sorted(directory.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield source.parts[-3], source


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    try:
        changed = max(path.stat().st_mtime_ns for path in (source, Path(__file__)))
        return not compiled.exists() or compiled.stat().st_mtime_ns < changed
    except OSError:
        return True


def _compile(source: Path) -> bool:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - most starts have nothing to compile
    from babel.messages.pofile import read_po  # noqa: PLC0415 - likewise

    beside = source.with_suffix(f".{os.getpid()}.tmp")
    try:
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3], abort_invalid=True)
        _forget_halves(catalogue)
        with beside.open("wb") as file:
            write_mo(file, catalogue, use_fuzzy=False)
        shutil.copymode(source, beside)  # whoever may read the one may read the other, whatever the umask
        beside.replace(source.with_suffix(".mo"))
    except Exception as error:  # noqa: BLE001 - one damaged catalogue must not keep the others, or Hark, from starting
        log.error("the catalogue %s could not be compiled: %s", source.parts[-3], type(error).__name__)  # noqa: TRY400 - one line is enough
        beside.unlink(missing_ok=True)
        return False
    return True


def _forget_halves(catalogue: Catalog) -> None:
    """Empty every plural that lacks a form, so that it is said in English, by English's own rule.

    Babel writes the English singular for a missing first form and the English plural for any other, which is English's
    rule only where the language's first form is for one.
    """
    for message in catalogue:
        if message.pluralizable and not (message.string and all(message.string)):
            message.string = ""
