"""What may become of a loose text: a reply, a note, or nothing. Until then it is in memory only, and goes to nobody."""

from __future__ import annotations

from flows.screens import Screen
from handlers.desk.place import Loose, Shown
from handlers.desk.visit import Visit, about, desk


async def offer(visit: Visit, shown: Shown, text: str) -> None:
    """Show `text` with what can be done with it in the case on the screen."""
    visit.place.loose = Loose(text)
    ask = about(shown, visit.place.loose.mark)
    rows = (
        (visit.press(desk("Reply to reporter"), "preview", ask),),
        (visit.press(desk("Note, leads only"), "keep", ask),),
        (visit.press(desk("Throw away"), "drop", about(shown)),),
    )
    said = desk("This has gone to nobody. What should become of it, in {reference}?", reference=shown.reference)
    await visit.show(Screen((said,), rows, verbatim=text))
