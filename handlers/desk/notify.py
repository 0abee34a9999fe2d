"""A notice to a lead: that there is something new and how urgent, never what; with a button to the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from flows.deeds import Urgency
from flows.ids import LeadId
from flows.screens import Press, Row, Screen
from flows.texts import Text
from handlers import oops
from handlers.deps import Deps
from handlers.desk import buttons, pager, wording
from handlers.desk.visit import Seat, desk
from handlers.languages import Tongue
from handlers.lines import Delivery, Spoken
from storage.refusals import Tampered
from storage.values import Notice, NoticeKind

#: The subject of every letter.
SUBJECT: Final = desk("A notice")
#: How long a notice stays in a chat whose desk is not opened; Telegram deletes within 48 hours only.
STAYS: Final = timedelta(hours=24)
#: What brief and queue show as well.
_OF_CASES: Final = frozenset({"new", "message", "raised"})
#: What is said of everything else, in this order.
_REST: Final[Mapping[NoticeKind, Text]] = {
    "sign_in": desk(
        "Just now your desk was opened with your passphrase and a code, on a device or in a chat that is new for you. "
        "If it was not you, tell another lead now: two of them shut it with /team, and whoever runs Hark can too."
    ),
    "known_sign_in": desk(
        "Your desk was opened since yesterday morning, in a chat or on a device that you have used before."
        " If it was not you, tell another lead now."
    ),
    "handover": desk("A colleague would like to hand cases over to you. Open the desk to answer."),
    "declined": desk("A handover was declined. The cases are still yours."),
    "unheard": desk("A reporter could not be told that there is an answer. The case says which."),
    "golive": desk("A colleague asks about going live. Open the desk, then /golive."),
    "team": desk("Who reads with Hark has changed, or is to change. Open the desk, then /team."),
    "alert": desk("Hark itself needs a look. Open the desk to see what it is."),
    "heartbeat": desk("Hark is working. If this stops coming on Mondays, tell whoever runs Hark."),
    "digest": desk("/team says who opened a desk in the last week. If somebody of them was away, tell the others."),
}
#: How long a page is not shown a notice again for which a letter is tried.
_LATELY: Final = timedelta(minutes=10)


async def tell(seat: Seat, notice: Notice) -> Delivery:
    """Send the notice, and tell what became of it once that is known. It touches no session."""
    told: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()

    async def then(spoken: Spoken) -> None:
        told.set_result(spoken.delivery)
        await seat.remember(spoken.messages, STAYS)
        if notice.kinds <= _OF_CASES:
            seat.place.news.update(spoken.messages)
        if notice.lead is not None and spoken.delivery != "failed":
            await seat.store.channels.tried(notice.lead, seat.address.door, taken=spoken.delivered)

    shown = screen(notice, await pager.way(seat))
    await seat.say((shown,), protect=True, then=then)  # a page may have to wait for it: one notice at a time
    return await told


async def mail(deps: Deps, tongue: Tongue, notice: Notice) -> bool | None:
    """Send the same by e-mail; true if the mail server took it, None where the lead has confirmed no address."""
    if deps.post is None or notice.lead is None:
        return None
    address = await _address(deps, notice.lead)
    if address is None:
        return None
    lines = [tongue.say(text) for text in _said(notice)]
    if deps.public_url:
        lines.append(deps.public_url)
    taken = await deps.post(address, tongue.say(SUBJECT), "\n\n".join(lines))
    await deps.store.channels.tried(notice.lead, "email", taken=taken)
    return taken


async def _address(deps: Deps, lead: LeadId) -> str | None:
    try:
        return await deps.store.pagers.address(lead)
    except Tampered as tampered:  # the chat is told all the same
        oops.note(tampered)
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
        if notice.lead is None or mailed is not False or chat != "told" or not _is_page(notice):
            self._of.pop(notice.lead or LeadId(""), None)
            return "told" if mailed else chat
        if not self.has(notice):
            self._of[notice.lead] = frozenset(notice.ids), self._now()
        return "failed"


def _is_page(notice: Notice) -> bool:
    return notice.address is not None and notice.address.door == "web"


def screen(notice: Notice, way: tuple[Row, ...]) -> Screen:
    """The notice as it is shown, with the way to the desk."""
    if not notice.kinds & {"new", "raised"}:
        return Screen(tuple(_said(notice)), way)
    hold = Press(desk("I'm opening it"), buttons.data(buttons.OPEN, "hold"))
    return Screen(tuple(_said(notice)), (*way, (hold,)))


def _said(notice: Notice) -> list[Text]:
    said = [_new(notice.count, notice.urgency)] if notice.kinds & _OF_CASES else []
    said += [text for kind, text in _REST.items() if kind in notice.kinds]
    return said or [desk("Something new")]


def _new(count: int, urgency: Urgency | None) -> Text:
    if urgency is None:
        return desk("Something new")
    told = wording.URGENCY[urgency]
    if count < 2:
        return desk("Something new: {urgency}", urgency=told)
    return desk("New or changed: {number}. The most urgent: {urgency}", number=count, urgency=told)
