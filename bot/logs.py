"""The log: the type of an error and its place in the code; never what somebody wrote, never a name, id or token."""

from __future__ import annotations

import asyncio
import logging
import sys
from types import TracebackType
from typing import Any, Final, TextIO

from bot.log_lines import Format, Json, Plain
from handlers.failing import OURS, failing

#: Warnings of other people's code are news; their chatter is not.
_OTHERS: Final = ("aiogram", "aiohttp", "asyncio", "sqlalchemy", "aiosqlite", "alembic", "py.warnings")


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
    """Have errors that nobody awaited logged by type and place; the loop's own words quote tasks and their values."""
    loop.set_exception_handler(_unawaited)


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    del traceback
    logging.getLogger("bot").critical("Hark stopped", extra=failing(error))


def _unawaited(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    del loop
    error = context.get("exception")
    known = failing(error) if isinstance(error, BaseException) else {}
    logging.getLogger("bot").error("something failed that nobody waited for", extra=known)
