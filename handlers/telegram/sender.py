"""Speaking to one chat through its bot: sends, replaces and deletes messages, and never says in a log what they held.

A chat that is told to wait (429), or has to by the pace of its door, gets its messages in order when the wait is over:
no other chat waits for it, nor does its own next update, whose answer may be urgent and then hurries what is before it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Final

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, DeleteMessages, EditMessageText, Response, SendMessage

from flows.values.ids import Door
from flows.values.screen import Screen
from handlers.telegram import failures, renderer
from handlers.telegram.failures import error_fields
from handlers.telegram.languages import Translator
from handlers.telegram.rate_limits import Rates
from handlers.telegram.send_queue import Cancelled, ChatBacklog, OutgoingMessage, Postponed, SentMessage, Then, nothing
from storage.database import instrumentation
from storage.database.concurrency import outside_slot
from storage.values import Address

log = logging.getLogger(__name__)

#: Message ids that one call may delete (Bot API, `deleteMessages`).
_AT_ONCE = 100
#: Waits before an answer is tried again that the Bot API did not take for a passing reason, in seconds.
_AGAIN = (1.0, 4.0, 15.0)
#: Chats that wait for others behind their updates, and lines that are put off for one chat. What would be more waits
#: within its update, so that a flood cannot fill the memory.
_CHATS: Final = 10_000
_LINES: Final = 20
#: How long what is just being said is waited for where nothing more is to be said, in seconds.
_MOMENT: Final = 1.0
#: What aiogram reads answers with. It makes each of these anew, in 80 ms, whenever nobody holds it any more.
_READ_WITH = tuple(
    Response[method.__returning__]  # type: ignore[name-defined]  # aiogram names types by values
    for method in (SendMessage, EditMessageText, AnswerCallbackQuery, DeleteMessages)
)
_PASSING = (TelegramNetworkError, TelegramServerError, ClientDecodeError)


Wait = Callable[[float], Awaitable[None]]


class MessageSender:
    """Sends for all conversations; one for the process. Within a chat messages keep their order."""

    def __init__(
        self, bots: Mapping[Door, Bot], wait: Wait = asyncio.sleep, *, rates: Mapping[Door, Rates] | None = None
    ) -> None:
        """Speak through `bots`, one a door, at its `rates` if it has any; `wait` takes seconds."""
        self._bots = bots
        self._wait = wait
        self._rates = rates or {}
        self._late: dict[Address, ChatBacklog] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def say(
        self,
        chat: Address,
        screens: Sequence[Screen],
        translator: Translator,
        *,
        replace: int | None = None,
        protect: bool = False,
        urgent: bool = False,
        then: Then = nothing,
    ) -> None:
        """Say `screens` in order; the first replaces the message `replace`, if that still can be edited.

        They go ahead of what others wait for if they are `urgent`, or one of them is.
        `then` is called once with what became of them: before this returns, or later where the chat has to wait.
        Raises nothing of the Bot API's: what cannot be delivered is told to `then`.
        """
        if chat.door not in self._bots:  # a door that was open once: whoever came by it cannot be told there
            await then(SentMessage((), delivered=False))
            return
        urgent = urgent or any(screen.urgent for screen in screens)
        line = OutgoingMessage(chat, tuple(screens), translator, replace, protect, urgent, then)
        if await self._follows(line):
            return
        if self._must_wait(chat):
            self._postpone(Postponed(line, [], 0.0, 0))
            return
        try:
            sent = await self._speak(line, [])
        except Postponed as later:
            self._postpone(later)
            return
        await line.then(sent)

    async def cancel_pending(self, chat: Address) -> None:
        """Say nothing any more of what a reporter's chat waits for.

        What is just being said is waited for, a second at most; what is for a desk in the same chat stays. `then` of
        what is dropped is called: it was not delivered.
        """
        late = self._late.get(chat)
        if late is None or late.task is None:
            return
        first = late.lines[0] if late.lines else None  # the last of them may have been said, and is just being kept
        late.unsaid = None if first is None or first.protect else first
        dropped = [line for line in late.lines[1:] if not line.protect]  # what is for a desk stays
        late.lines[1:] = [line for line in late.lines[1:] if line.protect]
        self._hurry(chat, late)
        for line in dropped:
            await line.then(SentMessage((), delivered=False))
        await asyncio.wait([late.task], timeout=_MOMENT)

    async def admit(self, chat: Address, *, urgent: bool = False) -> None:
        """Wait until the pace of its door lets a message go to `chat`: for what is not said by `say`."""
        if (rates := self._rates.get(chat.door)) is not None:
            await rates.admit(chat.chat_id, urgent=urgent)

    async def forget(self, chat: Address, messages: Sequence[int]) -> bool:
        """Delete `messages` of either side; those too old (48 hours) or gone stay. True if the Bot API took it all.

        It raises nothing of the Bot API's (`deleteMessages`, 100 ids a call). Where the chat is told to wait, the rest
        is deleted once the wait is over, and false is given now.
        """
        taken = chat.door in self._bots
        for start in range(0, len(messages) if taken else 0, _AT_ONCE):
            part = list(messages[start : start + _AT_ONCE])
            try:
                instrumentation.reach("tidy.begun")
                await self._bots[chat.door].delete_messages(chat.chat_id, part)
                instrumentation.reach("tidy.deleted")
            except TelegramRetryAfter as told:
                self._start(self._forget_later(chat, list(messages[start:]), told.retry_after))
                return False
            except AiogramError as error:
                _note(error)
                taken = False
        return taken

    async def answer_callback(self, door: Door, query: str) -> None:
        """Tell the messenger that a button was heard, so that it stops spinning; too late is no harm.

        Source: Bot API, `answerCallbackQuery`. What it answers is in the log alone.
        """
        try:
            instrumentation.reach("hush.begun")
            await self._bots[door].answer_callback_query(query)
            instrumentation.reach("hush.done")
        except AiogramError as error:
            _note(error)

    async def finish(self, patience: float = 5.0) -> None:
        """Wait, for `patience` seconds at most, until all that was put off is said; the rest is given up."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()

    async def _follows(self, line: OutgoingMessage) -> bool:
        """Put `line` behind what its chat is to hear before it, if anything is; that is then as urgent as the line."""
        while (late := self._late.get(line.chat)) is not None:
            if line.urgent:
                self._hurry(line.chat, late)
            if len(late.lines) < _LINES or late.task is None or late.task is asyncio.current_task():
                late.lines.append(line)
                return True
            async with outside_slot():
                await asyncio.wait([late.task])
        return False

    def _hurry(self, chat: Address, late: ChatBacklog) -> None:
        late.urgent = True
        if (rates := self._rates.get(chat.door)) is not None:
            rates.hurry(chat.chat_id)

    def _must_wait(self, chat: Address) -> bool:
        """Whether a chat has to wait for others now: behind its update, unless too many do."""
        rates = self._rates.get(chat.door)
        return rates is not None and rates.crowded and len(self._late) < _CHATS

    async def _speak(self, line: OutgoingMessage, said: list[int], tries: int = 0) -> SentMessage:
        bodies = [body for screen in line.screens for body in renderer.messages(screen, line.translator)]
        try:
            while len(said) < len(bodies):
                instrumentation.reach("say.begun")
                said.append(await self._one(line, bodies[len(said)], replace=None if said else line.replace))
                instrumentation.reach("say.accepted")
        except TelegramRetryAfter as told:
            raise Postponed(line, said, told.retry_after, tries + 1) from None
        except Cancelled:
            return SentMessage(tuple(said), delivered=False)
        except TelegramForbiddenError:
            return SentMessage(tuple(said), delivered=False, blocked=True)
        except AiogramError as error:
            _note(error)
            if isinstance(error, _PASSING) and tries < len(_AGAIN):
                raise Postponed(line, said, _AGAIN[tries], tries + 1) from None
            return SentMessage(tuple(said), delivered=False)
        return SentMessage(tuple(said), delivered=True)

    async def _one(self, line: OutgoingMessage, body: renderer.Body, replace: int | None) -> int:
        bot = self._bots[line.chat.door]
        if replace is not None:
            await self._admit(line)
            if await self._edited(bot, line.chat, body, replace):
                return replace
        await self._admit(line)
        sent = await bot.send_message(
            line.chat.chat_id,
            body.text,
            entities=body.entities,
            reply_markup=body.markup,
            protect_content=line.protect,
            parse_mode=None,
        )
        return sent.message_id

    async def _admit(self, line: OutgoingMessage) -> None:
        late = self._late.get(line.chat)
        await self.admit(line.chat, urgent=line.urgent or (late is not None and late.urgent))
        if late is not None and late.unsaid is line:
            raise Cancelled

    async def _edited(self, bot: Bot, chat: Address, body: renderer.Body, message: int) -> bool:
        try:
            await bot.edit_message_text(
                body.text,
                chat_id=chat.chat_id,
                message_id=message,
                entities=body.entities,
                reply_markup=body.keyboard,
                parse_mode=None,
            )
        except TelegramBadRequest as error:
            return "not modified" in error.message
        return True

    def _postpone(self, later: Postponed) -> None:
        late = self._late[later.line.chat] = ChatBacklog([later.line], later.line.urgent)
        late.task = self._start(self._catch_up(later, late))

    async def _catch_up(self, later: Postponed, late: ChatBacklog) -> None:
        """Say what was put off, and then what was meant to follow it, however often the chat is told to wait."""
        lines = late.lines
        said, tries, seconds = later.said, later.tries, later.seconds
        try:
            while lines:
                if seconds:
                    await self._wait(seconds)
                try:
                    sent = await self._speak(lines[0], said, tries)
                except Postponed as again:
                    said, tries, seconds = again.said, again.tries, again.seconds
                    continue
                except Exception as error:  # noqa: BLE001 - what cannot be said must not keep the rest from being said
                    failures.log_error(error)
                    sent = SentMessage(tuple(said), delivered=False)
                line = lines.pop(0)
                said, tries, seconds = [], 0, 0.0
                try:
                    await line.then(sent)
                except Exception as error:  # noqa: BLE001 - what failed to be kept must not keep the rest from being said
                    failures.log_error(error)
        finally:
            if self._late.get(later.line.chat) is late:
                del self._late[later.line.chat]

    async def _forget_later(self, chat: Address, messages: list[int], seconds: float) -> None:
        await self._wait(seconds)
        await self.forget(chat, messages)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _note(error: AiogramError) -> None:
    """Log what kind of refusal it was; its text may hold a chat's number, so the text is left out."""
    log.info("the Bot API refused", extra=error_fields(error))
