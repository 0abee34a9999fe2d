"""Every table, so that whoever imports this has the whole metadata."""

from __future__ import annotations

from storage.schema import (
    alerts,
    audit,
    cases,
    channels,
    chats,
    handovers,
    happened,
    live,
    notices,
    people,
    quarantine,
    rota,
)
from storage.schema.base import metadata

__all__ = [
    "alerts",
    "audit",
    "cases",
    "channels",
    "chats",
    "handovers",
    "happened",
    "live",
    "metadata",
    "notices",
    "people",
    "quarantine",
    "rota",
]
