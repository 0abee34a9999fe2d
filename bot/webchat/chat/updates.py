"""The queue of updates: long polling, confirmation by offset, one poller at a time; or brought one by one.

Source: https://core.telegram.org/bots/api#getupdates
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Container
from typing import Any

from bot.webchat.base.faults import Faults
from bot.webchat.base.protocol import (
    LONG_POLL_SECONDS,
    OF_ONE_CHAT,
    PRESSED,
    PROVED_SECONDS,
    UNPROVED_AT_ONCE,
    UNPROVED_PARTS,
    UNPROVED_SLICE,
    UPDATES_AT_ONCE,
    JsonObject,
    Refusal,
)
from bot.webchat.chat.backlog import Backlog, DutyCycle, Rank, Waiting

# What Telegram leaves out unless it is named in allowed_updates
_ONLY_IF_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class QueueFull(Exception):  # noqa: N818 - says what is, as the other errors here do
    """The bot has not fetched for so long that no more input is taken; nothing was added."""


class UpdateQueue:
    """Updates waiting for the bot; each is settled exactly once: when the bot has taken it, or it is not wanted.

    ``available`` is set whenever there may be something new to give out; ``ahead`` when something came that goes ahead
    of what the bot may be busy with, until it is given out.
    """

    def __init__(self, limit: int, letters: int, faults: Faults) -> None:
        self._limit, self._letters, self._faults = limit, letters, faults
        self._backlog = Backlog()
        self._given: list[Waiting] = []  # handed out and not confirmed, by their ids
        self._allowed: frozenset[str] | None = None
        self._poller: asyncio.Future[str] | None = None
        self.available, self.ahead = asyncio.Event(), asyncio.Event()
        self._said = 0
        self._unproved = DutyCycle(UNPROVED_PARTS, time.monotonic)
        self._proved_at = float("-inf")

    def __len__(self) -> int:
        return len(self._given) + len(self._backlog)

    @property
    def is_pressed(self) -> bool:
        """Whether so many wait that tabs with a proof of work go ahead in numbers too."""
        return len(self._backlog) > PRESSED

    def require_room(self, count: int) -> None:
        """Check that ``count`` more updates fit, in number and in characters.

        Raises:
            QueueFull: they do not; nothing was added.
        """
        if len(self) + count > self._limit or self._said > self._letters:
            raise QueueFull

    def push(
        self, update: JsonObject, settle: Callable[[], None], rank: Rank | None = None, *, revived: bool = False
    ) -> None:
        """Queue an update ``{"update_id": .., "<kind>": {..}}``.

        ``rank`` places it among other chats'. ``revived`` is one from before a restart, under its old id: a bot that
        has committed it knows it again.
        """
        if not self._wanted(next(kind for kind in update if kind != "update_id")):
            settle()
            return
        one = Waiting(update, settle, rank or Rank(), revived)
        self._backlog.add(one)
        self._said += one.letters
        if not one.rank.unproved:
            self._proved_at = time.monotonic()
            if self.is_pressed:
                self.ahead.set()
        self.available.set()

    @property
    def allowed(self) -> list[str]:
        """Which kinds are queued; empty where it is the default."""
        return sorted(self._allowed or ())

    def allow(self, kinds: list[str]) -> None:
        """Set which kinds are queued from now on; an empty list brings back the default, which leaves out a few kinds.

        What waits already stays. Source: https://core.telegram.org/bots/api#getupdates, ``allowed_updates``.
        """
        self._allowed = frozenset(kinds) or None

    def drop_all(self) -> None:
        """Settle and forget everything that waits (drop_pending_updates)."""
        waiting = [*self._given, *self._backlog]
        self._given, self._backlog, self._said = [], Backlog(), 0
        for one in waiting:
            one.settle()

    def first(self, besides: Container[object]) -> JsonObject | None:
        """Give the next update of a chat that is not among ``besides``; it stays until it is ``taken``."""
        given = next((one for one in self._given if one.chat not in besides), None)
        one = given or self._backlog.first(lambda one: one.chat not in besides)
        return None if one is None else one.update

    def taken(self, update: JsonObject) -> None:
        """Settle one update, if it still waits; safe to repeat.

        For a bot to which updates are brought: one that it has answered with 2xx.
        """
        self._settle([one for one in self._given if one.update is update])
        if (one := self._backlog.find(update)) is not None:
            self._backlog.remove(one)
            self._settle([one])

    def interrupt(self, why: str) -> None:
        """End a waiting poller with 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(why)

    async def take(self, offset: int, limit: int, timeout: float) -> list[JsonObject]:  # noqa: ASYNC109 - Telegram's word
        """Confirm what is below ``offset`` and hand out up to ``limit`` updates, waiting ``timeout`` seconds for one.

        A negative offset forgets all but the last ``-offset``. What is handed out stays until it is confirmed.

        Raises:
            Refusal: 409 when another request takes over; the older one gets it.
        """
        self._confirm(offset)
        self.interrupt(_OTHER_POLLER)
        mine = self._poller = asyncio.get_running_loop().create_future()
        await self._until_some(mine, min(timeout, LONG_POLL_SECONDS))
        if mine.done():
            raise Refusal(409, f"Conflict: {mine.result()}")
        mine.set_result("")
        return self._hand_out(max(1, min(limit, UPDATES_AT_ONCE)))

    async def _until_some(self, mine: asyncio.Future[str], seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not self._may_give() and not mine.done():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return
            self.available.clear()
            arrival = asyncio.ensure_future(self.available.wait())
            try:
                either: set[asyncio.Future[Any]] = {arrival, mine}
                rest = self._unproved.rests_for if len(self) else left
                await asyncio.wait(either, timeout=min(left, max(rest, 0.0)), return_when="FIRST_COMPLETED")
            finally:
                arrival.cancel()

    def _may_give(self) -> bool:
        """Whether anything was given and is not confirmed, or may be given now."""
        return bool(self._given or self._backlog.proved) or (bool(self._backlog) and not self._holds_back)

    @property
    def _holds_back(self) -> bool:
        """Whether tabs without a proof wait for a while, since somebody with one is there."""
        return self._gives_way and self._unproved.rests_for > 0

    @property
    def _gives_way(self) -> bool:
        return self.is_pressed and time.monotonic() < self._proved_at + PROVED_SECONDS

    def _hand_out(self, limit: int) -> list[JsonObject]:
        """Give what was given and is not confirmed again, and then what is next, a few of each chat.

        One chat with thousands keeps nobody else waiting for more than a few turns. While many wait, few of tabs
        without a proof of work are with the bot at once, and for a part of the time while somebody with one is there.
        """
        self.ahead.clear()
        self._give(limit - len(self._given), unproved=False)
        before = len(self._given)
        self._give(min(limit - before, self._unproved_room()), unproved=True)
        if len(self._given) > before:
            self._unproved.begin()
        self._given.sort(key=lambda one: one.number)
        batch = self._given[:limit]
        for one in batch:
            one.confirmed_by = batch[-1].number + 1
        return self._faults.delivery.mixed([one.update for one in batch])

    def _unproved_room(self) -> int:
        """How many of tabs without a proof may be given now."""
        if not self.is_pressed:
            return UPDATES_AT_ONCE
        room = UNPROVED_AT_ONCE - sum(one.rank.unproved for one in self._given)
        if not self._gives_way:
            return room
        return 0 if self._holds_back else min(room, UNPROVED_SLICE)

    def _give(self, room: int, *, unproved: bool) -> None:
        given = Counter(one.chat for one in self._given)

        def may(one: Waiting) -> bool:
            given[one.chat] += 1
            return given[one.chat] <= OF_ONE_CHAT

        self._given += self._backlog.take(max(0, room), may, unproved=unproved)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            gone = sorted((*self._given, *self._backlog), key=lambda one: one.number)[:offset]
            for one in gone:
                self._backlog.remove(one)
            self._settle(gone)
        else:
            self._settle([one for one in self._given if one.confirmed(offset)])

    def _settle(self, gone: list[Waiting]) -> None:
        known = set(map(id, gone))
        self._given = [one for one in self._given if id(one) not in known]
        if not any(one.rank.unproved for one in self._given):
            self._unproved.end()
        for one in gone:
            self._said -= one.letters
            one.settle()
            self._faults.delivery.repeat(one.update, self._again)

    def _again(self, update: JsonObject) -> None:
        self.push(update, lambda: None)

    def _wanted(self, kind: str) -> bool:
        return kind not in _ONLY_IF_NAMED if self._allowed is None else kind in self._allowed
