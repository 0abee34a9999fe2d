"""What the page beside the chat asks of the desk, by a one-time link: to unlock, or to join (decision 29).

What is typed there is judged as what is typed in the chat that asked, by the same throttles and in the same time. It
stands in no chat, and nothing here keeps it.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from flows.values.normalise import digits
from flows.values.screen import Screen
from flows.values.text import Moment
from handlers.desk.case import queue_pane
from handlers.desk.chat import messages
from handlers.desk.chat.chat_state import AskFirstCode, AskNumber
from handlers.desk.chat.page_links import Held, Launch, PageLink, PageLinks, ToAddPasskey, ToJoin, ToUnlock, Wanted
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.duty import brief
from handlers.desk.sign_in import join, page_passkeys, passkeys, unlock
from handlers.desk.sign_in.page_answers import GONE, Answer, Open, again, asks_number, first, hold
from handlers.telegram import failures
from handlers.telegram.updates import IncomingUpdate, OffChat
from storage.leads.sign_in.passkeys.passkey_rows import Passkey
from storage.leads.sign_in.session import LeadSession
from storage.values import Address, Arrival
from storage.values.errors import Crowded, NotOffered, NotUnlocked, Refusal, SessionOver, Throttled, UnfitPassphrase

_FAILED: Final = desk("That cannot be done just now. Nothing was opened. Please try again in a moment.")
_NO_NUMBER: Final = desk("That is not the number. Nothing was opened.")
#: Update numbers of the page's own, at random from here on: far above those of any door.
_NUMBERS: Final = 2**62
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

    `passkeys`: browsers make some for the page. `visit_of` gives the chat of an update of the page's, and raises
    Crowded where there is no room. `opened` is called once a desk is open there.
    """

    links: PageLinks
    passkeys: bool
    visit_of: Callable[[IncomingUpdate], Visit]
    opened: Callable[[Address], Awaitable[None]]
    random: Callable[[int], bytes]

    async def begin(self, page: Page) -> Answer:
        """Say what the link is good for; nothing is used up by that."""
        link = self.links.find(page.token, page.launch)
        return self._first(link) if link is not None else GONE

    async def state(self, page: Page) -> Answer:
        """Say whether the number that the page shows was said in the chat meanwhile; the number is not said again.

        Only the page on which the factors were typed is told it: whoever sent the link there has the link as well.
        """
        link = self.links.find(page.token, page.launch, used=True)
        if link is None:
            return GONE
        if not link.opened:
            return Answer("number")
        return Answer("added" if isinstance(link.wanted, ToAddPasskey) else "open")

    async def unlock(self, page: Page, name: str, passphrase: str, code: str) -> Answer:
        """Judge both factors, as `Leads.unlock` does. Whatever is wrong, the answer is the same.

        What is right opens the desk at once where Telegram says who is there. Elsewhere it does once the chat that
        asked has said the number that the page then shows: so nobody opens a desk in his own chat by a link that he
        has sent to a lead.
        """
        return await self._alone(page, (ToUnlock,), partial(_unlock, self._open, name, (passphrase, code)))

    async def join(self, page: Page, passphrase: str) -> Answer:
        """Take the passphrase of whoever joins, and show the second factor's secret, which so stands in no chat."""
        return await self._alone(page, (ToJoin,), partial(_join, passphrase))

    async def first_code(self, page: Page, code: str) -> Answer:
        """Confirm the second factor: the desk opens in the chat that asked."""
        return await self._alone(page, (ToJoin,), partial(_first_code, self._open, code))

    async def ask_passkey(self, page: Page) -> Answer:
        """Give what a browser is to be asked, with a new challenge."""
        return await self._alone(page, (ToUnlock, ToAddPasskey), page_passkeys.ask)

    async def use_passkey(self, page: Page, answered: str, prf: str) -> Answer:
        """Judge a passkey in the place of both factors; `prf` is in base64. See `unlock` for what comes of it."""
        return await self._alone(page, (ToUnlock,), partial(page_passkeys.sign_in, self._open, answered, prf))

    async def add_passkey(self, page: Page, answered: str, prf: str) -> Answer:
        """Check a new passkey of the lead whose desk is open in the chat that asked, and keep it."""
        return await self._alone(page, (ToAddPasskey,), partial(page_passkeys.add, answered, prf))

    def _first(self, link: PageLink) -> Answer:
        return first(link, passkeys=self.passkeys)

    async def _alone(self, page: Page, wanted: tuple[type[Wanted], ...], work: Work) -> Answer:
        """Do one thing with a link at a time; it is good again after a refusal, which is told on the page."""
        link = self.links.find(page.token, page.launch)
        if link is None or not isinstance(link.wanted, wanted):
            return GONE
        if link.stage != "fresh":
            return Answer("again", _BUSY) if link.stage == "busy" else GONE
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
            return again(visit, messages.not_unlocked())
        except Crowded:
            return again(visit, messages.crowded())
        except Throttled as throttled:
            return again(visit, *messages.throttled(Moment(throttled.until, "time")).paragraphs)
        except Refusal as refusal:
            failures.log_error(refusal)
            return again(visit, _FAILED)

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


