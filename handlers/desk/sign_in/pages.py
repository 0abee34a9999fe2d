"""What the page beside the chat asks of the desk, by a one-time link: to unlock, or to join (decision 26).

What is typed there is judged as what is typed in the chat that asked, by the same throttles and in the same time. It
stands in no chat, and nothing here keeps it.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, TypeAlias

from flows.values.normalise import digits
from flows.values.screen import Screen
from flows.values.text import Moment, Text
from handlers.desk.case import queue_pane
from handlers.desk.chat import messages
from handlers.desk.chat.chat_state import AskFirstCode, AskNumber
from handlers.desk.chat.page_links import Launch, PageLink, PageLinks, ToJoin, ToUnlock
from handlers.desk.chat.visit import Visit, asking, desk
from handlers.desk.sign_in import join, unlock
from handlers.telegram import failures
from handlers.telegram.updates import IncomingUpdate, OffChat
from storage.leads.sign_in.session import LeadSession
from storage.values import Address, Arrival
from storage.values.errors import Crowded, NotUnlocked, Refusal, SessionOver, Throttled, UnfitPassphrase

#: What the page shows next: its fields to `unlock`, to `join` or for the first `code`; the `number`; that the desk is
#: `open`; that the link is `gone`; or, with a sentence, the same fields `again`.
Next: TypeAlias = Literal["unlock", "join", "code", "number", "open", "gone", "again"]
_FAILED: Final = desk("That cannot be done just now. Nothing was opened. Please try again in a moment.")
_NUMBER: Final = desk("Please type the number that the sign-in page shows.")
_NO_NUMBER: Final = desk("That is not the number. Nothing was opened.")
#: Update numbers of the page's own, at random from here on: far above those of any door.
_NUMBERS: Final = 2**62


@dataclass(frozen=True)
class Answer:
    """What the page shows `next`, and what it says of it.

    `asks_name`: the link has none. `uri`, `secret` and `picture` (PNG in base64) are the second factor to set up.
    """

    next: Next
    said: str = ""
    asks_name: bool = False
    number: str = field(default="", repr=False)
    uri: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    picture: str = field(default="", repr=False)


_GONE: Final = Answer("gone")
_BUSY: Final = "One moment: this is on its way already."


@dataclass(frozen=True, repr=False)
class Page:
    """What a request of the page shows: its link's token, Telegram's word for who holds it, and the browser's mark."""

    token: str
    launch: Launch | None = None
    device: str = ""


#: What is done with a link, in the chat that asked for it.
Work: TypeAlias = Callable[[PageLink, Visit], Awaitable[Answer]]


@dataclass(frozen=True)
class SignInPages:
    """Answers the page. Every method gives an `Answer`, also where storage refuses or fails, and raises nothing.

    `visit_of` gives the chat of an update of the page's, and raises Crowded where there is no room. `opened` is called
    once a desk is open there.
    """

    links: PageLinks
    visit_of: Callable[[IncomingUpdate], Visit]
    opened: Callable[[Address], Awaitable[None]]
    random: Callable[[int], bytes]

    async def begin(self, page: Page) -> Answer:
        """Say what the link is good for; nothing is used up by that."""
        link = self.links.find(page.token, page.launch)
        return _first(link) if link is not None else _GONE

    async def state(self, page: Page) -> Answer:
        """Say whether the number that the page shows was said in the chat meanwhile; the number is not said again.

        Only the page on which the factors were typed is told it: whoever sent the link there has the link as well.
        """
        link = self.links.find(page.token, page.launch, used=True)
        if link is None:
            return _GONE
        return Answer("open") if link.opened else Answer("number")

    async def unlock(self, page: Page, name: str, passphrase: str, code: str) -> Answer:
        """Judge both factors, as `Leads.unlock` does. Whatever is wrong, the answer is the same.

        What is right opens the desk at once where Telegram says who is there. Elsewhere it does once the chat that
        asked has said the number that the page then shows: so nobody opens a desk in his own chat by a link that he
        has sent to a lead.
        """
        return await self._alone(page, ToUnlock, partial(_unlock, self._open, name, (passphrase, code)))

    async def join(self, page: Page, passphrase: str) -> Answer:
        """Take the passphrase of whoever joins, and show the second factor's secret, which so stands in no chat."""
        return await self._alone(page, ToJoin, partial(_join, passphrase))

    async def first_code(self, page: Page, code: str) -> Answer:
        """Confirm the second factor: the desk opens in the chat that asked."""
        return await self._alone(page, ToJoin, partial(_first_code, self._open, code))

    async def _alone(self, page: Page, wanted: type[ToUnlock | ToJoin], work: Work) -> Answer:
        """Do one thing with a link at a time; it is good again after a refusal, which is told on the page."""
        link = self.links.find(page.token, page.launch)
        if link is None or not isinstance(link.wanted, wanted):
            return _GONE
        if link.stage != "fresh":
            return Answer("again", _BUSY) if link.stage == "busy" else _GONE
        link.stage = "busy"
        try:
            return await self._told(link, work, page.device)
        finally:
            if link.stage == "busy":
                link.stage = "fresh"

    async def _told(self, link: PageLink, work: Work, device: str) -> Answer:
        arrival = Arrival(link.address, _NUMBERS + int.from_bytes(self.random(7)), device=device)
        try:
            visit = self.visit_of(IncomingUpdate(arrival, None, OffChat()))
        except Crowded:
            return Answer("again", messages.crowded().msgid)
        try:
            return await work(link, visit)
        except NotUnlocked:
            return _again(visit, messages.not_unlocked())
        except Crowded:
            return _again(visit, messages.crowded())
        except Throttled as throttled:
            return _again(visit, *messages.throttled(Moment(throttled.until, "time")).paragraphs)
        except Refusal as refusal:
            failures.log_error(refusal)
            return _again(visit, _FAILED)

    async def _open(self, link: PageLink, visit: Visit, session: LeadSession) -> Answer:
        """Show the desk in the chat; what cannot be shown now comes with the next tap there."""
        visit.places.links.settle(link)
        try:
            await unlock.opened(visit, session)
            await queue_pane.refresh(visit)
            await self.opened(visit.address)
        except Refusal as refusal:
            failures.log_error(refusal)
        return Answer("open")


