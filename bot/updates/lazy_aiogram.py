"""Imports aiogram in a quarter of the time and half of the memory: its models are built when they are first used.

`aiogram.types` builds all of its several hundred models on import, of which a bot uses a dozen. Here that is put off:
while it is imported, rebuilding does nothing; afterwards a model that is needed builds itself, with the same names in
sight. Nothing of aiogram's behaviour changes; `tests/bot/test_lightly.py` fails if a new version does this otherwise.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Literal, Optional, Union

from pydantic import BaseModel


def import_aiogram() -> int:
    """Import aiogram with its models unbuilt, and return how many; 0 if it was imported before, and nothing changes.

    Call it before anything else imports aiogram; other threads must not import pydantic models meanwhile (decision 4).
    """
    if "aiogram" in sys.modules:
        return 0
    postpone: list[type[BaseModel]] = []
    built = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(lambda cls, **_: postpone.append(cls))  # type: ignore[method-assign, assignment]
    try:
        types = import_module("aiogram.types")
    finally:
        BaseModel.model_rebuild = built  # type: ignore[method-assign]
    _build_when_needed(built.__func__, _names(types))
    return len(postpone)


def _build_when_needed(build: Any, names: dict[str, Any]) -> None:
    """Let every model of aiogram's find the names it was written with, whenever it is built."""

    def rebuild(cls: type[BaseModel], /, *, force: bool = False, raise_errors: bool = True, **_: object) -> bool | None:
        made: bool | None = build(cls, force=force, raise_errors=raise_errors, _types_namespace=names)
        return made

    base, method = import_module("aiogram.types.base"), import_module("aiogram.methods.base")
    for model in (base.TelegramObject, method.TelegramMethod, method.Response):
        model.model_rebuild = classmethod(rebuild)


def _names(types: Any) -> dict[str, Any]:
    default = import_module("aiogram.client.default").Default
    typing = {"List": list, "Optional": Optional, "Union": Union, "Literal": Literal, "Default": default}
    return typing | {name: getattr(types, name) for name in types.__all__}
