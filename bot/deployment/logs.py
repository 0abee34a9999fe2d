"""The log: one line a record, the type of an error and its place; never what somebody wrote, nor a name or id.

Our sentences are constants with harmless arguments, so that the constant part can serve as the event's name. aiogram,
aiohttp and SQLAlchemy put updates, addresses with the token, and bound values into their messages, so their records
keep the logger's name, the level, the place and the type of the error, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Literal, TextIO, TypeAlias

from handlers.telegram.failures import OURS, error_fields, shown

#: For people, for machines, or `auto`: for people on a terminal, for machines otherwise.
Format: TypeAlias = Literal["auto", "text", "json"]
_PLACEHOLDER: Final = re.compile(r"%[\d.]*[a-z]")
#: What the records of other people's code are called.
OTHERS: Final = "other_code"

#: Warnings of other people's code are news; their chatter is not.
_OTHERS: Final = ("aiogram", "aiohttp", "asyncio", "sqlalchemy", "aiosqlite", "asyncpg", "alembic", "py.warnings")


class Plain(logging.Formatter):
    """A line to read: the time, the level, the logger and our sentence, with the type and the place of an error."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line; line breaks in it are removed, so that no record can look like two."""
        record.message = _sentence(record).replace("\r", " ").replace("\n", " ")
        record.asctime = self.formatTime(record, self.datefmt)
        return self.formatMessage(record)


class Json(logging.Formatter):
    """A line of JSON: `at` (UTC), `level`, `logger`, `event`, `place`, and of an error `type` and `broke_at`.

    Our own events have the whole sentence besides, as `said`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON in ASCII."""
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
    """Return the event name of a log sentence: its constant words without the arguments, joined by underscores.

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
        return error_fields(record.exc_info[1])
    told = {name: str(getattr(record, name, "")) for name in ("broke", "broke_at")}
    return told if told["broke"] else {}


def set_up(level: str, shape: Format = "auto", stream: TextIO | None = None) -> None:
    """Write our own records of `level` and above to `stream` (default: standard error), others' from WARNING on.

    Replaces every handler that was there, and takes over uncaught errors of the process, so that no traceback with
    content is printed. Call it once, before anything else runs.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json() if shape == "json" or (shape == "auto" and not stream.isatty()) else Plain())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in _OTHERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False
    sys.excepthook = _uncaught


def quiet(loop: asyncio.AbstractEventLoop) -> None:
    """Have unawaited errors of `loop` logged by type and place; asyncio's own text quotes tasks and their values.

    It replaces the loop's exception handler (`asyncio.loop.set_exception_handler`).
    """
    loop.set_exception_handler(_unawaited)


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    del traceback
    logging.getLogger("bot").critical("Hark stopped", extra=error_fields(error))


def _unawaited(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    del loop
    error = context.get("exception")
    known = error_fields(error) if isinstance(error, BaseException) else {}
    logging.getLogger("bot").error("something failed that nobody waited for", extra=known)
