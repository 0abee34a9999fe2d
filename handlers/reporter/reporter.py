"""The reporter's side of the dispatcher: how it is put together, and what it says without being asked anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flows.screens.welcome import opening
from flows.values.ids import Door
from handlers.deps import Deps
from handlers.reporter import tidy
from handlers.reporter.chat import talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatStates, DefinitionVersions, ReceiptsInFlight
from handlers.telegram.flood_detector import Debouncer, FloodDetector
from handlers.telegram.languages import Translator, negotiate
from handlers.telegram.renderer import Body, messages
from handlers.telegram.send_queue import Delivery, SentMessage
from handlers.telegram.sender import MessageSender
from handlers.telegram.updates import IncomingUpdate
from storage.values import Address, Notice


@dataclass(frozen=True)
class Reporter:
    """Made by `build`; what its chats write goes with `answerer` to `router.take`."""

    answerer: Answerer

    def translator_of(self, incoming: IncomingUpdate) -> Translator:
        """The language of the chat, as far as it is known without the database."""
        return self.answerer.translator(incoming, self.answerer.chat_states.of(incoming.address).language)

    async def greeting(self, door: Door, language: str) -> Body:
        """What a new chat of `door` would be told first, for a reader of `language`; nothing is done and nobody heard.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        translator = self.answerer.deps.translators[negotiate(language, tuple(self.answerer.deps.translators))]
        known = await self.answerer.situation(Address(door, 0), None, translator)
        return messages(opening(known), translator.at(ZoneInfo(known.site.timezone)))[-1]

    async def notify(self, notice: Notice) -> Delivery:
        """Say "You have an update" to the chat that asked for it, and nothing else: no name, no topic, no case.

        Returns:
            `delivered` once the Bot API has taken it, `blocked`, or `failed`, as where no address is kept any more.
        """
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

    async def withdraw_greeting(self, address: Address) -> None:
        """Delete what waits for an answer in a chat in which nothing was begun, since a desk is open there now.

        A concern, a draft and the words to come back stay where they are. Safe to repeat.

        Raises:
            Tampered: The draft, or the tidy list, is not the one that was kept.
            Unavailable: The database cannot be read; nothing was deleted.
        """
        answerer, state = self.answerer, self.answerer.chat_states.of(address)
        if state.live is None or not state.present or state.talked or answerer.deps.store.talks.at(address):
            return
        kept = await answerer.deps.store.drafts.get(address)
        if kept is None or kept.draft.register is None:
            await tidy.wipe_live(answerer, address, state)

    async def finish(self) -> None:
        """Say what waits to be said together with newer answers."""
        await self.answerer.debouncer.finish()


def build(deps: Deps, sender: MessageSender, paces: FloodDetector) -> Reporter:
    """Put the reporter's side together."""
    versions = DefinitionVersions(deps.flows, deps.texts, deps.overlays)
    return Reporter(Answerer(deps, versions, sender, ChatStates(), paces, Debouncer(), ReceiptsInFlight()))
