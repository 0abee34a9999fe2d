"""`/board`, "you said, we did": one lead drafts, another says yes, and everybody may read it.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Final

from flows.together.board import LEAST_CASES, LONGEST, Draft
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text, stacked
from handlers.desk.casework.actions.prompts import REFERENCE
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.unsent import UnsavedEntry
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import calendar_day
from handlers.desk.partnership.together import typed
from storage.values.errors import NotOffered

#: Entries that are shown with a button, and drafts.
_SHOWN: Final = 4


async def board(visit: Visit, _: Ask) -> None:
    """Show what stands, and what waits for a second lead."""
    await visit.forget_typed()
    await _show(visit)


async def _show(visit: Visit, *first: Text) -> None:
    visit.place.asking = visit.place.loose = visit.place.board = None
    session = visit.session()
    drafts = (await visit.store.together.board.drafts(session))[:_SHOWN]
    standing = visit.store.together.board.standing.get(session.lead.site, ())
    said = [
        desk(
            "{number}. Since {day}. You said: {said} We did: {did}",
            number=number,
            day=_day(one.day),
            said=one.said,
            did=one.did,
        )
        for number, one in enumerate(standing, 1)
    ] or [desk("Nothing stands on the board. What stands there everybody can read, before they write.")]
    looks = tuple(
        visit.press(desk("Waits: {number}", number=number), "boardlook", Ask(argument=one.id))
        for number, one in enumerate(drafts, 1)
    )
    offs = tuple(
        visit.press(desk("Take down {number}", number=number), "boardoff", Ask(argument=one.id))
        for number, one in enumerate(standing[:_SHOWN], 1)
    )
    new = (visit.press(desk("New entry"), "boardsaid"), visit.press(desk("Brief"), "brief"))
    await visit.show(Screen((*first, *said), tuple(row for row in (looks, offs, new) if row)))


def _day(day: str) -> Moment:
    return calendar_day(date.fromisoformat(day))


async def ask_said(visit: Visit, _: Ask) -> None:
    """Ask what people said."""
    await _next(visit, UnsavedEntry())


async def ask_did(visit: Visit, _: Ask) -> None:
    """Ask anew what was done."""
    await _next(visit, replace(visit.place.board or UnsavedEntry(), did=""))


async def ask_cases(visit: Visit, _: Ask) -> None:
    """Ask anew which closed cases it is behind."""
    await _next(visit, replace(visit.place.board or UnsavedEntry(), cases=frozenset()))


async def _next(visit: Visit, unsaved: UnsavedEntry, *first: Text) -> None:
    """Keep it, and ask for what is missing; where nothing is, show it as everybody will read it."""
    visit.place.board = unsaved
    back = (visit.press(desk("Back to the board"), "board"),)
    if not unsaved.said:
        said = desk(
            "What did people say? Type it in a few words, such as: the corridor by the gym is scary after lunch"
        )
        await typed.ask(visit, "boardsaid", "", *first, said, rows=(back,))
    elif not unsaved.did:
        said = desk("What was done? Type it, such as: an adult stands there every day now")
        await typed.ask(visit, "boarddid", "", *first, said, rows=(back,))
    elif not unsaved.cases:
        said = desk(
            "Which closed cases stand behind it? Type at least {count} references. Nothing may have happened in "
            "them for 30 days. Nobody reads which they are.",
            count=LEAST_CASES,
        )
        await typed.ask(visit, "boardcases", "", *first, said, rows=(back,))
    else:
        rows: tuple[Row, ...] = (
            (visit.press(desk("Hand it to a colleague"), "boardhand", rank="main"),),
            (visit.press(desk("Other words"), "boardsaid"), visit.press(desk("Other cases"), "boardcases")),
            back,
        )
        await visit.show(Screen((*first, desk("Everybody will read:"), _public(unsaved.said, unsaved.did)), rows))


def _public(said: str, did: str) -> Text:
    return stacked((desk("You said: {said}", said=said), desk("We did: {did}", did=did)))


async def said_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take what people said; more than 300 characters, or a known name, are asked for again."""
    unsaved = visit.place.board or UnsavedEntry()
    words = await typed.words(visit, text, LONGEST, _again(visit, replace(unsaved, said="")))
    if words is not None:
        await _next(visit, replace(unsaved, said=words))


