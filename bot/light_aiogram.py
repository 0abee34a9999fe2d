"""Loads aiogram with its models built when they are first used, instead of all 450 at once (decision 0004).

Import this before anything else imports aiogram; where that was imported already, nothing is changed.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from pydantic import BaseModel

_NAMES: Final[dict[str, Any]] = {}
_eager: Final = BaseModel.__dict__["model_rebuild"]


def _not_yet(_: type[BaseModel], /, *, _types_namespace: dict[str, Any] | None = None, **__: Any) -> None:
    """Take the place of `BaseModel.model_rebuild` while aiogram goes through its types; keep the names it gives."""
    _NAMES.update(_types_namespace or {})


def _on_demand(cls: type[BaseModel], /, *, _types_namespace: dict[str, Any] | None = None, **how: Any) -> bool | None:
    """Build one model, knowing all names; pydantic calls this when a model that is not built is first used."""
    built: bool | None = _eager.__func__(cls, _types_namespace=_types_namespace or _NAMES, **how)
    return built


def _load() -> None:
    base: Any = BaseModel  # a method of a class is exchanged, which no annotation allows
    base.model_rebuild = classmethod(_not_yet)
    try:
        from aiogram.types import TelegramObject  # noqa: PLC0415 - it is this import that has to be watched
    finally:
        base.model_rebuild = _eager
    from aiogram.methods.base import Request, Response, TelegramMethod  # noqa: PLC0415 - likewise

    kinds: tuple[Any, ...] = (TelegramObject, TelegramMethod, Request, Response)
    for kind in kinds:
        kind.model_rebuild = classmethod(_on_demand)


if "aiogram.types" not in sys.modules:
    _load()
