"""Where Telegram is only a pager: leads are told there, and the desk is on the web page."""

from __future__ import annotations

from flows.screens import Button, Link, Press, Row, Screen
from handlers.desk import buttons
from handlers.desk.visit import Seat, Visit, desk


def only(seat: Seat) -> bool:
    """Whether this chat is told of things and is no desk."""
    return seat.address.door == "telegram" and seat.store.live.telegram == "pager"


def way(seat: Seat) -> tuple[Row, ...]:
    """The button under a notice that leads to the desk: here, or on the web page, if its address is known."""
    here: Button = Press(desk("Open the desk"), buttons.data(buttons.OPEN, "brief"))
    if not only(seat):
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
    await visit.add(Screen((said,), way(visit)))
