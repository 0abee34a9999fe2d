"""Slows down guessing by source, and at an account whose passphrase is known; never shuts out who has made no miss."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.bounded import Bounded

_FREE = 3  # misses before the first delay
_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=5)
_KEPT = 10_000  # accounts remembered; the longest unused is forgotten


@dataclass(frozen=True, slots=True)
class _Misses:
    count: int
    until: datetime


class Throttle:
    """Counts misses by key, in memory."""

    def __init__(self) -> None:
        self._misses: Bounded[Hashable, _Misses] = Bounded(_KEPT)

    def blocked(self, key: Hashable, now: datetime) -> datetime | None:
        """Tell until when no try is taken, or None if one is."""
        misses = self._misses.get(key)
        return misses.until if misses and misses.count > _FREE and misses.until > now else None

    def miss(self, key: Hashable, now: datetime) -> None:
        """Count a try before it is judged: tries made at once are all counted."""
        known = self._misses.get(key)
        count = known.count + 1 if known else 1
        delay = timedelta() if count <= _FREE else min(_FIRST * 2 ** min(count - _FREE - 1, 10), _LONGEST)
        self._misses.put(key, _Misses(count, now + delay))

    def forget(self, key: Hashable) -> None:
        """Begin anew after a try that was right."""
        self._misses.pop(key)
