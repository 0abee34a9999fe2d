"""What a log may say of an error: its type and its place in the code; never its text, which may hold content."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Final

_ROOT: Final = Path(__file__).resolve().parent.parent
#: The folders whose code is ours.
OURS: Final = ("bot", "handlers", "storage", "flows", "locales")


def failing(error: BaseException) -> dict[str, str]:
    """What `extra=` of a log call takes to tell of `error`: `broke`, its type, and `broke_at`, where it was raised.

    `exc_info=` would say as much, but hands the error's text to every handler that there is.
    """
    return {"broke": type(error).__name__, "broke_at": _place(error)}


def place_of(error: BaseException) -> str:
    """The type of an error and where it was raised, our own innermost line first: `ValueError at flows/load.py:41`."""
    return f"{type(error).__name__} at {_place(error)}"


def _place(error: BaseException) -> str:
    traceback = error.__traceback__
    innermost = ours = None
    while traceback is not None:
        innermost = _line(traceback)
        if innermost.startswith(OURS):
            ours = innermost
        traceback = traceback.tb_next
    place = ours if ours == innermost else " in ".join(part for part in (ours, innermost) if part)
    return place or "an unknown place"


def _line(traceback: TracebackType) -> str:
    return f"{shown(traceback.tb_frame.f_code.co_filename)}:{traceback.tb_lineno}"


def shown(filename: str) -> str:
    """A file of ours by its path in the project, another one by its name alone."""
    path = Path(filename)
    inside = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else ""
    return inside if inside.split("/", 1)[0] in OURS else path.name