async def _unlock(open_desk: Open, name: str, factors: tuple[str, str], link: PageLink, visit: Visit) -> Answer:
    wanted = link.wanted
    assert isinstance(wanted, ToUnlock)  # noqa: S101 - `_alone` looked
    proved = await visit.store.leads.unlocks.judge(visit.arrival, wanted.name or name, factors, wanted.invite)
    return await hold(link, visit, proved, open_desk)


async def _join(passphrase: str, link: PageLink, visit: Visit) -> Answer:
    assert isinstance(link.wanted, ToJoin)  # noqa: S101 - `_alone` looked
    try:
        joining = await visit.store.leads.joining.begin(visit.arrival, link.wanted.code, passphrase)
    except UnfitPassphrase as refused:
        return again(visit, join.why_not(refused))
    if joining is None:
        visit.places.links.withdraw(visit.address)
        return GONE
    visit.place.asking = AskFirstCode(joining.uri)
    picture = base64.b64encode(join.picture(joining.uri)).decode()
    return Answer("code", uri=joining.uri, secret=joining.secret, picture=picture)


async def _first_code(open_desk: Open, code: str, link: PageLink, visit: Visit) -> Answer:
    try:
        session = await visit.store.leads.confirm_join(visit.arrival, code)
    except NotUnlocked:
        return again(visit, join.wrong_code())
    except SessionOver:
        visit.places.links.withdraw(visit.address)
        return GONE
    return await open_desk(link, visit, session)


async def number_typed(visit: Visit, typed: str) -> None:
    """Open the desk for what was proved on the page, or keep the passkey, once the chat says the page's number.

    The third wrong number gives it up. It takes this update's turn, and one more.

    Raises:
        AlreadySeen: The update was committed before.
        SessionOver, NotOffered: The session ended while the desk was shown.
        Tampered: The roster, or what the desk shows, is not genuine.
        Unavailable: The database, or what stands beside the key file, cannot be read or written.
    """
    links = visit.places.links
    if not _adds_passkey(links.awaiting(visit.address)):  # which is kept in this update's turn
        await visit.store.seen(visit.arrival)
    link, held = links.awaiting(visit.address), links.take(visit.address, digits(typed))
    if link is not None and held is not None:
        await _numbered(visit, link, held)
    elif links.awaiting(visit.address) is not None:
        visit.place.asking = AskNumber()
        await visit.show(asks_number(_NO_NUMBER))
    elif visit.store.leads.sessions.at(visit.address) is not None:
        await visit.show(await brief.brief_screen(visit, _NO_NUMBER))
    else:
        await visit.show(Screen((_NO_NUMBER, *messages.locked().paragraphs)))


def _adds_passkey(link: PageLink | None) -> bool:
    return link is not None and isinstance(link.held, Passkey)


async def _numbered(visit: Visit, link: PageLink, held: Held) -> None:
    try:
        if isinstance(held, Passkey):
            await _add_passkey(visit, link, held)
        else:
            session = await visit.store.leads.open_proved(visit.arrival, held)
            visit.places.links.settle(link)
            await unlock.opened(visit, session)
    except NotUnlocked:
        await visit.show(Screen((messages.not_unlocked(), *messages.locked().paragraphs)))
    finally:
        if not link.opened:  # what was held is gone: no number helps any more
            link.give_up()


async def _add_passkey(visit: Visit, link: PageLink, new: Passkey) -> None:
    session = visit.session()
    if not isinstance(link.wanted, ToAddPasskey) or link.wanted.session is not session:
        raise NotOffered
    await visit.store.leads.passkeys.add(session, visit.arrival, new)
    visit.places.links.settle(link)
    await visit.show(await brief.brief_screen(visit, *passkeys.ADDED.paragraphs))