_Open: TypeAlias = Callable[[PageLink, Visit, LeadSession], Awaitable[Answer]]


async def _unlock(open_desk: _Open, name: str, factors: tuple[str, str], link: PageLink, visit: Visit) -> Answer:
    wanted, leads = link.wanted, visit.store.leads
    assert isinstance(wanted, ToUnlock)  # noqa: S101 - `_alone` looked
    proved = await leads.unlocks.judge(visit.arrival, wanted.name or name, factors, wanted.invite)
    if link.stage == "done":  # it was withdrawn meanwhile
        proved.wipe()
        return _GONE
    if link.in_app:
        return await open_desk(link, visit, await leads.open_proved(visit.arrival, proved))
    visit.places.links.await_number(link, proved, visit.deps.random)
    visit.place.asking = AskNumber()
    await visit.show(asks_number())
    return Answer("number", number=link.number)


async def _join(passphrase: str, link: PageLink, visit: Visit) -> Answer:
    assert isinstance(link.wanted, ToJoin)  # noqa: S101 - `_alone` looked
    try:
        joining = await visit.store.leads.joining.begin(visit.arrival, link.wanted.code, passphrase)
    except UnfitPassphrase as refused:
        return _again(visit, join.why_not(refused))
    if joining is None:
        visit.places.links.withdraw(visit.address)
        return _GONE
    visit.place.asking = AskFirstCode(joining.uri)
    picture = base64.b64encode(join.picture(joining.uri)).decode()
    return Answer("code", uri=joining.uri, secret=joining.secret, picture=picture)


async def _first_code(open_desk: _Open, code: str, link: PageLink, visit: Visit) -> Answer:
    try:
        session = await visit.store.leads.confirm_join(visit.arrival, code)
    except NotUnlocked:
        return _again(visit, join.wrong_code())
    except SessionOver:
        visit.places.links.withdraw(visit.address)
        return _GONE
    return await open_desk(link, visit, session)


def _first(link: PageLink) -> Answer:
    """What the page shows of a link when it is opened."""
    if link.stage == "number":
        return _GONE
    return Answer("unlock", asks_name=not link.wanted.name) if isinstance(link.wanted, ToUnlock) else Answer("join")


def _again(visit: Visit, *said: Text) -> Answer:
    return Answer("again", " ".join(map(visit.translator.say, said)))


def asks_number(*first: Text) -> Screen:
    """Asks in the chat for the number on the page."""
    return asking("one-time-code", *first, _NUMBER, desk("Number on the page"))


async def number_typed(visit: Visit, typed: str) -> None:
    """Open the desk for what was proved on the page, once the chat that asked says the page's number.

    The third wrong number gives it up. It takes this update's turn, and one more.

    Raises:
        AlreadySeen: The update was committed before.
        SessionOver, NotOffered: The session ended while the desk was shown.
        Tampered: The roster, or what the desk shows, is not genuine.
        Unavailable: The database, or what stands beside the key file, cannot be read or written.
    """
    await visit.store.seen(visit.arrival)
    links = visit.places.links
    link, proved = links.awaiting(visit.address), links.take(visit.address, digits(typed))
    if link is not None and proved is not None:
        try:
            session = await visit.store.leads.open_proved(visit.arrival, proved)
        except NotUnlocked:
            await visit.show(Screen((messages.not_unlocked(), *messages.locked().paragraphs)))
            return
        links.settle(link)
        await unlock.opened(visit, session)
    elif links.awaiting(visit.address) is not None:
        visit.place.asking = AskNumber()
        await visit.show(asks_number(_NO_NUMBER))
    else:
        await visit.show(Screen((_NO_NUMBER, *messages.locked().paragraphs)))
