"""The open queue beside the conversation, on the web page: one line a case, each a button that opens it.

The page shows it where there is room for two panes, and the bot does not know where that is: it keeps it on every page.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from flows.values.ids import READING
from flows.values.screen import Press, Screen
from handlers.desk.case import queue_lines
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import DeskChat, Visit, desk
from storage.leads.sign_in.session import LeadSession
from storage.values import CaseRow
from storage.values.errors import Refusal

#: Cases in the list at once: what a lead scans, and what each answer at the desk has time to bring up to date.
PAGE: Final = 40


async def turn(visit: Visit, ask: Ask) -> None:
    """Go on in the list, with the argument `on`, or back to its beginning; it is shown as after every update.

    Raises:
        SessionOver: There is no open session.
    """
    visit.session()
    visit.place.listed = visit.place.listed_next if ask.argument == "on" else None


async def refresh(desk_chat: DeskChat) -> None:
    """Bring the queue beside the conversation up to date, where there is a desk whose lead reads.

    It does not count as use of the desk. What is refused was not asked for: the queue then stays as it is.
    """
    session = desk_chat.place.session
    if desk_chat.address.door != "web" or session is None or not session.is_open:
        return
    if session.lead.role not in READING or session.lead.waiting:
        return
    with suppress(Refusal):
        await desk_chat.show_beside(await _screen(desk_chat, session), session)


async def _screen(desk_chat: DeskChat, session: LeadSession) -> Screen:
    place, queues = desk_chat.place, desk_chat.store.desk.queues
    page = await queues.page(session, "open", place.listed, PAGE, used=False)
    if not page.rows and place.listed is not None:  # what stood there was closed, or has moved
        place.listed = None
        page = await queues.page(session, "open", None, PAGE, used=False)
    place.listed_next = page.next
    said = desk("Queue: {count} open", count=page.total or 0) if page.rows else desk("Nothing is waiting.")
    keys = [_key(desk_chat, row) for row in page.rows] + _turning(desk_chat)
    return Screen((said,), tuple((key,) for key in keys), beside=True)


def _turning(desk_chat: DeskChat) -> list[Press]:
    keys = []
    if desk_chat.place.listed_next is not None:
        keys.append(desk_chat.press(desk("Next page"), "list", Ask(argument="on"), "plain"))
    if desk_chat.place.listed is not None:
        keys.append(desk_chat.press(desk("From the top"), "list", rank="plain"))
    return [*keys, desk_chat.press(desk("Filters"), "queue", Ask(argument="filters"), "plain")]


def _key(desk_chat: DeskChat, row: CaseRow) -> Press:
    """The case, standing out while it is the one on the screen."""
    shown = desk_chat.place.shown
    here = shown is not None and shown.case == row.id
    label = queue_lines.label(row, desk_chat.now(), desk_chat.reasons)
    return desk_chat.press(label, "open", Ask(row.reference), "main" if here else None)
