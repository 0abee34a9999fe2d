"""`/find NAME`: in which of this lead's cases somebody of that name is, and as what. It asks her own index alone.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from flows.cases.people import LONGEST, PARTS, plain_name
from flows.names.forms import surnames_and_initial
from flows.values.screen import Row, Screen
from flows.values.text import Text, stacked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from storage.cases.people.name_index import Hit

#: People who are listed, and cases with a button.
_LISTED: Final = 20
_BUTTONS: Final = 6


async def find(visit: Visit, ask: Ask) -> None:
    """Look for the name that was typed after the command, or ask for one."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    if ask.argument.strip():
        await name_typed(visit, ask, ask.argument)
        return
    await _ask(visit, desk("Type the name that you look for. It is looked for in cases that you can open."))


async def name_typed(visit: Visit, _: Ask, text: str) -> None:
    """Show where that name is; what cannot be looked for is said, and asked for again."""
    name = plain_name(text)
    visit.place.loose = None
    if len(name) > LONGEST:
        await _ask(visit, desk("That is too long: at most {count} characters, please.", count=LONGEST))
        return
    if not surnames_and_initial(name)[0]:
        await _ask(visit, desk("That is too short to look for. Type the whole name."))
        return
    hits = await visit.store.desk.names.find(visit.session(), name)
    await visit.show(Screen(_said(hits), (*_cases(visit, hits), *_ways(visit))))


async def _ask(visit: Visit, said: Text) -> None:
    visit.place.asking = AskText("find", Ask())
    await visit.show(Screen((said,), _ways(visit)[1:]))


def _said(hits: tuple[Hit, ...]) -> tuple[Text, ...]:
    only = desk("A name is found where a lead wrote it down with /people.")
    if not hits:
        return desk("Nobody of that name is written down in a case that you can open."), only
    lines = [
        desk("/case_{reference} · {part}", reference=hit.reference, part=PARTS[hit.part]) for hit in hits[:_LISTED]
    ]
    more = (desk("There are more. Type more of the name."),) if len(hits) > _LISTED else ()
    return desk("Somebody whose name may be that is in:"), stacked(lines), *more


def _cases(visit: Visit, hits: tuple[Hit, ...]) -> tuple[Row, ...]:
    references = list(dict.fromkeys(hit.reference for hit in hits))[:_BUTTONS]
    presses = [visit.press(desk("Open {reference}", reference=one), "open", Ask(one)) for one in references]
    return tuple(tuple(presses[start : start + 2]) for start in range(0, len(presses), 2))


def _ways(visit: Visit) -> tuple[Row, ...]:
    return (
        (visit.press(desk("Look for another name"), "find"),),
        (visit.press(desk("Queue"), "queue"), visit.press(desk("Brief"), "brief")),
    )
