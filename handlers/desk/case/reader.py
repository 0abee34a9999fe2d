"""The words of the open case and its history, page by page, in the place of the card.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import replace

from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.case import case_card, queue, words
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.paging import Leaf, leaves
from handlers.desk.chat.visit import Visit, about, desk


async def read(visit: Visit, ask: Ask) -> None:
    """A page of the words; they are opened anew each time, so what came meanwhile is there.

    Once it was shown, the last page has all of them count as read, an earlier one only what the concern began with.
    """
    shown = await anew(visit, ask, "words")
    if shown is None:
        return
    found, number = leaf(words.pages(shown.view, visit.reasons, visit.translator), ask)
    whole = number + 1 == len(found)
    session = visit.session()

    async def seen() -> None:
        await visit.store.desk.words_shown(session, shown.view.row, whole=whole)
        _keep_read(visit, shown, number + 1, whole=whole)

    reply = visit.press(desk("Reply"), "reply", about(shown), rank="main")
    await visit.show(page(visit, shown, (found, number), "words", (reply,)), seen=seen)


async def look_back(visit: Visit, ask: Ask) -> None:
    """A page of the history: actions, notes and who read it, with times of the site.

    The case is opened anew for it, which is logged; its words count as read no more than before.
    """
    shown = await anew(visit, ask, "history")
    if shown is not None:
        last = (visit.press(desk("Back to the case"), "open", about(shown)),)
        names = {str(card.id): card.name for card in await visit.store.leads.roster()}
        pieces = words.history_pieces(shown.view, names)
        await visit.show(page(visit, shown, leaf(leaves(pieces, visit.translator), ask), "history", last))


async def anew(visit: Visit, ask: Ask, verb: str) -> Shown | None:
    """Open the case that is meant anew; None, and it is asked for by buttons that do `verb`, if there is none.

    It takes this update's one turn, in which the opening is logged.
    """
    shown = visit.place.shown
    reference = ask.reference or (shown.reference if shown else "")
    if not reference:
        await queue.pick(visit, verb)
        return None
    visit.place.asking = None
    return await case_card.look(visit, reference)


def _keep_read(visit: Visit, shown: Shown, pages: int, *, whole: bool) -> None:
    """Note how far the words were shown, so that card and queue tell it and nothing is refused that was read."""
    place = visit.place
    place.walked[shown.reference] = not whole
    if not whole:
        place.turned[shown.reference] = max(pages, place.turned.get(shown.reference, 0))
        return
    place.turned.pop(shown.reference, None)
    if place.shown is not None and place.shown.case == shown.case:
        row = replace(place.shown.view.row, unread=False)
        place.shown = replace(place.shown, view=replace(place.shown.view, row=row))


def leaf(found: tuple[Leaf, ...], ask: Ask) -> tuple[tuple[Leaf, ...], int]:
    """All pages, and the number of the one that is asked for."""
    return found, min(_number(ask), len(found) - 1)


def page(visit: Visit, shown: Shown, pages: tuple[tuple[Leaf, ...], int], verb: str, last: Row) -> Screen:
    """The page that is asked for, with its number, the way to the next one by `verb`, and after the last one `last`."""
    all_leaves, number = pages
    ahead = number + 1 < len(all_leaves)
    turn = visit.press(desk("Next page"), verb, about(shown, str(number + 1)), rank="main")
    first: Row = (turn,) if ahead else last
    back = visit.press(desk("Page back"), verb, about(shown, str(number - 1))) if number else None
    card = visit.press(desk("Back to the case"), "open", about(shown))
    following = visit.press(desk("Next case"), "next", about(shown))
    second = tuple(press for press in (back, card if first[0] != card else None, following) if press is not None)
    screen = all_leaves[number].screen()
    paragraphs = (_heading(shown, number, len(all_leaves)), *screen.paragraphs)
    return replace(screen, paragraphs=paragraphs, rows=(first, second))


def _heading(shown: Shown, number: int, total: int) -> Text:
    return desk("{reference} · page {number} of {total}", reference=shown.reference, number=number + 1, total=total)


def _number(ask: Ask) -> int:
    return int(ask.argument) if ask.argument.isascii() and ask.argument.isdigit() else 0
