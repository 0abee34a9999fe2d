"""The desk's door: which updates are its own, who may use what, and the aiogram router with every handler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.dispatcher.flags import get_flag
from aiogram.types import TelegramObject

from flows.screens import Screen
from handlers.chat import Arrived, Button, Command, Wrote
from handlers.deps import Deps
from handlers.desk import beside, brief, curtain, join, loose_text, notify, pager, receipts, refused, told
from handlers.desk.access import EVERY_LEAD, Access
from handlers.desk.buttons import Ask
from handlers.desk.commands import BUTTONS, COMMANDS, TYPED, UNKNOWN, Capability
from handlers.desk.matching import (
    Match,
    always,
    any_command,
    command,
    deep_link,
    is_ours,
    pushed,
    start,
    tapped_reference,
)
from handlers.desk.place import Place, Places
from handlers.desk.visit import STAYS, Seat, Visit
from handlers.languages import Tongue, negotiate
from handlers.lines import Delivery
from handlers.speak import Speaker
from storage.people.session import LeadSession
from storage.refusals import Crowded, Refusal
from storage.values import Address, LeadCard, Notice

#: Random bytes of a tag.
_TAG: Final = 3

Handled: TypeAlias = Callable[[TelegramObject, dict[str, object]], Awaitable[object]]


@dataclass(frozen=True)
class Desk:
    """The leads' side; made by `build`."""

    deps: Deps
    mouth: Speaker
    places: Places
    router: Router
    on_pages: notify.OnPages

    def claims(self, arrived: Arrived) -> bool:
        """Whether this update is the desk's. Whatever else somebody does ends a joining or unlocking half done."""
        address = arrived.address
        leads = self.deps.store.leads
        place = self.places.find(address)
        here = place is not None and place.session is not None
        asked = place is not None and (place.asking is not None or place.guarded)
        seated = leads.session(address) is not None or leads.curtained(address) or here
        if is_ours(arrived, seated=seated, asked=asked):
            return True
        if place is not None and isinstance(arrived.what, Command | Button):
            place.asking, place.guarded = None, False
        return False

    async def stand_guard(self) -> None:
        """Guard the chats in which a desk was, or a way to one, before a restart; not where a concern is begun since.

        What is delivered again there may be a passphrase, and what is typed next a note. What a desk showed is due to
        be deleted at once: the end of the process locked it.
        """
        store = self.deps.store
        await store.spoken.hasten(STAYS)
        for address in await store.spoken.desks() | await store.leads.chats():
            kept = await store.drafts.get(address)
            self._seat(address).place.guarded = kept is None or kept.draft.register is None

    async def draw(self, address: Address) -> None:
        """Draw the curtain over an idle desk: its messages go, then the keys, then the PIN is asked for."""
        await curtain.draw(self._seat(address))

    async def look_round(self) -> None:
        """Draw every curtain that is due, and empty every chat whose session was ended from elsewhere.

        For the watch loop, every few seconds; safe to repeat, and it uses no session.
        """
        with suppress(Refusal):  # who was shut out is refused at the next turn all the same
            await self.deps.store.leads.end_shut_out()
        for address in self.deps.store.leads.idle():
            await self.draw(address)
        for address in self.places.ended():
            await curtain.ended(self._seat(address))

    async def notify(self, notice: Notice) -> Delivery:
        """Tell a lead that something is new; a lead who was never in a chat cannot be told."""
        tongue = self.deps.tongues[negotiate([notice.language], tuple(self.deps.tongues))]
        mailed, chat = await asyncio.gather(notify.mail(self.deps, tongue, notice), self._in_chat(notice))
        return self.on_pages.judge(notice, chat, mailed=mailed)

    async def _in_chat(self, notice: Notice) -> Delivery:
        if notice.address is None:
            return "failed"
        if self.on_pages.has(notice):
            return "told"
        seat = self._seat(notice.address, notice.language)
        delivery = await notify.tell(seat, notice)
        await beside.refresh(seat)
        return delivery

    async def guard(self, handler: Handled, event: TelegramObject, data: dict[str, object]) -> object:
        """The one gate before every handler: it refuses whatever declares no access, and tells what storage refuses."""
        arrived = data["arrived"]
        access = get_flag(data, "access")
        if not isinstance(arrived, Arrived) or not isinstance(access, Access):
            return None
        try:
            visit = self._visit(arrived)
        except Crowded:
            await self._turn_away(arrived)
            return None
        await self._emptied(visit)
        try:
            await self._admitted(visit, access, handler, event, {**data, "visit": visit})
        except refused.TOLD as refusal:
            await refused.tell(visit, refusal)
        await beside.refresh(visit)
        return None

    async def _emptied(self, visit: Visit) -> None:
        """Nothing of a session that has ended stays in the chat, whatever was done there now."""
        if self.deps.store.leads.session(visit.address) is None and visit.place.session is not None:
            await visit.clear()
            visit.place.session = visit.place.shown = visit.place.loose = None

    async def _admitted(
        self, visit: Visit, access: Access, handler: Handled, event: TelegramObject, data: dict[str, object]
    ) -> None:
        if not access.pager and await pager.only(visit):
            await pager.turn_away(visit)
            return
        session = self.deps.store.leads.session(visit.address)
        # Not for what anybody may do: `/lock` works without a database too.
        lead = await self._present(visit, session) if session and access.level == "lead" else None
        if access.admits(lead):
            if not await receipts.refuse(visit):
                await handler(event, data)
            return
        await visit.forget_typed()
        await (refused.over(visit) if session is None else refused.not_for_role(visit))

    async def _turn_away(self, arrived: Arrived) -> None:
        """There is no room for one more chat on its way to a desk: what was typed is deleted, and that is told."""
        typed = arrived.arrival.message_id
        if typed is not None:
            await self.mouth.forget(arrived.address, (typed,))
        tongue = self.deps.tongues[negotiate([tag for tag in (arrived.language,) if tag], tuple(self.deps.tongues))]
        await self.mouth.say(arrived.address, (Screen((told.crowded(),)),), tongue)

    async def _present(self, visit: Visit, session: LeadSession) -> LeadCard:
        """The lead as the roster has her now; what was typed goes also where she was shut out, or none can be asked."""
        try:
            return await self.deps.store.leads.present(session)
        except Refusal:
            await visit.forget_typed()
            raise

    def _visit(self, arrived: Arrived) -> Visit:
        place = self.places.of(arrived.address, self._tag())
        seat = self._at(arrived.address, place, arrived.language)
        return Visit(seat.address, self.deps, self.mouth, self.places, seat.place, seat.tongue, arrived)

    def _seat(self, address: Address, language: str | None = None) -> Seat:
        return self._at(address, self.places.of_lead(address, self._tag()), language)

    def _tag(self) -> str:
        return self.deps.random(_TAG).hex()

    def _at(self, address: Address, place: Place, language: str | None) -> Seat:
        place.language = language or place.language
        return Seat(address, self.deps, self.mouth, self.places, place, self._tongue(place))

    def _tongue(self, place: Place) -> Tongue:
        """The chat's language, else the lead's own, with times of the lead's site."""
        session = place.session
        tags = [tag for tag in (place.language, session.lead.language if session else None) if tag]
        site = self.deps.sites.get(session.lead.site if session else self.deps.home)
        tongue = self.deps.tongues[negotiate(tags, tuple(self.deps.tongues))]
        return tongue.at(ZoneInfo(site.timezone)) if site else tongue


