"""Switches for tests: answers that are wrong, late or never come, and updates that come again, mixed or doubled."""

import asyncio
import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.webchat.base.protocol import JsonObject, Refusal


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


@dataclass
class Delivery:
    """How updates reach the bot other than once and in order; at rest they do not.

    ``again``: every update comes once more, so many seconds after it was taken. ``dice``: those of one answer are
    mixed. ``twice``: each tap comes as two, at the same moment. ``gap``: so many numbers are left out before each
    input. ``times`` counts how often each came about, by its name.
    """

    again: float | None = None
    dice: random.Random | None = None
    twice: bool = False
    gap: int = 0
    times: Counter[str] = field(default_factory=Counter)
    _repeated: set[int] = field(default_factory=set)

    def repeat(self, update: JsonObject, push: Callable[[JsonObject], None]) -> None:
        """Call ``push`` after ``again`` seconds, if this update is to come again and did not yet."""
        if self.again is None or update["update_id"] in self._repeated:
            return
        self._repeated.add(update["update_id"])
        self.times["again"] += 1
        asyncio.get_running_loop().call_later(self.again, push, update)

    def mixed(self, updates: list[JsonObject]) -> list[JsonObject]:
        """Give the updates of one answer in the order in which they come."""
        if self.dice is not None and len(updates) > 1:
            self.times["dice"] += 1
            self.dice.shuffle(updates)
        return updates

    def taps(self) -> int:
        """Give how many updates one tap makes."""
        self.times["twice"] += self.twice
        return 2 if self.twice else 1

    def left_out(self) -> int:
        """Give how many numbers are left out now."""
        self.times["gap"] += self.gap > 0
        return self.gap


class Faults:
    """Faults waiting for calls, first in first out for each method; method names are compared in lower case."""

    def __init__(self) -> None:
        self.delivery = Delivery()
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
        """Forget every fault that was not met yet, and deliver as usual."""
        self._waiting.clear()
        self.delivery = Delivery()

    def take(self, method: str) -> Fault | None:
        """Return the fault that meets this call, once."""
        waiting = self._waiting[method.lower()]
        return waiting.popleft() if waiting else None

    def _add(self, method: str, fault: Fault, times: int) -> Fault:
        self._waiting[method.lower()].extend([fault] * times)
        return fault
