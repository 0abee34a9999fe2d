"""Giving past cases to a colleague by scope: which, why, and how far it is, while the giver's desk is open.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import time
from typing import Final

from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import DeskChat, Visit, desk
from handlers.desk.team import overview, proposals
from storage.desk.many_cases.grants import Scope
from storage.values import GrantProgress

#: What can be given, by the name in the button: the scope, and of how many months.
_SCOPES: Final[dict[str, tuple[Scope, int, Text]]] = {
    "open": ("open", 0, desk("All that are open")),
    "3": ("all", 3, desk("Those of the last 3 months")),
    "12": ("all", 12, desk("Those of the last 12 months")),
    "all": ("all", 0, desk("All of them")),
}
#: Seconds between two changes of the line that says how far it is.
_TOLD_EVERY: Final = 2.0
_BAR: Final = 10  # signs


async def ask_scope(visit: Visit, ask: Ask) -> None:
    """Say what giving past cases means, and ask which."""
    one = proposals.meant((await overview.view_of(visit)).members, ask.argument)
    if one is None:
        await visit.show(await overview.screen(visit))
        return
    said = desk(
        "{name} will read everything in them, notes and reasons too. That cannot be taken back. Only cases that you "
        "can open are given.",
        name=one.card.name,
    )
    rows = tuple(
        (visit.press(label, "scope", Ask(argument=f"{ask.argument}.{name}")),)
        for name, (_, _, label) in _SCOPES.items()
    )
    back = (visit.press(desk("Back to the team"), "team"),)
    await visit.show(Screen((said, _left_out(one.card.name), desk("Which cases?")), (*rows, back)))


async def ask_reason(visit: Visit, ask: Ask) -> None:
    """Ask why; the reason stands in each case, for those who read it."""
    visit.place.shown = None
    visit.place.asking = AskText("past", ask)
    back = (visit.press(desk("Back to the team"), "team"),)
    await visit.show(Screen((desk("Type the reason. It stands in each case, for leads only."),), (back,)))


async def reason_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Begin; a line in this chat says how far it is, and it goes on while this desk is open."""
    about, _, scope = ask.argument.rpartition(".")
    one = proposals.meant((await overview.view_of(visit)).members, about)
    if one is None or scope not in _SCOPES:
        await visit.show(await overview.screen(visit))
        return
    which, months, _ = _SCOPES[scope]
    grants = visit.store.desk.grants
    await grants.begin(visit.session(), visit.arrival, one.card.id, which, reason, months)
    visit.place.loose = None
    said = desk("It begins now, and goes on while your desk is open. You can go on working.")
    await visit.show(await overview.screen(visit, said))


async def stop(visit: Visit, _: Ask) -> None:
    """Give no more; what was given stays given."""
    await visit.store.desk.grants.stop(visit.session(), visit.arrival)
    await visit.show(await overview.screen(visit, desk("Stopped. What was given stays given.")))


async def go_on(desk_chat: DeskChat) -> None:
    """Give what is to be given from this chat, to its end or to that of its session, and say how far it is.

    Raises:
        Refusal: The session has ended, or storage refuses; it goes on when the lead unlocks again.
    """
    session, told = desk_chat.store.leads.sessions.at(desk_chat.address, used=False), 0.0
    step = desk_chat.store.desk.grants.step
    while session is not None:
        is_due = time.monotonic() - told >= _TOLD_EVERY
        progress = await step(session, counts=is_due)
        if progress is None:
            return
        if progress.done or is_due:
            told = time.monotonic()
            await show(desk_chat, progress)


async def show(desk_chat: DeskChat, progress: GrantProgress) -> None:
    """Say how far it is, in the place of what was said of it before."""
    await desk_chat.show_progress(_progress(desk_chat, progress))


def _progress(desk_chat: DeskChat, progress: GrantProgress) -> Screen:
    name = progress.to.name if progress.to else "?"
    if progress.done:
        said = desk("Past cases for {name}: done. Given: {number}.", name=name, number=progress.granted)
        return Screen((said, _left_out(name)))
    share = progress.looked / progress.total if progress.total else 1.0
    bar = "▓" * int(share * _BAR) + "░" * (_BAR - int(share * _BAR))
    said = desk(
        "Past cases for {name}: {bar} {percent} %. Given so far: {number}.",
        name=name,
        bar=bar,
        percent=int(share * 100),
        number=progress.granted,
    )
    return Screen((said, _left_out(name)), ((desk_chat.press(desk("Stop"), "halt"),),))


def _left_out(name: str) -> Text:
    """The same sentence whether or not there is such a case."""
    return desk("Cases that are not for {name} are left out.", name=name)
