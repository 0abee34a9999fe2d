"""Every table, so that whoever imports this has the whole metadata."""

from __future__ import annotations

from storage.schema import alerts, audit, cases, chats, handovers, notices, people, quarantine, rota
from storage.schema.base import metadata

__all__ = ["alerts", "audit", "cases", "chats", "handovers", "metadata", "notices", "people", "quarantine", "rota"]
