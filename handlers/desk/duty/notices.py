"""A notice to a lead: that there is something new and how urgent, never what; holding it; Telegram as a pager."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flows.values.deeds import Urgency
from flows.values.ids import LeadId, NoticeKind, SiteId
from flows.values.screen import Button, Link, Press, Row, Screen
from flows.values.text import Listed, Moment, Text, Value
from handlers.deps import Deps
from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import DeskChat, Visit, desk
from handlers.desk.chat.wording import labels
from handlers.telegram import failures
from handlers.telegram.languages import Translator
from handlers.telegram.send_queue import Delivery, SentMessage
from storage.values import Notice
from storage.values.errors import Tampered, Unavailable


async def is_pager_only(desk_chat: DeskChat) -> bool:
    """Whether this chat is told of things and is no desk, as the site of its lead has decided.

    It raises nothing: what cannot be looked up counts as a chat of nobody.
    """
    return desk_chat.address.door == "telegram" and desk_chat.store.live.telegram(*await _sites(desk_chat)) == "pager"


async def _sites(desk_chat: DeskChat) -> Collection[SiteId]:
    """The site of the session that is open here, else those of the leads whose chat it is; none where it is nobody's.

    What cannot be looked up now is nobody's: leads are told also while the database answers nothing.
    """
    if desk_chat.place.session is not None:
        return (desk_chat.place.session.lead.site,)
    try:
        return await desk_chat.store.leads.sites_of(desk_chat.address)
    except (Unavailable, Tampered):
        return ()


async def desk_link(desk_chat: DeskChat) -> tuple[Row, ...]:
    """The button under a notice that leads to the desk: here, or on the web page, if its address is known."""
    here: Button = Press(desk("Open the desk"), callback_data.data(callback_data.OPEN, "brief"), "main")
    if not await is_pager_only(desk_chat):
        return ((here,),)
    return ((Link(desk("Open the desk"), desk_chat.deps.public_url),),) if desk_chat.deps.public_url else ()


async def turn_away(visit: Visit) -> None:
    """Say kindly where the desk is. What was typed is deleted, and a session that is still open here ends.

    Raises:
        Tampered: A row of the tidy list is not the one that was kept.
        Unavailable: The list cannot be written.
    """
    visit.store.leads.sessions.lock(visit.address)  # needs no database, so it is over whatever fails after it
    await visit.forget_typed()
    await visit.clear()
    visit.place.session = visit.place.shown = visit.place.loose = visit.place.asking = None
    said = desk(
        "Telegram only tells you that something waits, as the leads have decided. Your desk is on the web page."
    )
    await visit.add(Screen((said,), await desk_link(visit)))


_SAID: Final[dict[str, Text]] = {
    "held": desk("Thank you. Nobody else is called for ten minutes. The clock runs on: please open your desk now."),
    "already": desk("You have held it once already. Please open your desk now, or the next person is called."),
    "nothing": desk("Nothing is waiting to be held. Somebody may have opened it already."),
}


async def hold_notice(visit: Visit, _: Ask) -> None:
    """Hold the ladder for the lead to whom this chat belongs; for any other chat it does nothing, and says the same.

    It needs no session: whoever is paged taps it on the way to the desk. It takes this update's one turn.

    Raises:
        Conflict: The ladder was changed at the same moment, again and again; nothing is held.
        Tampered: The roster is not the one that was kept; nothing is held.
        Unavailable: The database cannot be read or written; nothing is held.
    """
    lead = await visit.store.leads.last_chats.bound(visit.address)
    if lead is None:
        await visit.store.seen(visit.arrival)
        held = "nothing"
    else:
        held = await visit.store.notice_times.hold(visit.arrival, lead)
    await visit.add(Screen((_SAID[held],), await desk_link(visit)))


#: The subject of every letter.
SUBJECT: Final = desk("A notice")
#: How long a notice stays in a chat whose desk is not opened; Telegram deletes within 48 hours only.
STAYS: Final = timedelta(hours=24)
#: What brief and queue show as well.
_OF_CASES: Final = frozenset({"new", "message", "raised"})
#: What is said of everything else, in this order.
_REST: Final[Mapping[NoticeKind, Text]] = {
    "sign_in": desk(
        "Your desk was opened with your passphrase and a code, on a device or in a chat that is new for you: {times}. "
        "If it was not you, tell another lead now: two of them shut it with /team, and whoever runs Hark can too."
    ),
    "known_sign_in": desk(
        "Your desk was opened since yesterday morning, in a chat or on a device that you have used before."
        " If it was not you, tell another lead now."
    ),
    "passkey": desk(
        "A passkey that opens your desk was added or removed. If that was not you, tell another lead now: two of them "
        "shut your desk with /team, and whoever runs Hark can too."
    ),
    "handover": desk("A colleague would like to hand cases over to you. Open the desk to answer."),
    "declined": desk("A handover was declined. The cases are still yours."),
    "unheard": desk("A reporter could not be told that there is an answer. The case says which."),
    "golive": desk("A colleague asks about going live. Open the desk, then /golive."),
    "team": desk("Who reads with Hark has changed, or is to change. Open the desk, then /team."),
    "reads": desk("Please look through who read what last week: open the desk, then /reads. It takes a minute."),
    "reads_late": desk(
        "Nobody has looked through who read what in the week before last. Please do: open the desk, then /reads."
    ),
    "retention": desk("The time of a case is over in a week, and it is to be destroyed. Open the desk, then /ending."),
    "action": desk("Something is yours to do. Open the desk, then /actions."),
    "action_late": desk("What somebody was to do in a case of yours is late. Open the desk, then the case."),
    "lapsed": desk(
        "What you had begun to take down for somebody was not sent within a day, and is gone. If it still matters, "
        "please hear that person again: /record."
    ),
    "unhanded": desk(
        "Words to come back with wait at your desk to be handed over. After three days they are gone: /record."
    ),
    "server_key": desk(
        "Whoever runs Hark has changed the key of the server. There is nothing for you to do. If nobody told you why,"
        " please ask."
    ),
    "share": desk("Something is shared with you. Open the desk, then /shares."),
    "share_answer": desk("A partner has answered to what you shared. Open the desk, then the case."),
    "share_late": desk("A partner has not answered in time to what you shared. Open the desk, then the case."),
    "share_action": desk("Something is yours to do, for what was shared with you. Open the desk, then /shares."),
    "partners": desk("Who is a partner from outside has changed, or is to change. Open the desk, then /partners."),
    "checkin": desk("Your weekly check-in is here. Open the desk, then /checkin."),
    "help_wanted": desk("Somebody who works with you says in the check-in that they need help. Please ask each other."),
    "board": desk("A colleague asks you to look at what is to stand on the board. Open the desk, then /board."),
    "table": desk("A round table is planned with you. Open the desk, then /table."),
    "alert": desk("Hark itself needs a look. Open the desk to see what it is."),
    "heartbeat": desk("Hark is working. If this stops coming on Mondays, tell whoever runs Hark."),
    "digest": desk("/team says who opened a desk in the last week. If somebody of them was away, tell the others."),
}
#: How long a page is not shown a notice again for which a letter is tried.
_LATELY: Final = timedelta(minutes=10)


async def send_to_chat(desk_chat: DeskChat, notice: Notice) -> Delivery:
    """Send the notice, and tell what became of it once that is known. It touches no session.

    Returns:
        `delivered` once the Bot API has taken it, `blocked`, or `failed`; then it is tried again, or climbs
            (`storage/notices/retries.py`).
    """
    told: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()

    async def then(sent: SentMessage) -> None:
        told.set_result(sent.delivery)
        await desk_chat.remember(sent.messages, STAYS)
        if notice.kinds <= _OF_CASES:
            desk_chat.place.news.update(sent.messages)
        if notice.lead is not None and sent.delivery != "failed":
            await desk_chat.store.channels.tried(notice.lead, desk_chat.address.door, taken=sent.delivered)

    shown = notice_screen(notice, await desk_link(desk_chat))
    await desk_chat.say((shown,), protect=True, then=then)  # a page may have to wait for it: one notice at a time
    return await told


async def send_mail(deps: Deps, translator: Translator, notice: Notice) -> bool | None:
    """Send the same by e-mail; true if the mail server took it, None where the lead has confirmed no address.

    Raises:
        Tampered: The register is not the one that was written; the letter may have been taken.
        Unavailable: The address cannot be read, or what became of it not be written.
    """
    if deps.post is None or notice.lead is None:
        return None
    address = await _address(deps, notice.lead)
    if address is None:
        return None
    lines = [translator.say(text) for text in _said(notice)]
    if deps.public_url:
        lines.append(deps.public_url)
    taken = await deps.post(address, translator.say(SUBJECT), "\n\n".join(lines))
    await deps.store.channels.tried(notice.lead, "email", taken=taken)
    return taken


async def _address(deps: Deps, lead: LeadId) -> str | None:
    try:
        return await deps.store.pagers.address(lead)
    except Tampered as tampered:  # the chat is told all the same
        failures.log_error(tampered)
        return None


class OnPages:
    """What pages were shown whose leads have yet to get the letter: a closed page tells nobody, so that is tried again.

    One entry for a lead at most.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` gives aware times."""
        self._now = now
        self._of: dict[LeadId, tuple[frozenset[int], datetime]] = {}

    def has(self, notice: Notice) -> bool:
        """Whether the page of the notice's lead was shown all of it a little while ago."""
        ids, at = self._of.get(notice.lead or LeadId(""), (frozenset[int](), self._now()))
        return bool(notice.ids) and ids.issuperset(notice.ids) and timedelta() <= self._now() - at < _LATELY

    def judge(self, notice: Notice, chat: Delivery, *, mailed: bool | None) -> Delivery:
        """Give what became of a notice, by what became of it in the chat and by e-mail."""
        if notice.lead is None or mailed is not False or chat != "delivered" or not _is_page(notice):
            self._of.pop(notice.lead or LeadId(""), None)
            return "delivered" if mailed else chat
        if not self.has(notice):
            self._of[notice.lead] = frozenset(notice.ids), self._now()
        return "failed"


def _is_page(notice: Notice) -> bool:
    return notice.address is not None and notice.address.door == "web"


def notice_screen(notice: Notice, way: tuple[Row, ...]) -> Screen:
    """The notice as it is shown, with the way to the desk."""
    if not notice.kinds & {"new", "raised"}:
        return Screen(tuple(_said(notice)), way)
    hold = Press(desk("I'm opening it"), callback_data.data(callback_data.OPEN, callback_data.OPENING))
    return Screen(tuple(_said(notice)), (*way, (hold,)))


def _said(notice: Notice) -> list[Text]:
    said = [_new(notice.count, notice.urgency)] if notice.kinds & _OF_CASES else []
    said += [replace(text, args=_arguments(text, notice)) for kind, text in _REST.items() if kind in notice.kinds]
    return said or [desk("Something new")]


def _arguments(text: Text, notice: Notice) -> dict[str, Value]:
    times = Listed(tuple(Moment(at) for at in notice.signed_in))
    return {"times": times} if "{times}" in text.msgid else {}


def _new(count: int, urgency: Urgency | None) -> Text:
    if urgency is None:
        return desk("Something new")
    told = labels.URGENCY[urgency]
    if count < 2:
        return desk("Something new: {urgency}", urgency=told)
    return desk("New or changed: {number}. The most urgent: {urgency}", number=count, urgency=told)
