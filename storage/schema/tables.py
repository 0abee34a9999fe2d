"""Every table, so that whoever imports this has the whole metadata."""

from __future__ import annotations

from storage.schema import (
    audit,
    cases,
    channels,
    chats,
    handovers,
    live,
    notices,
    people,
    quarantine,
    rota,
)
from storage.schema.base import metadata

__all__ = [
    "audit",
    "cases",
    "channels",
    "chats",
    "handovers",
    "live",
    "metadata",
    "notices",
    "people",
    "quarantine",
    "rota",
]
