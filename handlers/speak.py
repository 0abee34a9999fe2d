"""Speaking to one chat through its bot: sends, replaces and deletes messages, and never says in a log what they held.

A chat that is told to wait (429) gets its messages in order when the wait is over, and no other chat waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

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

from flows.known import Door
from flows.screens import Screen
from handlers import oops, render
from handlers.failing import failing
from handlers.languages import Tongue
from storage import failpoints
from storage.values import Address

log = logging.getLogger(__name__)

#: Message ids that one call may delete (Bot API, `deleteMessages`).
_AT_ONCE = 100
#: Waits before an answer is tried again that the Bot API did not take for a passing reason, in seconds.
_AGAIN = (1.0, 4.0, 15.0)
#: What aiogram reads answers with. It makes each of these anew, in 80 ms, whenever nobody holds it any more.
_READ_WITH = tuple(
    Response[method.__returning__]  # type: ignore[name-defined]  # aiogram names types by values
    for method in (SendMessage, EditMessageText, AnswerCallbackQuery, DeleteMessages)
)
_PASSING = (TelegramNetworkError, TelegramServerError, ClientDecodeError)


@dataclass(frozen=True)
class Spoken:
    """What became of messages: their ids in order, whether all arrived, and whether the chat has blocked the bot."""

    messages: tuple[int, ...]
    delivered: bool
    blocked: bool = False

    @property
    def delivery(self) -> Delivery:
        """The same in a word."""
        if self.delivered:
            return "told"
        return "blocked" if self.blocked else "failed"


Delivery = Literal["told", "blocked", "failed"]
Then = Callable[[Spoken], Awaitable[None]]
Wait = Callable[[float], Awaitable[None]]


async def _nothing(_: Spoken) -> None:
    """What follows where nobody wants to know."""


@dataclass(frozen=True)
class _Line:
    """What is to be said in one go."""

    chat: Address
    screens: tuple[Screen, ...]
    tongue: Tongue
    replace: int | None
    protect: bool
    then: Then


class _Later(Exception):  # noqa: N818 - not an error: the rest of a line is to be said after a wait
    def __init__(self, line: _Line, said: list[int], seconds: float) -> None:
        super().__init__("later")
        self.line = line
        self.said = said
        self.seconds = seconds


class Speaker:
    """The mouth of all conversations; one for the process. Within a chat messages keep their order."""

    def __init__(self, bots: Mapping[Door, Bot], wait: Wait = asyncio.sleep) -> None:
        """Speak through `bots`, one a door; `wait` takes seconds."""
        self._bots = bots
        self._wait = wait
        self._late: dict[Address, list[_Line]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def say(
        self,
        chat: Address,
        screens: Sequence[Screen],
        tongue: Tongue,
        *,
        replace: int | None = None,
        protect: bool = False,
        then: Then = _nothing,
    ) -> None:
        """Say `screens` in order; the first replaces the message `replace`, if that still can be edited.

        `then` is called once with what became of them: before this returns, or later where the chat has to wait.
        Raises nothing of the Bot API's: what cannot be delivered is told to `then`.
        """
        if chat.door not in self._bots:  # a door that was open once: whoever came by it cannot be told there
            await then(Spoken((), delivered=False))
            return
        line = _Line(chat, tuple(screens), tongue, replace, protect, then)
        if chat in self._late:
            self._late[chat].append(line)
            return
        try:
            spoken = await self._speak(line, [])
        except _Later as later:
            self._postpone(later)
            return
        await line.then(spoken)

    async def forget(self, chat: Address, messages: Sequence[int]) -> bool:
        """Delete `messages` of either side; those too old (48 hours) or gone stay. True if the Bot API took it all."""
        taken = chat.door in self._bots
        for start in range(0, len(messages) if taken else 0, _AT_ONCE):
            part = list(messages[start : start + _AT_ONCE])
            try:
                failpoints.reach("tidy.begun")
                await self._bots[chat.door].delete_messages(chat.chat_id, part)
                failpoints.reach("tidy.deleted")
            except TelegramRetryAfter as told:
                self._start(self._forget_later(chat, list(messages[start:]), told.retry_after))
                return False
            except AiogramError as error:
                _note(error)
                taken = False
        return taken

    async def hush(self, door: Door, query: str) -> None:
        """Tell the messenger that a button was heard, so that it stops spinning; too late is no harm."""
        try:
            failpoints.reach("hush.begun")
            await self._bots[door].answer_callback_query(query)
            failpoints.reach("hush.done")
        except AiogramError as error:
            _note(error)

    async def finish(self, patience: float = 5.0) -> None:
        """Wait, for `patience` seconds at most, until all that was put off is said; the rest is given up."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()

    async def _speak(self, line: _Line, said: list[int], tries: int = 0) -> Spoken:
        bodies = [body for screen in line.screens for body in render.messages(screen, line.tongue)]
        try:
            while len(said) < len(bodies):
                failpoints.reach("say.begun")
                said.append(await self._one(line, bodies[len(said)], replace=None if said else line.replace))
                failpoints.reach("say.accepted")
        except TelegramRetryAfter as told:
            raise _Later(line, said, told.retry_after) from None
        except TelegramForbiddenError:
            return Spoken(tuple(said), delivered=False, blocked=True)
        except AiogramError as error:
            _note(error)
            if isinstance(error, _PASSING) and tries < len(_AGAIN):
                raise _Later(line, said, _AGAIN[tries]) from None
            return Spoken(tuple(said), delivered=False)
        return Spoken(tuple(said), delivered=True)

    async def _one(self, line: _Line, body: render.Body, replace: int | None) -> int:
        bot = self._bots[line.chat.door]
        if replace is not None and await self._edited(bot, line.chat, body, replace):
            return replace
        sent = await bot.send_message(
            line.chat.chat_id,
            body.text,
            entities=body.entities,
            reply_markup=body.markup,
            protect_content=line.protect,
            parse_mode=None,
        )
        return sent.message_id

    async def _edited(self, bot: Bot, chat: Address, body: render.Body, message: int) -> bool:
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

    def _postpone(self, later: _Later) -> None:
        self._late[later.line.chat] = []
        self._start(self._catch_up(later))

    async def _catch_up(self, later: _Later) -> None:
        """Say what was put off, and then what was meant to follow it, however often the chat is told to wait."""
        chat = later.line.chat
        lines = self._late[chat]
        said, tries = later.said, 1
        lines.insert(0, later.line)
        await self._wait(later.seconds)
        while lines:
            try:
                spoken = await self._speak(lines[0], said, tries)
            except _Later as again:
                said, tries = again.said, tries + 1
                await self._wait(again.seconds)
                continue
            line = lines.pop(0)
            said, tries = [], 0
            try:
                await line.then(spoken)
            except Exception as error:  # noqa: BLE001 - what failed to be kept must not keep the rest from being said
                oops.note(error)
        del self._late[chat]

    async def _forget_later(self, chat: Address, messages: list[int], seconds: float) -> None:
        await self._wait(seconds)
        await self.forget(chat, messages)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _note(error: AiogramError) -> None:
    """Log what kind of refusal it was; its text may hold a chat's number, so the text is left out."""
    log.info("the Bot API refused", extra=failing(error))
