"""Languages: catalogues read once, which language is whose, and sentences, times and lists put into one of them."""

from __future__ import annotations

import gettext
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from flows.values.bounds import Bounded
from flows.values.text import Listed, Moment, Text, Value
from handlers.telegram.text_limits import apart, is_right_to_left, plain

#: The language of the message ids; it needs no catalogue.
ENGLISH: Final = "en"
_DOMAIN: Final = "hark"
#: Tags that messengers still send for languages that are called otherwise now.
_OLD_TAGS: Final = {"iw": "he", "in": "id", "no": "nb", "tl": "fil"}

#: Sentences without arguments that a language remembers.
_MOST_KNOWN: Final = 5_000
_HOLE: Final = re.compile(r"\{([a-z_]+)\}")
#: A command in one of our sentences: its slash would change sides where the sentence runs from right to left.
_COMMAND: Final = re.compile(r"(?<![\w/])/[a-z_]+")


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


class Missing(gettext.NullTranslations):
    """Ends the search in a catalogue: the answer is not there."""

    def gettext(self, *_: object, **__: object) -> str:
        """Raise `LookupError`."""
        raise LookupError

    def ngettext(self, *_: object, **__: object) -> str:
        """Raise `LookupError`."""
        raise LookupError

    def pgettext(self, *_: object, **__: object) -> str:
        """Raise `LookupError`."""
        raise LookupError

    def npgettext(self, *_: object, **__: object) -> str:
        """Raise `LookupError`."""
        raise LookupError


@dataclass(frozen=True, repr=False)
class Translator:
    """One language in one time zone; `language` is its tag as offered. Immutable, safe to share."""

    language: str
    locale: Locale
    zone: ZoneInfo
    catalogue: gettext.NullTranslations
    _plain: Bounded[tuple[str, str], str] = field(default_factory=lambda: Bounded(_MOST_KNOWN), compare=False)

    @property
    def right_to_left(self) -> bool:
        """Whether the language runs from right to left."""
        return str(self.locale.text_direction) == "rtl"

    def at(self, zone: ZoneInfo) -> Translator:
        """Return the same language with times shown in `zone`."""
        return self if zone == self.zone else replace(self, zone=zone)

    def say(self, value: Value) -> str:
        """Return `value` in this language. A `Text` missing in its context is taken from context "", then in English.

        Somebody's own word (`str`) stays itself, without characters that would turn our sentence around. Never raises.
        """
        return self._said(value, "")

    def _said(self, value: Value, context: str) -> str:
        match value:
            case Text() if is_plain(value):
                return self._situation(value)
            case Text():
                return self._sentence(value)
            case Moment():
                return self._moment(value, dated=context == "desk")
            case Listed():
                items = [self._argument(item, context, theirs=self.right_to_left) for item in value.items]
                return format_list(items, locale=self.locale) if items else ""
            case int():
                return format_decimal(value, locale=self.locale)
            case str():
                return plain(value)

    def _situation(self, text: Text) -> str:
        """A sentence without arguments, from memory: the same few hundred are said again and again."""
        key = (text.context, text.msgid)
        found = self._plain.get(key)
        if found is None:
            found = self._sentence(text)
            self._plain.put(key, found)
        return found

    def _sentence(self, text: Text) -> str:
        found = self.translation(text)
        template = found if found is not None else _english(text)
        theirs = found is not None and self.right_to_left
        if theirs:
            template = _COMMAND.sub(lambda command: apart(command[0]), template)
        values = {**text.args, "count": text.count} if text.count is not None else dict(text.args)
        said = {
            name: self._argument(values[name], text.context, theirs=theirs)
            for name in holes(template)
            if name in values
        }
        return _HOLE.sub(lambda hole: said.get(hole[1], hole[0]), template)

    def _argument(self, value: Value, context: str, *, theirs: bool) -> str:
        """`value` inside a sentence: isolated where its direction, or the sentence's, could be another one."""
        words = self._said(value, context)
        return apart(words) if theirs or (isinstance(value, str) and is_right_to_left(words)) else words

    def translation(self, text: Text) -> str | None:
        """Return the translation with its placeholders, or None where there is none whose placeholders fit."""
        if not text.msgid:
            return ""
        for context in dict.fromkeys((text.context, "")):
            try:
                found = self._looked_up(text, context)
            except LookupError:
                continue
            if found and fits(found, _english(text), plural=text.count is not None):
                return found
        return None

    def _looked_up(self, text: Text, context: str) -> str:
        if text.plural is None or text.count is None:
            return self.catalogue.pgettext(context, text.msgid) if context else self.catalogue.gettext(text.msgid)
        if context:
            return self.catalogue.npgettext(context, text.msgid, text.plural, text.count)
        return self.catalogue.ngettext(text.msgid, text.plural, text.count)

    def _moment(self, moment: Moment, *, dated: bool) -> str:
        """Time, date, or day and time; leads see the year as well, since a record is read years later."""
        local = moment.at.astimezone(self.zone)
        time = format_time(local, "short", tzinfo=self.zone, locale=self.locale)
        if moment.style == "time":
            return time
        if moment.style == "date":
            return format_date(local.date(), "long", locale=self.locale)
        if moment.style == "weekday":
            return format_date(local.date(), "EEEE", locale=self.locale)
        if moment.style == "day":
            return str(format_skeleton("MMMMEEEEd", local, tzinfo=self.zone, locale=self.locale))
        day = format_skeleton("yMMMEd" if dated else "MMMMEEEEd", local, tzinfo=self.zone, locale=self.locale)
        return str(self.locale.datetime_formats["medium"]).format(time, day)


def is_plain(value: Value) -> bool:
    """Whether `value` is a sentence without arguments: then it holds words of ours alone, always the same."""
    return isinstance(value, Text) and not value.args and value.count is None


def holes(template: str) -> frozenset[str]:
    """Return the names of the placeholders in `template`."""
    return frozenset(_HOLE.findall(template))


def fits(translation: str, english: str, *, plural: bool = False) -> bool:
    """Return whether a translation has exactly the placeholders of its English sentence, and no loose braces.

    A `plural` form may say its number in words ("two messages") or in digits, whatever English does.
    """
    free = frozenset({"count"} if plural else ())
    if holes(translation) - free != holes(english) - free:
        return False
    return _loose(english) or not _loose(translation)


def _loose(template: str) -> bool:
    rest = _HOLE.sub("", template)
    return "{" in rest or "}" in rest


def _english(text: Text) -> str:
    if text.plural is None or text.count is None:
        return text.msgid
    return text.msgid if text.count == 1 else text.plural
