"""Tables: what is kept, and under which of them a MAC or a seal lies; whoever imports this has the whole metadata."""

from __future__ import annotations

from storage.database.schema import cases, chats, leads, measures, notices, shares, sites, together
from storage.database.schema.base import metadata

__all__ = ["cases", "chats", "leads", "metadata", "notices", "shares", "sites", "together"]
__all__ = ["cases", "chats", "leads", "measures", "metadata", "notices", "shares", "sites"]
