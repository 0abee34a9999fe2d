"""What a reporter does, sorted to its story; whatever nobody expects gets a kind sentence and the current screen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flows.screens.welcome import opening
from flows.values.ids import Door
from flows.values.inputs import Heard, Sent
from handlers.deps import Deps
from handlers.reporter import receipt, welcome
from handlers.reporter.chat import talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene, ChatStates, ReceiptsInFlight
from handlers.reporter.commands import commanded
from handlers.reporter.hear import edited, hear
from handlers.reporter.pressed import pressed
from handlers.reporter.send import send_pending_receipts
from handlers.reporter.talk import send_pending_answers
from handlers.reporter.typed import typed
from handlers.telegram.flood_detector import FloodDetector
from handlers.telegram.languages import Translator, negotiate
from handlers.telegram.renderer import Body, messages
from handlers.telegram.send_queue import Debouncer, Delivery, SentMessage
from handlers.telegram.sender import MessageSender
from handlers.telegram.updates import Blocked, Button, Command, IncomingUpdate, Wrote
from storage.values import Address, Notice
from storage.values.errors import AlreadySeen


@dataclass(frozen=True)
class Reporter:
    """The reporter's side of the dispatcher."""

    answerer: Answerer

    async def take(self, incoming: IncomingUpdate) -> None:
        """Take an update, from its commit to its answer; one that was committed before is only taken up again.

        Raises:
            Conflict: Another update of the chat was committed first; nothing was done.
            Unavailable: The database cannot be read or written; nothing was done.
        """
        answerer = self.answerer
        loaded = answerer.chat_states.of(incoming.address).loaded
        scene = await answerer.scene(incoming)
        try:
            heard = await read(answerer, scene)
            if heard is not None:
                await hear(answerer, scene, heard)
            if isinstance(incoming.what, Sent):
                await receipt.delete_if_secret(answerer, scene)
        except AlreadySeen:
            if not loaded:
                scene = await answerer.scene(incoming)
                await welcome.take_up(answerer, scene)
                await receipt.delete_if_secret(answerer, scene)

    def translator_of(self, incoming: IncomingUpdate) -> Translator:
        """The language of the chat, as far as it is known without the database."""
        return self.answerer.translator(incoming, self.answerer.chat_states.of(incoming.address).language)

    async def greeting(self, door: Door, language: str) -> Body:
        """What a new chat of `door` would be told first, for a reader of `language`; nothing is done and nobody heard.

        Raises `Unavailable` where the database cannot be read.
        """
        translator = self.answerer.deps.translators[negotiate(language, tuple(self.answerer.deps.translators))]
        known = await self.answerer.situation(Address(door, 0), None, translator)
        return messages(opening(known), translator.at(ZoneInfo(known.site.timezone)))[-1]

    async def notify(self, notice: Notice) -> Delivery:
        """Say "You have an update" to the chat that asked for it, and nothing else."""
        if notice.address is None:
            return "failed"
        told: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        address = notice.address
        translator = self.answerer.deps.translators.get(notice.language) or self.answerer.deps.translators["en"]

        async def then(sent: SentMessage) -> None:
            told.set_result(sent.delivery)
            await self.answerer.note_sent(address, self.answerer.chat_states.of(address), sent)

        await self.answerer.sender.say(address, (talk_screens.update(),), translator, then=then)
        return await told

    async def send_pending_receipts(self) -> None:
        """Show every receipt that may not have been shown."""
        await send_pending_receipts(self.answerer)

    async def send_pending_answers(self) -> None:
        """Tell that what was added to a concern was taken, where nobody could; before the first fetch."""
        await send_pending_answers(self.answerer)

    async def finish(self) -> None:
        """Say what waits to be said together with newer answers."""
        await self.answerer.debouncer.finish()


def build(deps: Deps, sender: MessageSender, paces: FloodDetector) -> Reporter:
    """Put the reporter's side together."""
    return Reporter(Answerer(deps, sender, ChatStates(), paces, Debouncer(), ReceiptsInFlight()))


async def read(answerer: Answerer, scene: ChatScene) -> Heard | None:
    """Give what an update says to the question on the screen; None once what else it wants is done."""
    match scene.incoming.what:
        case Command() as command:
            return await commanded(answerer, scene, command)
        case Button(data=data):
            return await pressed(answerer, scene, data)
        case Wrote(text, edited=True):
            return await edited(answerer, scene, text)
        case Wrote(text):
            return await typed(answerer, scene, text)
        case Sent() as sent:
            return sent
        case Blocked(is_blocked):
            await _blocked(answerer, scene, is_blocked=is_blocked)
    return None


async def _blocked(answerer: Answerer, scene: ChatScene, *, is_blocked: bool) -> None:
    """Somebody who blocks the bot has left: nothing stays open, and no greeting follows. No lead is reached there."""
    store = answerer.deps.store
    lead = await store.leads.unlocks.bound(scene.address) if is_blocked else None
    await store.seen(scene.arrival)
    if is_blocked:
        store.talks.leave(scene.address)
        answerer.chat_states.reset(scene.address)
    if lead is not None:
        await store.channels.tried(lead, scene.address.door, taken=False)
