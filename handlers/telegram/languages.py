"""Languages: catalogues read once and handed in, and which language is whose. a `Translator` speaks one of them."""

from __future__ import annotations

import gettext
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from handlers.telegram.translator import Missing, Translator, fits, holes

__all__ = ["ENGLISH", "Translator", "fits", "holes", "load", "negotiate"]

#: The language of the message ids; it needs no catalogue.
ENGLISH: Final = "en"
_DOMAIN: Final = "hark"
#: Tags that messengers still send for languages that are called otherwise now.
_OLD_TAGS: Final = {"iw": "he", "in": "id", "no": "nb", "tl": "fil"}


def load(directory: Path, zone: ZoneInfo, country: str = "") -> Mapping[str, Translator]:
    """Load a translator for English and for each compiled catalogue `<language>/LC_MESSAGES/hark.mo` under `directory`.

    `country` (ISO 3166, two letters) decides how dates look where the language is known there. A catalogue that
    cannot be read is left out: its language is then not offered.
    """
    translators = {ENGLISH: _translator(ENGLISH, gettext.NullTranslations(), zone, country)}
    for path in sorted(directory.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")):
        try:
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)
            translators[path.parts[-3]] = _translator(path.parts[-3], catalogue, zone, country)
        except (OSError, ValueError, KeyError, struct.error, UnknownLocaleError):
            continue
    return translators


def negotiate(wanted: Sequence[str] | str | None, available: Sequence[str]) -> str:
    """Return the best of `available` for the tags `wanted`, which are in order of preference (BCP 47).

    The same tag is best, then the bare language, then any of its variants. Case and `-` or `_` do not matter. Where
    nothing is found it is English, or else the first of `available`, which must not be empty.
    """
    return _best((wanted,) if isinstance(wanted, str) else tuple(wanted or ()), tuple(available))


@lru_cache(maxsize=1_000)  # every turn asks for the same few
def _best(wanted: tuple[str, ...], available: tuple[str, ...]) -> str:
    known = {_normal(tag): tag for tag in reversed(available)}
    for tag in wanted:
        whole = _normal(tag)
        bare = whole.partition("_")[0]
        near = [whole, bare, *sorted(other for other in known if other.startswith(f"{bare}_"))]
        for candidate in near:
            if candidate in known:
                return known[candidate]
    return ENGLISH if ENGLISH in available else available[0]


def is_same(one: str, other: str) -> bool:
    """Return whether two tags name one language, of whatever country: "en" and "en-GB" do (BCP 47).

    Tags that messengers still send for languages which are called otherwise now count as the new ones.
    """
    return _normal(one).partition("_")[0] == _normal(other).partition("_")[0]


def _normal(tag: str) -> str:
    first, *rest = tag.replace("-", "_").lower().split("_")
    return "_".join((_OLD_TAGS.get(first, first), *rest))


def _translator(language: str, catalogue: gettext.NullTranslations, zone: ZoneInfo, country: str) -> Translator:
    catalogue.add_fallback(Missing())
    return Translator(language, _locale(language, country), zone, catalogue)


def _locale(language: str, country: str) -> Locale:
    tag = language.replace("-", "_")
    if country and "_" not in tag:
        try:
            return Locale.parse(f"{tag}_{country.upper()}")
        except (UnknownLocaleError, ValueError):
            pass
    return Locale.parse(tag)
