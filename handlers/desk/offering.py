"""What may become of a loose text: a reply, a note, or nothing. Until then it is in memory only, and goes to nobody."""

from __future__ import annotations

from flows.screens import Row, Screen
from flows.texts import Text
from handlers.desk.place import Loose, Shown
from handlers.desk.visit import Visit, about, desk


async def offer(visit: Visit, shown: Shown, text: str) -> None:
    """Show `text` with what can be done with it in the case on the screen."""
    rows = _ways(visit, shown, text)
    said = desk("This has gone to nobody. What should become of it, in {reference}?", reference=shown.reference)
    await visit.show(Screen((said,), rows, verbatim=text))


async def offer_command(visit: Visit, shown: Shown | None, text: str, label: Text, rows: tuple[Row, ...]) -> None:
    """Offer the command that `text` reads as, first; then what else can become of it, if a case is on the screen."""
    said = desk("This has gone to nobody. Did you mean {command}?", command=label)
    others = (_leave(visit),) if shown is None else _ways(visit, shown, text)
    await visit.show(Screen((said,), (*rows, *others), verbatim=text))


def _leave(visit: Visit) -> Row:
    return (visit.press(desk("Queue"), "queue"), visit.press(desk("Brief"), "brief"))


def _ways(visit: Visit, shown: Shown, text: str) -> tuple[Row, ...]:
    visit.place.loose = Loose(text)
    ask = about(shown, visit.place.loose.mark)
    return (
        (visit.press(desk("Reply to reporter"), "preview", ask),),
        (visit.press(desk("Note, leads only"), "keep", ask),),
        (visit.press(desk("Throw away"), "drop", about(shown)),),
    )
