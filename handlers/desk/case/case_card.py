"""One case on the screen: the card first, edited in place; from here to its words, its history and every action.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import replace

from flows.cases.triage import is_open
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.case import queue, shared, summary, words
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.values import Arrival, CaseRow


async def case(visit: Visit, ask: Ask) -> None:
    """`/case K7QM3D`, `/case_K7QM3D` and the buttons that open a case; without a reference it asks which.

    It takes this update's one turn, in which the opening is logged.
    """
    await visit.forget_typed()
    reference = ask.reference or ask.argument
    if not reference:
        await queue.pick(visit, "open")
        return
    await show(visit, await look(visit, reference))


async def look(visit: Visit, reference: str, reason: str = "") -> Shown:
    """Open the case, which is logged; its words stay unread until they are shown. It takes this update's one turn.

    Raises `NoSuchCase`, also for a case that is not hers, `ReasonNeeded` where it is for others first, and
    `SessionOver`.
    """
    shown = await _opened(visit, visit.arrival, reference, reason)
    if visit.place.shown is None or visit.place.shown.case != shown.case:
        visit.place.loose = None
    visit.place.shown = shown
    visit.place.walked[shown.reference] = shown.view.row.unread
    return shown


async def look_beside(visit: Visit, reference: str) -> Shown:
    """Open a further case beside the one on the screen, which stays there; that is logged too, in a turn of its own.

    Raises as `look` does.
    """
    return await _opened(visit, replace(visit.arrival, kept=True), reference, "")


async def _opened(visit: Visit, arrival: Arrival, reference: str, reason: str) -> Shown:
    session = visit.session()
    found = await visit.store.desk.find(session, reference)
    shown = Shown(await visit.store.desk.open_case(session, arrival, found, reason), visit.now())
    visit.places.openers.note(found, session.lead, shown.at)
    return shown


async def target(visit: Visit, ask: Ask) -> tuple[Shown, bool] | None:
    """The case that is meant, and whether it was on the screen already; None if it has to be picked first.

    A case that was not on the screen is opened by this, which takes this update's one turn.
    """
    shown = visit.place.shown
    reference = (ask.reference or (shown.reference if shown else "")).upper()
    visit.place.asking = None
    if not reference:
        return None
    if shown is None or shown.reference != reference:
        return await look(visit, reference), False
    await check(visit, shown)
    if ask.version is None:
        return shown, True
    row = replace(shown.view.row, version=ask.version)
    return Shown(replace(shown.view, row=row), shown.at), True


async def check(visit: Visit, shown: Shown) -> None:
    """Return quietly if the case on the screen is still hers: she may have been kept out of it since.

    Raises `NoSuchCase`, as for a case that there is not, and `SessionOver`.
    """
    await visit.store.desk.find(visit.session(), shown.reference)


async def on_screen(visit: Visit, ask: Ask) -> Shown | None:
    """The case that an action is done to, as it was shown; None if it was not on the screen, and then it is shown.

    So nothing is done to a case that the lead has not seen: the same tap does it once it is there.
    """
    found = await target(visit, ask)
    if found is None:
        await queue.pick(visit, "open")
        return None
    shown, there = found
    if not there:
        await show(visit, shown)
        return None
    return shown


async def show(visit: Visit, shown: Shown, *first: Text, onward: bool = False) -> None:
    """Show the card, after `first`; `onward` puts [Next case] first, where nothing is left to do in this one."""
    visit.place.asking = None
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    if shown.view.unheard:
        first = (*first, desk("⚠ The reporter asked for a notice, and the last one did not arrive."))
    unread = words.unread(visit, shown)
    card = summary.card(shown.view, visit.now(), visit.reasons, names, unread)
    said = (*first, _header(visit, shown), *card, *shared.lines(shown.view, names, visit.now()), *_others(visit, shown))
    await visit.show(Screen(said, _rows(visit, shown, onward=onward)))


async def changed(visit: Visit, row: CaseRow, *first: Text, onward: bool = False) -> None:
    """An action is done: the card as it is now, after `first`.

    Args:
        visit: The update at the desk.
        row: The case as storage gave it after the deed.
        first: What is said above the card.
        onward: Whether [Next case] comes first, since nothing is left to do here.
    """
    shown = visit.place.shown
    if shown is None or shown.case != row.id:
        await visit.show(
            Screen(first, ((visit.press(desk("Open the case"), "open", Ask(row.reference), rank="main"),),))
        )
        return
    visit.place.shown = replace(shown, view=replace(shown.view, row=row))
    await show(visit, visit.place.shown, *first, onward=onward)


def _header(visit: Visit, shown: Shown) -> Text:
    """At which site the case is, and whose desk this is: machines are shared, and leads serve several sites."""
    site = visit.deps.sites.get(shown.view.row.site)
    name = visit.session().lead.name
    return desk("{site} · desk of {name}", site=site.name if site else shown.view.row.site, name=name)


def read_words(visit: Visit, shown: Shown, *, main: bool = True) -> Row:
    """The way to the first page of the words that was not shown yet; from the beginning once all were."""
    page = visit.place.turned.get(shown.reference, 0)
    return (visit.press(desk("Read the words"), "words", about(shown, str(page)), rank="main" if main else None),)


def _others(visit: Visit, shown: Shown) -> tuple[Text, ...]:
    now = visit.now()
    others = visit.places.openers.others(shown.case, visit.session().lead.id, now)
    return tuple(desk("👁 {name} opened this {ago}", name=lead.name, ago=summary.ago(at, now)) for lead, at in others)


def _rows(visit: Visit, shown: Shown, *, onward: bool) -> tuple[Row, ...]:
    row = shown.view.row
    ask = about(shown)
    take = is_open(row.status) and (row.owner is None or row.due == "acknowledge" or row.status == "reopened")
    rows: list[Row] = [read_words(visit, shown, main=row.unread and not take and not onward)]
    if take:
        rows.insert(0, (visit.press(desk("I have this"), "claim", ask, rank="main" if not onward else None),))
    acts = _acts(visit, row, ask)
    back = visit.press(desk("History"), "history", about(shown, "0"))
    reply = visit.press(desk("Reply"), "reply", ask)
    note = visit.press(desk("Note, leads only"), "note", ask)
    more = visit.press(desk("More"), "more", ask)
    ahead = visit.press(desk("Next case"), "next", ask, rank="main" if onward else None)
    queue = visit.press(desk("Queue"), "queue")
    if onward:
        return ((ahead,), *rows, (reply, note), acts, (back, more), (queue,))
    return (*rows, (reply, note), acts, (back, more), (ahead, queue))


def _acts(visit: Visit, row: CaseRow, ask: Ask) -> Row:
    if not is_open(row.status):
        return (visit.press(desk("Open again"), "reopen", ask),)
    return (
        visit.press(desk("Urgency"), "urgency", ask),
        visit.press(desk("Status"), "status", ask),
        visit.press(desk("Give to…"), "assign", ask),
        visit.press(desk("Close"), "close", ask),
    )
