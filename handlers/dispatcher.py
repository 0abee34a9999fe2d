"""The entry of every update of any door: to the desk's aiogram dispatcher if the desk claims it, or to the reporter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiogram import Dispatcher
from aiogram.exceptions import AiogramError
from aiogram.types import Update

from flows.values.ids import Door
from flows.values.screen import Screen
from handlers.deps import Deps
from handlers.desk import router as desk
from handlers.desk.chat.update_filters import claims
from handlers.desk.sign_in.pages import SignInPages
from handlers.reporter import reporter
from handlers.reporter.after_sending.talk import send_pending_answers
from handlers.reporter.chat import static_screens
from handlers.reporter.router import take
from handlers.reporter.send import send_pending_receipts
from handlers.telegram import bot_commands, failures
from handlers.telegram.flood_detector import FloodDetector, RecentUpdates
from handlers.telegram.send_queue import Delivery
from handlers.telegram.sender import MessageSender
from handlers.telegram.updates import Button, IncomingUpdate, incoming_update, parse
from storage.database.turn import when_seen
from storage.values import Address, Notice
from storage.values.errors import AlreadySeen, Conflict, Refusal, Unavailable, Undecided

log = logging.getLogger(__name__)

#: The tries of an update, which is begun anew where another one of its chat was committed first: the last one raises.
_TRIES: Final[tuple[AbstractContextManager[bool | None], ...]] = (suppress(Conflict), suppress(Conflict), nullcontext())


@dataclass(frozen=True)
class Handlers:
    """Everything that answers people; made by `build`."""

    deps: Deps
    sender: MessageSender
    desk: desk.Desk
    at_desk: Dispatcher
    reporter: reporter.Reporter
    paces: FloodDetector
    taken: RecentUpdates

    async def handle(self, door: Door, raw: dict[str, object]) -> None:
        """Take one update of `door` as the Bot API gave it, all the way to the answer.

        Raises `Unreadable` for what cannot be decoded, before anything was done: the caller keeps it aside.
        Whatever else fails was told to the person, with the helplines, and is in the log without content; the turn
        is either committed or nothing of it is. A redelivered update does nothing.
        """
        update = parse(raw, self.deps.bots[door])
        came = incoming_update(door, update)
        if came is None:
            await self._refuse_groups(door, update)
            return
        if (door, update.update_id) in self.taken:
            return
        async with self._callback_answered(door, came), self._failure_shown(door, update, came):
            self.paces.note(came.address)
            at_desk = claims(came, self.desk.places, self.deps.store.leads.sessions)
            for attempt in _TRIES:
                with attempt:
                    if at_desk:
                        await self.at_desk.feed_update(self.deps.bots[door], update, incoming=came)
                        await self._clear_for_desk(came.address)
                    else:  # there is nothing to route: it is all one handler's
                        await take(self.reporter.answerer, came)
                    return

    def sign_in_pages(self) -> SignInPages:
        """Give what answers the page on which leads type their factors, outside of any chat."""
        return self.desk.sign_in_pages(self._clear_for_desk)

    async def take_up(self) -> None:
        """Go on where an earlier life of the process ended; call it before the first fetch.

        What cannot be read is noted, and keeps nobody from being heard.
        """
        for work in (
            self.desk.guard_after_restart,
            self.send_pending_receipts,
            partial(send_pending_answers, self.reporter.answerer),
        ):
            try:
                await work()
            except Refusal as refusal:
                failures.log_error(refusal)

    async def send_pending_receipts(self) -> None:
        """Show every receipt that may not have been shown; for now and then, while others are answered.

        Raises:
            Refusal: What is kept cannot be read; those that are left come with the next call.
        """
        await send_pending_receipts(self.reporter.answerer)

    async def notify(self, notice: Notice) -> Delivery:
        """Tell an addressee of the outbox that there is something, without content; waits until it is known how.

        Returns:
            What became of it in the chat and, for a lead, by e-mail: `delivered`, `blocked` or `failed`.

        Raises:
            Refusal: The address for e-mail cannot be read, or what became of it not be written.
        """
        return await (self.reporter.notify(notice) if notice.lead is None else self.desk.notify(notice))

    async def set_commands(self) -> None:
        """Offer the commands at every door; a door that refuses is left without a menu."""
        for bot in self.deps.bots.values():
            try:
                await bot_commands.set_commands(bot, self.deps.translators)
            except AiogramError as error:
                failures.log_error(error)

    async def finish(self, patience: float = 5.0) -> None:
        """Say what was put off, and wait for it; for an orderly end.

        What is not said by then is given up: receipts and answers to words that were added are said after the next
        start.

        Args:
            patience: Seconds, for each of two steps: answers that wait for newer ones, then messages that their chat
                has to wait for.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.reporter.finish()
        await self.sender.finish(patience)

    async def _clear_for_desk(self, address: Address) -> None:
        """Take the reporters' greeting out of a chat whose desk is open: a lead sees only the desk."""
        if self.deps.store.leads.sessions.at(address, used=False) is not None:
            with suppress(Unavailable):  # what was asked for is done: it is tried again with the next update
                await self.reporter.withdraw_greeting(address)

    @asynccontextmanager
    async def _failure_shown(self, door: Door, update: Update, came: IncomingUpdate) -> AsyncIterator[None]:
        """Note that an update was dealt with once the block is over; where that failed, show the helplines instead.

        What failed after a turn of the update was committed, as a screen that cannot be read, says of nothing that it
        was not saved.
        """
        kept: list[Update] = []
        try:
            with suppress(AlreadySeen), when_seen(partial(kept.append, update)):  # already: in an earlier life
                yield
        except Exception as error:  # noqa: BLE001 - the one place where a bug ends: the person still sees the helplines
            failures.log_error(error)
            site = await self.reporter.answerer.site_as_told(came)
            screen = failures.failure_screen(site, undecided=bool(kept) or isinstance(error, Undecided))
            await self.sender.say(came.address, (screen,), self.reporter.translator_of(came))
            return
        self.taken.add((door, update.update_id))

    @asynccontextmanager
    async def _callback_answered(self, door: Door, came: IncomingUpdate) -> AsyncIterator[None]:
        """Tell the messenger that a button was heard while the block makes the turn: nobody waits for both."""
        if not isinstance(came.what, Button):
            yield
            return
        answered = asyncio.create_task(self.sender.answer_callback(door, came.what.query))
        try:
            yield
            await answered
        finally:
            answered.cancel()  # of no effect once it is done

    async def _refuse_groups(self, door: Door, update: Update) -> None:
        message = update.message
        if message is None or message.chat.type == "private" or not (message.text or "").startswith("/"):
            return
        group = Address(door, message.chat.id)
        await self.sender.say(group, (Screen((static_screens.in_groups(),)),), self.deps.translators["en"])


def build(deps: Deps) -> Handlers:
    """Put all conversations together; nothing is started and nothing is sent yet.

    It silences aiogram's own line about each update, for the whole process: those say when somebody writes.
    """
    # aiogram tells of every update it handled; those lines say when somebody writes, so they are not kept.
    logging.getLogger("aiogram.event").setLevel(logging.WARNING)
    sender = MessageSender(deps.bots, rates=deps.rates)
    desk_side = desk.build(deps, sender)
    paces = FloodDetector(deps.store.source_of, deps.now, deps.rate)
    at_desk = Dispatcher(disable_fsm=True)
    at_desk.include_router(desk_side.router)
    return Handlers(deps, sender, desk_side, at_desk, reporter.build(deps, sender, paces), paces, RecentUpdates())
