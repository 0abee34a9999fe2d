"""A sentence before it has a language: message ids and arguments; and what each language calls itself.

Whatever is said to a person is a `Text`; `handlers` renders it with the catalogue of that person's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

#: By language tag; a tag that is not here is shown as it is.
ENDONYMS: Final = {
    "en": "English",
    "ar": "العربية",
    "bn": "বাংলা",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "gu": "ગુજરાતી",
    "he": "עברית",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "ps": "پښتو",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "so": "Soomaali",
    "ta": "தமிழ்",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "zh": "中文",
}


@dataclass(frozen=True)
class Moment:
    """An instant (aware, UTC), shown in the site's time zone and the reader's language.

    `weekday` is the day of the week alone, `day` that with day and month.
    """

    at: datetime
    style: Literal["time", "date", "day_time", "weekday", "day"] = "day_time"


@dataclass(frozen=True)
class Listed:
    """Several things, joined as the reader's language joins a list ("a, b and c")."""

    items: tuple[Value, ...]


@dataclass(frozen=True)
class Text:
    """A message id with its arguments.

    `msgid` is the English copy and the gettext key; `{name}` in it takes `args["name"]`.
    `context` is the register's message context (`child`, `parent`, `staff`, `desk`, or `""` for all).
    `plural` and `count`: where given, the plural form is chosen by `count`, which is also `{count}`.
    """

    msgid: str
    context: str = ""
    args: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None
    count: int | None = None


#: What may stand in an argument. A plain `str` is somebody's own word (a name, a room): it is never translated.
Value: TypeAlias = "str | int | Text | Moment | Listed"


def stacked(lines: Iterable[Text]) -> Text:
    """Return several sentences as the lines of one paragraph, in order.

    Each is translated on its own. There are at most 26: the arguments are named by letters.
    """
    named = {f"line_{chr(ord('a') + number)}": line for number, line in enumerate(lines)}
    return Text("\n".join(f"{{{name}}}" for name in named), args=dict(named))
