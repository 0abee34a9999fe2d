"""Queues of updates, one a chat: a chat's updates in order, many chats side by side; a quiet chat has no queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from handlers.telegram.failures import error_fields
from storage.database.concurrency import in_slot
from storage.database.turn import when_seen

log = logging.getLogger(__name__)

#: An update as the Bot API gave it.
Raw: TypeAlias = dict[str, object]
#: Takes one update; returns once all that it causes is committed.
Handle: TypeAlias = Callable[[Raw], Awaitable[None]]

#: How many chats are served at the same moment, without those for which a key is derived; the others wait their turn.
AT_ONCE: Final = 64

_KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post", "inline_query")


class ChatQueues:
    """Runs `handle` for each update; what it raises for goes to `quarantine`, and the rest goes on."""

    def __init__(self, handle: Handle, quarantine: Handle, at_once: int = AT_ONCE) -> None:
        """`handle` and `quarantine` return once their work is committed; at most `at_once` chats run together."""
        self._handle = handle
        self._quarantine = quarantine
        self._room = asyncio.Semaphore(at_once)
        self._last: dict[object, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many chats have something under way."""
        return len(self._last)

    def put(self, raw: Raw) -> asyncio.Future[None]:
        """Begin `raw` as soon as what came before it from the same chat is done. Call it in the order of arrival.

        The future ends well once the update is committed or quarantined: what is still to be derived or said goes on
        behind it. It raises only if that failed: then the update must not be confirmed.
        """
        lane = lane_of(raw)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._after(self._last.get(lane), raw, kept))
        self._last[lane] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: self._forget(lane, done))
        task.add_done_callback(lambda done: _ended(done, kept))
        return kept

    async def drain(self, seconds: float) -> bool:
        """Wait at most `seconds` for all that is under way, and cancel the rest; True if nothing was cancelled."""
        tasks = set(self._tasks)
        if not tasks:
            return True
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return not late

    async def _after(self, before: asyncio.Task[None] | None, raw: Raw, kept: asyncio.Future[None]) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with in_slot(self._room):
            try:
                with when_seen(lambda: _well(kept)):
                    await self._handle(raw)
            except Exception as error:  # noqa: BLE001 - one update that breaks must not stop the others
                log.error("an update was set aside: %s", kind_of(raw), extra=error_fields(error))  # noqa: TRY400 - its text may hold content
                await self._quarantine(raw)

    def _forget(self, lane: object, done: asyncio.Task[None]) -> None:
        if self._last.get(lane) is done:
            del self._last[lane]


def _well(kept: asyncio.Future[None]) -> None:
    if not kept.done():
        kept.set_result(None)


def _ended(task: asyncio.Task[None], kept: asyncio.Future[None]) -> None:
    if task.cancelled():
        kept.cancel()
    elif kept.done():
        task.exception()  # looked at: it was committed before it failed
    elif (error := task.exception()) is not None:
        kept.set_exception(error)
    else:
        kept.set_result(None)


def lane_of(raw: Raw) -> object:
    """Return the chat of an update, else the user who caused it, else its own number.

    What two updates of a chat have in common decides their order, so it is read out of the raw JSON, whatever their
    kind.
    """
    for body in raw.values():
        if isinstance(body, dict):
            for found in (body, body.get("message")):
                if isinstance(found, dict) and isinstance(chat := found.get("chat"), dict) and _is_id(chat.get("id")):
                    return chat["id"]
            if isinstance(who := body.get("from"), dict) and _is_id(who.get("id")):
                return who["id"]
    number = raw.get("update_id")
    return ("alone", number if _is_id(number) else id(raw))


def kind_of(raw: Raw) -> str:
    """Return the kind of an update as the Bot API calls it.

    It is one of a closed list, so that no foreign text gets into a log.
    """
    return next((kind for kind in _KINDS if kind in raw), "of an unknown kind")


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