async def did_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take what was done, likewise."""
    unsaved = visit.place.board or UnsavedEntry()
    words = await typed.words(visit, text, LONGEST, _again(visit, replace(unsaved, did="")))
    if words is not None:
        await _next(visit, replace(unsaved, did=words))


def _again(visit: Visit, unsaved: UnsavedEntry) -> Callable[[Text], Awaitable[None]]:
    async def again(said: Text) -> None:
        await _next(visit, unsaved, said)

    return again


async def cases_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take the references; where fewer than five count, they are asked for again, and none is told apart."""
    unsaved = visit.place.board or UnsavedEntry()
    named = frozenset(one.upper() for one in REFERENCE.findall(text))
    count = await visit.store.together.board.counted(visit.session(), named)
    if count < LEAST_CASES:
        said = desk(
            "Of these {count} count, and {least} are needed. What counts is closed and yours, nothing happened in it "
            "for 30 days, nobody was kept out of it, and it is about no adult here.",
            count=count,
            least=LEAST_CASES,
        )
        await _next(visit, replace(unsaved, cases=frozenset()), said)
        return
    visit.place.loose = None
    await _next(visit, replace(unsaved, cases=named))


async def hand_over(visit: Visit, _: Ask) -> None:
    """Keep the draft; the other leads are told that something waits."""
    unsaved = visit.place.board
    if unsaved is None or not (unsaved.said and unsaved.did and unsaved.cases):
        await _next(visit, unsaved or UnsavedEntry())
        return
    try:
        await visit.store.together.board.draft(visit.session(), visit.arrival, unsaved.said, unsaved.did, unsaved.cases)
    except NotOffered:
        await _next(
            visit, replace(unsaved, cases=frozenset()), desk("That is not possible any more. Nothing was done.")
        )
        return
    await _show(visit, desk("It waits for a colleague, for a week. Nobody else reads it until then."))


async def look(visit: Visit, ask: Ask) -> None:
    """Show a draft as everybody would read it; whoever did not draft it can say yes."""
    found = await _found(visit, ask)
    if found is None:
        return
    own = found.proposal.by == visit.session().lead.id
    yes = (visit.press(desk("Yes, publish it"), "boardyes", ask, rank="main"),)
    no = (visit.press(desk("Throw it away"), "boardno", ask), visit.press(desk("Back to the board"), "board"))
    asked = desk("Everybody will read this. Could anybody tell who it was?")
    said = desk("You drafted this: another lead says yes.") if own else asked
    await visit.show(Screen((said, _public(found.said, found.done)), (no,) if own else (yes, no)))


async def _found(visit: Visit, ask: Ask) -> Draft | None:
    found = next(
        (one for one in await visit.store.together.board.drafts(visit.session()) if one.id == ask.argument), None
    )
    if found is None:
        await _show(visit, desk("That does not wait any more."))
    return found


async def publish(visit: Visit, ask: Ask) -> None:
    """Publish a colleague's draft."""
    try:
        await visit.store.together.board.publish(visit.session(), visit.arrival, ask.argument)
    except NotOffered:
        await _show(visit, desk("That cannot be published: it does not wait, it is yours, or it names somebody."))
        return
    await _show(visit, desk("It stands on the board now. Everybody can read it."))


async def refuse(visit: Visit, ask: Ask) -> None:
    """Throw a draft away."""
    if await _found(visit, ask) is not None:
        await visit.store.together.board.refuse(visit.session(), visit.arrival, ask.argument)
        await _show(visit, desk("Thrown away."))


async def take_down(visit: Visit, ask: Ask) -> None:
    """Take an entry off the board."""
    try:
        await visit.store.together.board.take_down(visit.session(), visit.arrival, ask.argument)
    except NotOffered:
        await _show(visit, desk("That does not stand there any more."))
        return
    await _show(visit, desk("Taken down."))
