"""What may stand in a log: the type of an error and its place in the code; never what somebody wrote, never a token.

aiogram, aiohttp and SQLAlchemy put updates, addresses with the token, and bound values into their messages, so their
records keep the logger's name, the level and the type of the error, and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

_ROOT: Final = Path(__file__).resolve().parent.parent
#: Loggers whose sentences are ours: constant texts with harmless arguments.
_OURS: Final = ("bot", "handlers", "storage", "flows", "locales")
#: Warnings of other people's code are news; their chatter is not.
_OTHERS: Final = ("aiogram", "aiohttp", "asyncio", "sqlalchemy", "aiosqlite", "alembic", "py.warnings")


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Write our own records of `level` and above to `stream` (default: standard error), others' from WARNING on.

    Replaces every handler that was there, and takes over uncaught errors of the process, so that no traceback with
    content is printed. Call it once, before anything else runs.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Plain("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in _OTHERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False
    sys.excepthook = _uncaught


def quiet(loop: asyncio.AbstractEventLoop) -> None:
    """Have errors that nobody awaited logged by type and place; the loop's own words quote tasks and their values."""
    loop.set_exception_handler(_unawaited)


class Plain(logging.Formatter):
    """Formats a record without exception texts, and others' records without their words."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; line breaks in it are taken out, so that no record can look like two."""
        record.message = self._message(record).replace("\r", " ").replace("\n", " ")
        record.asctime = self.formatTime(record, self.datefmt)
        return self.formatMessage(record)

    def _message(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        ending = f": {place_of(error)}" if error else ""
        if record.name.split(".", 1)[0] not in _OURS:
            return f"{Path(record.pathname).name}:{record.lineno}{ending}"
        return f"{record.getMessage()}{ending}"


def place_of(error: BaseException) -> str:
    """The type of an error and where it was raised, our own innermost line first: `ValueError at flows/load.py:41`."""
    traceback = error.__traceback__
    innermost = ours = None
    while traceback is not None:
        innermost = _line(traceback)
        if innermost.startswith(_OURS):
            ours = innermost
        traceback = traceback.tb_next
    place = ours if ours == innermost else " in ".join(part for part in (ours, innermost) if part)
    return f"{type(error).__name__} at {place or 'an unknown place'}"


def _line(traceback: TracebackType) -> str:
    path = Path(traceback.tb_frame.f_code.co_filename)
    shown = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
    return f"{shown}:{traceback.tb_lineno}"


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    del traceback
    logging.getLogger("bot").critical("Hark stopped: %s", place_of(error))


def _unawaited(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    del loop
    error = context.get("exception")
    what = place_of(error) if isinstance(error, BaseException) else "no error was given"
    logging.getLogger("bot").error("something failed that nobody waited for: %s", what)
