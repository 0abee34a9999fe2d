"""The desk's door: who may use what, and the aiogram router that leads every update of the desk through it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.types import TelegramObject

from flows.cases.roles import Rule
from flows.values.ids import SiteId
from flows.values.screen import Screen
from handlers.deps import Deps
from handlers.desk import errors, free_text
from handlers.desk.case import queue_pane
from handlers.desk.casework.actions import second_word
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import DeskState, DeskStates
from handlers.desk.chat.permissions import Capability, admits
from handlers.desk.chat.visit import STAYS, DeskChat, Visit
from handlers.desk.commands import asked_of
from handlers.desk.duty import notices
from handlers.desk.sign_in import pin_lock
from handlers.desk.sign_in.pages import SignInPages
from handlers.desk.team import past_cases
from handlers.telegram.languages import Translator, negotiate
from handlers.telegram.send_queue import Delivery
from handlers.telegram.sender import MessageSender
from handlers.telegram.updates import IncomingUpdate
from storage.leads.sign_in.session import LeadSession
from storage.values import Address, LeadCard, Notice
from storage.values.errors import Conflict, Crowded, NotOffered, Refusal, SessionOver

#: Random bytes of a tag.
_TAG: Final = 3

Handled: TypeAlias = Callable[[TelegramObject, dict[str, object]], Awaitable[object]]


@dataclass(frozen=True)
class Desk:
    """The leads' side; made by `build`."""

    deps: Deps
    sender: MessageSender
    places: DeskStates
    router: Router
    on_pages: notices.OnPages

    async def guard_after_restart(self) -> None:
        """Guard the chats in which a desk was, or a way to one, before a restart; not where a concern is begun since.

        What is delivered again there may be a passphrase, and what is typed next a note. What a desk showed is due to
        be deleted at once: the end of the process locked it.

        Raises:
            Tampered: A row, or the roster, is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        store = self.deps.store
        await store.sent_messages.bring_forward(STAYS)
        for address in await store.sent_messages.desks() | await store.leads.chats():
            kept = await store.drafts.get(address)
            self._desk_chat(address).place.guarded = kept is None or kept.draft.register is None

    async def draw(self, address: Address) -> None:
        """Draw the curtain over an idle desk: its messages go, then the keys, then the PIN is asked for.

        Raises:
            Tampered: A row of the tidy list is not the one that was kept.
            Unavailable: The list cannot be written; the keys are there still, and the next round tries again.
        """
        await pin_lock.draw(self._desk_chat(address))

    async def check_pin_locks(self) -> None:
        """Draw every curtain that is due, and empty every chat whose session was ended from elsewhere.

        For the watch loop, every few seconds; safe to repeat, and it uses no session.

        Raises:
            Tampered: A row of the tidy list is not the one that was kept.
            Unavailable: The database cannot be written; the chats that are left come with the next round.
        """
        with suppress(Refusal):  # who was shut out is refused at the next turn all the same
            await self.deps.store.leads.end_shut_out()
        self.places.links.drop_old()
        for address in self.deps.store.leads.sessions.idle():
            await self.draw(address)
        for address in self.places.ended():
            await pin_lock.ended(self._desk_chat(address))

    async def give_past_cases(self) -> None:
        """Go on giving past cases to colleagues, for each lead who gives some and whose desk is open.

        For the watch loop; it returns when all is given or those desks are shut. It uses no session.

        Raises:
            Tampered: A row, or the roster, is not the one that was kept.
            Unavailable: The database cannot be read or written; it goes on with the next call.
        """
        unfinished, store = await self.deps.store.desk.grants.unfinished(), self.deps.store.leads
        for address, session in list(store.sessions.by_address.items()) if unfinished else ():
            if session.lead.id in unfinished and session.is_open:
                with suppress(SessionOver, NotOffered, Conflict):
                    await past_cases.go_on(self._desk_chat(address))

    def sign_in_pages(self, opened: Callable[[Address], Awaitable[None]]) -> SignInPages:
        """Give what answers the page on which factors are typed; `opened` is called once a desk is open in a chat."""
        return SignInPages(
            self.places.links, self.deps.relying_party is not None, self._visit, opened, self.deps.random
        )

    async def notify(self, notice: Notice) -> Delivery:
        """Tell a lead that something is new, by the clock of her site; who was never in a chat cannot be told.

        Chat and e-mail are tried at once.

        Returns:
            What became of it, of both together.

        Raises:
            Tampered: The register is not the one that was written; it may have been told.
            Unavailable: The address for e-mail cannot be read, or what became of it not be written.
        """
        language = negotiate([notice.language], tuple(self.deps.translators))
        translator = self._by_clock_of(notice.site, self.deps.translators[language])
        mailed, chat = await asyncio.gather(notices.send_mail(self.deps, translator, notice), self._in_chat(notice))
        return self.on_pages.judge(notice, chat, mailed=mailed)

    async def _in_chat(self, notice: Notice) -> Delivery:
        if notice.address is None:
            return "failed"
        if self.on_pages.has(notice):
            return "delivered"
        desk_chat = self._desk_chat(notice.address, notice.language)
        here = self._by_clock_of(notice.site, desk_chat.translator)
        delivery = await notices.send_to_chat(replace(desk_chat, translator=here), notice)
        await queue_pane.refresh(desk_chat)
        return delivery

    async def guard(self, handler: Handled, event: TelegramObject, data: dict[str, object]) -> object:
        """The one gate before every handler: it refuses what is no capability, and tells what storage refuses.

        An update for which there is no room is turned away, and what was typed in it is deleted. After the handler the
        queue beside the screen is brought up to date.

        Raises:
            Tampered: A row of the tidy list is not the one that was kept.
            Unavailable: The database cannot be read or written: for the dispatcher, which shows the helplines.
        """
        incoming = data["incoming"]
        capability = data.get("capability")
        if not isinstance(incoming, IncomingUpdate) or not isinstance(capability, Capability):
            return None
        try:
            visit = self._visit(incoming)
        except Crowded:
            await self._turn_away(incoming)
            return None
        await self._emptied(visit)
        second_word.drop(visit)
        try:
            if await self._admits(visit, capability.rule):
                await handler(event, {**data, "visit": visit})
        except errors.TOLD as refusal:
            await errors.tell(visit, refusal)
        await queue_pane.refresh(visit)
        return None

    async def _emptied(self, visit: Visit) -> None:
        """Nothing of a session that has ended stays in the chat, whatever was done there now."""
        if self.deps.store.leads.sessions.at(visit.address) is None and visit.place.session is not None:
            await visit.clear()
            visit.place.session = visit.place.shown = visit.place.loose = None

    async def _admits(self, visit: Visit, rule: Rule) -> bool:
        """Whether the handler may have it; where not, that is told, and what was typed is deleted."""
        if not rule.pager and await notices.is_pager_only(visit):
            await notices.turn_away(visit)
            return False
        session = self.deps.store.leads.sessions.at(visit.address)
        # Not for what anybody may do: `/lock` works without a database too.
        lead = await self._present(visit, session) if session and rule.session else None
        if admits(rule, lead):
            return not await free_text.refuse_receipt(visit)
        await visit.forget_typed()
        await (errors.over(visit) if session is None else errors.not_for_role(visit))
        return False

    async def _turn_away(self, incoming: IncomingUpdate) -> None:
        """There is no room for one more chat on its way to a desk: what was typed is deleted, and that is told."""
        typed = incoming.arrival.message_id
        if typed is not None:
            await self.sender.forget(incoming.address, (typed,))
        translator = self.deps.translators[
            negotiate([tag for tag in (incoming.language,) if tag], tuple(self.deps.translators))
        ]
        await self.sender.say(incoming.address, (Screen((messages.crowded(),)),), translator)

    async def _present(self, visit: Visit, session: LeadSession) -> LeadCard:
        """The lead as the roster has her now; what was typed goes also where she was shut out, or none can be asked."""
        try:
            return await self.deps.store.leads.present(session)
        except Refusal:
            await visit.forget_typed()
            raise

    def _visit(self, incoming: IncomingUpdate) -> Visit:
        place = self.places.of(incoming.address, self._tag())
        desk_chat = self._at(incoming.address, place, incoming.language)
        return Visit(
            desk_chat.address, self.deps, self.sender, self.places, desk_chat.place, desk_chat.translator, incoming
        )

    def _desk_chat(self, address: Address, language: str | None = None) -> DeskChat:
        return self._at(address, self.places.of_lead(address, self._tag()), language)

    def _tag(self) -> str:
        return self.deps.random(_TAG).hex()

    def _at(self, address: Address, place: DeskState, language: str | None) -> DeskChat:
        place.language = language or place.language
        return DeskChat(address, self.deps, self.sender, self.places, place, self._translator(place))

    def _translator(self, place: DeskState) -> Translator:
        """The chat's language, else the lead's own, with times of the lead's site."""
        session = place.session
        tags = [tag for tag in (place.language, session.lead.language if session else None) if tag]
        site = session.lead.site if session else self.deps.home
        return self._by_clock_of(site, self.deps.translators[negotiate(tags, tuple(self.deps.translators))])

    def _by_clock_of(self, site: SiteId | None, translator: Translator) -> Translator:
        """Tell times as this site does, if it is still there."""
        here = self.deps.sites.get(site) if site is not None else None
        return translator.at(ZoneInfo(here.timezone)) if here else translator


def build(deps: Deps, sender: MessageSender) -> Desk:
    """Put the desk together, guarded at every door. Nothing is sent yet.

    Args:
        deps: What all handlers are given.
        sender: By which all is said.
    """
    router = Router(name="desk")
    desk = Desk(deps, sender, DeskStates(deps.now), router, notices.OnPages(deps.now))

    async def asked(_: TelegramObject, incoming: IncomingUpdate) -> dict[str, object]:
        capability, ask = asked_of(incoming, desk.places)
        return {"capability": capability, "ask": ask}

    for observer in (router.message, router.edited_message, router.callback_query):
        observer.middleware(desk.guard)
        observer.register(_run, asked)
    return desk


async def _run(_: TelegramObject, visit: Visit, capability: Capability, ask: Ask) -> None:
    await capability.run(visit, ask)
