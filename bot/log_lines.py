"""How one record becomes one line, for people or for machines; what others wrote into theirs is left out of both.

Our sentences are constants with harmless arguments, so that the constant part can serve as the event's name. aiogram,
aiohttp and SQLAlchemy put updates, addresses with the token, and bound values into their messages, so their records
keep the logger's name, the level, the place and the type of the error, and nothing else.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from handlers.failing import OURS, failing, shown

#: For people, for machines, or `auto`: for people on a terminal, for machines otherwise.
Format: TypeAlias = Literal["auto", "text", "json"]
_PLACEHOLDER: Final = re.compile(r"%[\d.]*[a-z]")
#: What the records of other people's code are called.
OTHERS: Final = "other_code"


class Plain(logging.Formatter):
    """A line to read: the time, the level, the logger and our sentence, with the type and the place of an error."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line; line breaks in it are taken out, so that no record can look like two."""
        record.message = _sentence(record).replace("\r", " ").replace("\n", " ")
        record.asctime = self.formatTime(record, self.datefmt)
        return self.formatMessage(record)


class Json(logging.Formatter):
    """A line of JSON: `at` (UTC), `level`, `logger`, `event`, `place`, and of an error `type` and `broke_at`.

    Our own events have the whole sentence besides, as `said`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line, in ASCII."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event_of(str(record.msg)) if _is_ours(record) else OTHERS,
            "place": _place(record),
        }
        error = _error(record)
        if error:
            line |= {"type": error["broke"], "broke_at": error["broke_at"]}
        if _is_ours(record):
            line["said"] = record.getMessage()
        return json.dumps(line)


def event_of(sentence: str) -> str:
    """The name of the event that a sentence tells of: its words without what is filled in.

    `"%s: trying again in %.1f s"` is `trying_again_in_s`.
    """
    return "_".join(re.findall(r"[a-z0-9]+", _PLACEHOLDER.sub("", sentence).lower()))


def _sentence(record: logging.LogRecord) -> str:
    error = _error(record)
    ending = f": {error['broke']} at {error['broke_at']}" if error else ""
    return f"{record.getMessage() if _is_ours(record) else _place(record)}{ending}"


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.split(".", 1)[0] in OURS


def _place(record: logging.LogRecord) -> str:
    return f"{shown(record.pathname)}:{record.lineno}"


def _error(record: logging.LogRecord) -> dict[str, str]:
    if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        return failing(record.exc_info[1])
    told = {name: str(getattr(record, name, "")) for name in ("broke", "broke_at")}
    return told if told["broke"] else {}
