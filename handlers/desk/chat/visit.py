"""A lead's chat and one update in it: where they stand, and how they are answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from flows.values.screen import Press, Rank, Screen, Secret
from flows.values.text import Text, Value
from handlers.deps import Deps
from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import DeskState, DeskStates, Shown
from handlers.desk.chat.wording.urgency_reasons import Reasons
from handlers.telegram.languages import Translator
from handlers.telegram.send_queue import SentMessage, Then
from handlers.telegram.sender import MessageSender
from handlers.telegram.updates import Button, IncomingUpdate
from storage.deeds.deed import Deed
from storage.desk.actions import DeedOn
from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from storage.values import Address, Arrival, CaseRow
from storage.values.errors import SessionOver

#: How long a desk message stays in the chat at most; the curtain is drawn sooner over an idle desk.
STAYS: Final = timedelta(minutes=20)

#: What follows once a screen is in the chat.
Seen: TypeAlias = Callable[[], Awaitable[None]]


def desk(msgid: str, **args: Value) -> Text:
    """A sentence for leads."""
    return Text(msgid, "desk", args)


def asking(secret: Secret, *paragraphs: Text) -> Screen:
    """A screen that asks for a secret in a real field, labelled by its last paragraph."""
    return Screen(paragraphs, secret=secret)


@dataclass(frozen=True, repr=False)
class DeskChat:
    """A chat that is at the desk, or is on its way to it."""

    address: Address
    deps: Deps
    sender: MessageSender
    places: DeskStates
    place: DeskState
    translator: Translator

    @property
    def store(self) -> Store:
        """Everything that is kept."""
        return self.deps.store

    @property
    def under(self) -> int | None:
        """The message whose button was pressed, if one was."""
        return None

    @property
    def reasons(self) -> Reasons:
        """Puts rules and categories into words."""
        return Reasons(self.deps.flows)

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self.deps.now()

    def press(self, label: Text, verb: str, ask: Ask | None = None, rank: Rank | None = None) -> Press:
        """A button of this session; "main" for the one that its screen leads to, and for nothing that ends a case.

        Raises:
            ValueError: Its data would be longer than 64 bytes (a bug: see `callback_data.data`).
        """
        return Press(label, callback_data.data(self.place.tag, verb, ask), rank)

    async def say(
        self, screens: Sequence[Screen], *, replace: int | None = None, protect: bool = False, then: Then
    ) -> None:
        """Say `screens` ahead of what reporters wait for: leads are few, and who is paged has to get to the case.

        Args:
            screens: In order; the first replaces the message `replace`, if that still can be edited.
            replace: Which message, if any.
            protect: Whether it can be neither copied nor forwarded (Bot API, `protect_content`).
            then: Called once with what became of it, perhaps after this returns; the Bot API's errors go there, and
                none is raised.
        """
        await self.sender.say(
            self.address, screens, self.translator, replace=replace, protect=protect, urgent=True, then=then
        )

    async def show(self, *screens: Screen, seen: Seen | None = None) -> None:
        """Put `screens` in the place of what was on the screen: edited where a button was pressed, else sent anew.

        `seen` is called once the messenger has taken all of them, and never where it did not.
        """
        live, under = self.place.live, self.under
        replace = under if under in live and screens[0].secret is None else None
        pressed = (under,) if under is not None and under in self.place.said else ()
        then = self._instead_of((*live, *pressed), seen)
        await self.say(screens, replace=replace, protect=True, then=then)

    async def add(self, *screens: Screen) -> None:
        """Say `screens` below what is on the screen, which stays; the next thing takes the place of both.

        The messages are deleted after twenty minutes, like all of the desk.
        """

        async def then(sent: SentMessage) -> None:
            self.place.live = (*self.place.live, *sent.messages)
            await self.remember(sent.messages)

        await self.say(screens, protect=True, then=then)

    async def show_beside(self, screen: Screen, session: LeadSession) -> None:
        """Keep `screen`, which is of `session`, beside the conversation, in the place of the one before.

        It goes after what others wait for, and is deleted where the session has ended meanwhile.
        """

        async def then(sent: SentMessage) -> None:
            if not sent.messages:
                return
            if self.place.session is not session or not session.is_open:
                await self.forget(sent.messages)
                return
            before, self.place.beside = self.place.beside, sent.messages[-1]
            await self.remember(sent.messages)
            if before is not None and before not in sent.messages:
                await self.forget((before,))

        line, place = (screen,), self.place
        await self.sender.say(self.address, line, self.translator, replace=place.beside, protect=True, then=then)

    async def show_progress(self, screen: Screen) -> None:
        """Say how far something long is, in the place of what was said of it before; it stays like all of the desk."""

        async def then(sent: SentMessage) -> None:
            if sent.messages:
                before, self.place.progress = self.place.progress, sent.messages[-1]
                await self.remember(sent.messages)
                if before is not None and before not in sent.messages:
                    await self.forget((before,))

        await self.say((screen,), replace=self.place.progress, protect=True, then=then)

    async def send_copyable(self, screen: Screen, stays: timedelta, seen: Seen | None = None) -> None:
        """Say `screen` unprotected, so that it can be copied; it stays that long, or until the desk is left.

        `seen` is called as by `show`.
        """

        async def then(sent: SentMessage) -> None:
            await self.remember(sent.messages, stays)
            if seen is not None and sent.delivered:
                await seen()

        await self.say((screen,), then=then)

    async def remember(self, messages: Sequence[int], stays: timedelta = STAYS) -> None:
        """Note desk messages that were sent, and have them deleted after `stays`, also across a restart.

        Raises:
            Tampered: A row of the tidy list is not the one that was kept.
            Unavailable: It cannot be written: after a restart nothing deletes them.
        """
        edited = [message for message in messages if message in self.place.said]
        if edited:
            await self.store.sent_messages.forget(self.address, edited)
        if messages:
            self.place.said.update(messages)
            await self.store.sent_messages.remember(self.address, messages, self.now() + stays)

    async def forget(self, messages: Sequence[int]) -> None:
        """Delete messages of either side now; what cannot be deleted now is due at once and tried again.

        Raises:
            Tampered: A row of the tidy list is not the one that was kept; the messages are deleted.
            Unavailable: The list cannot be written; the messages were given to the Bot API to delete.
        """
        if not messages:
            return
        self.place.said.difference_update(messages)
        if self.place.beside in messages:
            self.place.beside = None
        if self.place.progress in messages:
            self.place.progress = None
        if await self.sender.forget(self.address, messages):
            await self.store.sent_messages.forget(self.address, messages)
        else:
            await self.store.sent_messages.remember(self.address, messages, self.now())

    async def delete_notices(self) -> None:
        """Delete the notices of what is new in cases, before the screen that shows it: they are in its way.

        Raises:
            Tampered: As `forget`.
            Unavailable: As `forget`.
        """
        news, self.place.news = tuple(sorted(self.place.news)), set()
        await self.forget(news)

    async def clear(self) -> None:
        """Delete every desk message of this chat; messages of a reporter in the same chat stay.

        Raises:
            Tampered: As `forget`.
            Unavailable: As `forget`.
        """
        await self.forget(tuple(sorted(self.place.said)))
        self.place.live = ()

    def _instead_of(self, old: tuple[int, ...], seen: Seen | None) -> Then:
        async def then(sent: SentMessage) -> None:
            if not sent.messages:
                return
            self.place.live = sent.messages
            await self.remember(sent.messages)
            await self.forget(tuple(message for message in dict.fromkeys(old) if message not in sent.messages))
            if seen is not None and sent.delivered:
                await seen()

        return then


@dataclass(frozen=True, repr=False)
class Visit(DeskChat):
    """One update at the desk, with what is needed to answer it."""

    incoming: IncomingUpdate

    @property
    def arrival(self) -> Arrival:
        """What storage knows this update by; what was typed is deleted at once, so it joins no tidy list."""
        return replace(self.incoming.arrival, message_id=None)

    @property
    def under(self) -> int | None:
        """The message whose button was pressed, if one was; for one beside the screen, the first on the screen."""
        pressed, live = self.incoming.under, self.place.live
        if pressed is None or pressed != self.place.beside:
            return pressed
        return live[0] if live else None

    def session(self) -> LeadSession:
        """The open session of this chat, which counts as used by it.

        Raises:
            SessionOver: It is locked, curtained or was never open.
        """
        session = self.store.leads.sessions.at(self.address)
        if session is None:
            raise SessionOver
        return session

    async def act(self, shown: Shown, deed: Deed) -> CaseRow:
        """Do a deed to a case as it was shown, and give the case as it is then. It takes this update's one turn.

        Raises:
            SessionOver: The session has ended.
            Refusal: Whatever else `Acting.act` raises; nothing changed.
        """
        asked = DeedOn(shown.case, shown.view.row.version, deed)
        [row] = await self.store.desk.act_together(self.session(), self.arrival, (asked,))
        return row

    async def forget_typed(self) -> None:
        """Delete what the person wrote, the moment it is read; nothing where a button was pressed.

        Raises:
            Tampered: As `forget`.
            Unavailable: As `forget`.
        """
        typed = self.incoming.arrival.message_id
        if typed is not None and not isinstance(self.incoming.what, Button):
            await self.forget((typed,))

    async def act_together(self, deeds: Sequence[tuple[Shown, Deed]]) -> tuple[CaseRow, ...]:
        """Do deeds of one kind to several cases as they were shown: all, or none. It takes this update's one turn.

        Raises:
            SessionOver: The session has ended.
            Refusal: Whatever else `Acting.act_together` raises; nothing changed.
        """
        asked = [DeedOn(shown.case, shown.view.row.version, deed) for shown, deed in deeds]
        return await self.store.desk.act_together(self.session(), self.arrival, asked)


def about(shown: Shown, argument: str = "") -> Ask:
    """The case on the screen, at the version that is shown."""
    row = shown.view.row
    return Ask(row.reference, row.version, argument)
