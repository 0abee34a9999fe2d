"""Switches for tests: the next call of a method is answered wrongly, late or never, before or after it took effect."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.webchat.wire import JsonObject, Refusal


@dataclass
class Fault:
    """One answer that will be spoilt.

    ``after``: the call takes effect first, and only its answer is lost or wrong. ``status`` and ``body`` are sent as
    they are (str as text/html, a mapping as JSON); ``status`` None closes the connection without an answer.
    ``release``, when set, is waited for first; the call then goes on as usual if ``passes``.
    """

    status: int | None
    body: str | JsonObject
    after: bool = False
    passes: bool = False
    release: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """Faults waiting for calls, first in first out for each method; method names are compared in lower case."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def next_answer(
        self, method: str, status: int, body: str | JsonObject, *, after: bool = False, times: int = 1
    ) -> Fault:
        """Answer the next ``times`` calls of ``method`` with this status and body."""
        return self._add(method, Fault(status, body, after=after), times)

    def flood(self, method: str, retry_after: int, *, times: int = 1) -> Fault:
        """Answer the next ``times`` calls with 429 and ``retry_after`` seconds; they take no effect."""
        refusal = Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)
        return self._add(method, Fault(429, refusal.body()), times)

    def drop(self, method: str, *, after: bool = False, times: int = 1) -> Fault:
        """Close the connection of the next ``times`` calls without an answer."""
        return self._add(method, Fault(None, "", after=after), times)

    def hang(self, method: str, *, after: bool = False) -> Fault:
        """Hold the next call until the returned fault's ``release`` is set, then let it go on as usual.

        ``reached`` is set once the call is being held.
        """
        return self._add(method, Fault(200, "", after=after, passes=True, release=asyncio.Event()), 1)

    def clear(self) -> None:
        """Forget every fault that was not met yet."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault that meets this call, once."""
        waiting = self._waiting[method.lower()]
        return waiting.popleft() if waiting else None

    def _add(self, method: str, fault: Fault, times: int) -> Fault:
        self._waiting[method.lower()].extend([fault] * times)
        return fault
