"""The queue of updates: long polling, confirmation by offset, one poller at a time; or brought one by one.

Source: https://core.telegram.org/bots/api#getupdates
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from bot.webchat.faults import Faults
from bot.webchat.limits import LONG_POLL_SECONDS, OF_ONE_CHAT, UPDATES_AT_ONCE
from bot.webchat.wire import JsonObject, Refusal

# What Telegram leaves out unless it is named in allowed_updates
_ONLY_IF_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class QueueFull(Exception):  # noqa: N818 - says what is, as the other errors here do
    """The bot has not fetched for so long that no more input is taken; nothing was added."""


@dataclass
class _Waiting:
    """An update, whom to tell when the bot has it, and the offset that would confirm the batch it was handed out in."""

    update: JsonObject
    settle: Callable[[], None]
    revived: bool
    confirmed_by: int | None = None

    def confirmed(self, offset: int) -> bool:
        if self.confirmed_by is None or self.update["update_id"] >= offset:
            return False
        # An id from before a restart is below offsets that were meant for others: only its own batch confirms it.
        return offset == self.confirmed_by if self.revived else True


class UpdateQueue:
    """Updates waiting for the bot; each is settled exactly once: when the bot has taken it, or it is not wanted.

    ``arrived`` is set whenever there may be something new to give out.
    """

    def __init__(self, limit: int, letters: int, faults: Faults) -> None:
        self._limit, self._letters, self._faults = limit, letters, faults
        self._waiting: list[_Waiting] = []
        self._allowed: frozenset[str] | None = None
        self._poller: asyncio.Future[str] | None = None
        self.arrived = asyncio.Event()
        self._said = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def require_room(self, count: int) -> None:
        """Raise QueueFull unless ``count`` more updates fit, and what waits is not too long already."""
        if len(self._waiting) + count > self._limit or self._said > self._letters:
            raise QueueFull

    def push(self, update: JsonObject, settle: Callable[[], None], *, revived: bool = False) -> None:
        """Queue an update ``{"update_id": .., "<kind>": {..}}``.

        ``revived`` is one from before a restart, under its old id: a bot that has committed it knows it again.
        """
        if not self._wanted(next(kind for kind in update if kind != "update_id")):
            settle()
            return
        self._waiting.append(_Waiting(update, settle, revived))
        self._said += _letters(update)
        self._waiting.sort(key=lambda waiting: waiting.update["update_id"])
        self.arrived.set()

    @property
    def allowed(self) -> list[str]:
        """Which kinds are queued; empty where it is the default."""
        return sorted(self._allowed or ())

    def allow(self, kinds: list[str]) -> None:
        """Set which kinds are queued from now on; an empty list brings back the default."""
        self._allowed = frozenset(kinds) or None

    def drop_all(self) -> None:
        """Settle and forget everything that waits (drop_pending_updates)."""
        waiting, self._waiting, self._said = self._waiting, [], 0
        for one in waiting:
            one.settle()

    def first(self, besides: Container[object]) -> JsonObject | None:
        """Give the oldest update of a chat that is not among ``besides``; it stays until it is ``taken``."""
        return next((one.update for one in self._waiting if chat_of(one.update) not in besides), None)

    def taken(self, update: JsonObject) -> None:
        """Settle one update, if it still waits."""
        self._remove([one for one in self._waiting if one.update is update])

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
        while not self._waiting and not mine.done():
            self.arrived.clear()
            arrival = asyncio.ensure_future(self.arrived.wait())
            left = deadline - asyncio.get_running_loop().time()
            try:
                either: set[asyncio.Future[Any]] = {arrival, mine}
                done, _ = await asyncio.wait(either, timeout=max(0.0, left), return_when="FIRST_COMPLETED")
            finally:
                arrival.cancel()
            if not done:
                return

    def _hand_out(self, limit: int) -> list[JsonObject]:
        """Give what was given and is not confirmed again, and then a few of each chat, in order.

        One chat with thousands keeps nobody else waiting for more than a few turns.
        """
        room = limit - sum(one.confirmed_by is not None for one in self._waiting)
        given = Counter(chat_of(one.update) for one in self._waiting if one.confirmed_by is not None)
        batch: list[_Waiting] = []
        for one in self._waiting:
            if one.confirmed_by is None:
                chat = chat_of(one.update)
                if room <= 0 or given[chat] >= OF_ONE_CHAT:
                    continue
                given[chat] += 1
                room -= 1
            batch.append(one)
        batch = batch[:limit]
        for one in batch:
            one.confirmed_by = batch[-1].update["update_id"] + 1
        return self._faults.delivery.mixed([one.update for one in batch])

    def _confirm(self, offset: int) -> None:
        self._remove(self._waiting[:offset] if offset < 0 else [one for one in self._waiting if one.confirmed(offset)])

    def _remove(self, gone: list[_Waiting]) -> None:
        known = set(map(id, gone))
        self._waiting = [one for one in self._waiting if id(one) not in known]
        for one in gone:
            self._said -= _letters(one.update)
            one.settle()
            self._faults.delivery.repeat(one.update, self._again)

    def _again(self, update: JsonObject) -> None:
        self.push(update, lambda: None)

    def _wanted(self, kind: str) -> bool:
        return kind not in _ONLY_IF_NAMED if self._allowed is None else kind in self._allowed


def _letters(update: JsonObject) -> int:
    message = update.get("message") or {}
    return len(message.get("text") or message.get("caption") or "")


def chat_of(update: JsonObject) -> object:
    """Give the id of the chat that an update is about, or None."""
    query = update.get("callback_query")
    body = update.get("message") or update.get("my_chat_member") or (query or {}).get("message") or {}
    return body.get("chat", {}).get("id")
