"""Where Telegram is only a pager: leads are told there, and the desk is on the web page."""

from __future__ import annotations

from collections.abc import Collection

from flows.ids import SiteId
from flows.screens import Button, Link, Press, Row, Screen
from handlers.desk import buttons
from handlers.desk.visit import Seat, Visit, desk
from storage.refusals import Tampered, Unavailable


async def only(seat: Seat) -> bool:
    """Whether this chat is told of things and is no desk, as the site of its lead has decided."""
    return seat.address.door == "telegram" and seat.store.live.telegram(*await _sites(seat)) == "pager"


async def _sites(seat: Seat) -> Collection[SiteId]:
    """The site of the session that is open here, else those of the leads whose chat it is; none where it is nobody's.

    What cannot be looked up now is nobody's: leads are told also while the database answers nothing.
    """
    if seat.place.session is not None:
        return (seat.place.session.lead.site,)
    try:
        return await seat.store.leads.sites_of(seat.address)
    except (Unavailable, Tampered):
        return ()


async def way(seat: Seat) -> tuple[Row, ...]:
    """The button under a notice that leads to the desk: here, or on the web page, if its address is known."""
    here: Button = Press(desk("Open the desk"), buttons.data(buttons.OPEN, "brief"), "main")
    if not await only(seat):
        return ((here,),)
    return ((Link(desk("Open the desk"), seat.deps.public_url),),) if seat.deps.public_url else ()


async def turn_away(visit: Visit) -> None:
    """Say kindly where the desk is. What was typed is deleted, and a session that is still open here ends."""
    await visit.forget_typed()
    await visit.store.leads.lock(visit.address)
    await visit.clear()
    visit.place.session = visit.place.shown = visit.place.loose = visit.place.asking = None
    said = desk(
        "Telegram only tells you that something waits, as the leads have decided. Your desk is on the web page."
    )
    await visit.add(Screen((said,), await way(visit)))