def build(deps: Deps, mouth: Speaker) -> Desk:
    """Put the desk together; nothing is sent yet."""
    router = Router(name="desk")
    desk = Desk(deps, mouth, Places(deps.now), router, notify.OnPages(deps.now))
    router.message.middleware(desk.guard)
    router.edited_message.middleware(desk.guard)
    router.callback_query.middleware(desk.guard)
    for name, capability in COMMANDS.items():
        _offer(router.message, capability, command(name))
    _offer(router.message, Capability(join.join, COMMANDS["join"].access), deep_link)
    _offer(router.message, Capability(brief.brief, EVERY_LEAD), start)
    _offer(router.message, COMMANDS["case"], tapped_reference)
    _offer(router.message, UNKNOWN, any_command)
    for verb, capability in BUTTONS.items():
        _offer(router.callback_query, capability, pushed(verb, desk.places))
    _offer(router.callback_query, Capability(brief.earlier, EVERY_LEAD), always)
    for observer in (router.message, router.edited_message):
        _offer(observer, Capability(_typed, TYPED), always)
    return desk


def _offer(observer: TelegramEventObserver, capability: Capability, match: Match) -> None:
    """Register one capability under what it answers to, with the access that it declares."""

    async def matches(_: TelegramObject, arrived: Arrived) -> bool | dict[str, object]:
        ask = match(arrived)
        return False if ask is None else {"ask": ask}

    async def run(_: TelegramObject, visit: Visit, ask: Ask) -> None:
        await capability.run(visit, ask)

    observer.register(run, matches, flags={"access": capability.access})


async def _typed(visit: Visit, _: Ask) -> None:
    if isinstance(visit.arrived.what, Wrote) and not visit.arrived.what.edited:
        await loose_text.heard(visit, visit.arrived.what.text)
    else:
        await loose_text.not_text(visit)
