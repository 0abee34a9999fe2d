"""`/queue`: the cases sealed for a lead, by urgency and clock, in pages, with filters; and choosing one by buttons.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final, cast

from flows.values.deeds import Urgency
from flows.values.ids import SiteId
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.case import queue_lines
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from storage.values import URGENCIES, CaseId, CaseRow, Cursor, Page, Which

#: Cases on one page.
PAGE: Final = 9
#: Pages of storage that are looked through for one page of a filtered queue.
_LOOKS: Final = 50
_READ: Final = 20

_FILTERS: Final = {
    "open": desk("All open"),
    "new": desk("New"),
    "unread": desk("Unread"),
    "mine": desk("Mine"),
    "overdue": desk("Overdue"),
    "closed": desk("Closed"),
}
_URGENT: Final = "u."
_SITE: Final = "s."


async def queue(visit: Visit, ask: Ask) -> None:
    """A page of the queue. The argument is `FILTER`, `FILTER:PAGE` or `filters`; `/queue same day` can be typed."""
    await visit.forget_typed()
    visit.place.asking = visit.place.shown = visit.place.loose = None
    await visit.delete_notices()
    if ask.argument == "filters":
        await visit.show(_filters(visit))
        return
    name, _, number = ask.argument.partition(":")
    await visit.show(await screen(visit, _named(visit, name), int(number) if number.isdigit() else 0))


async def screen(visit: Visit, name: str = "", number: int = 0, verb: str = "open", *first: Text) -> Screen:
    """A page of the queue, each case with a button that does `verb`; nine cases a page.

    Args:
        visit: The update at the desk.
        name: The filter; one that there is not is the open queue.
        number: The page, from 0. One that no page before led to is the first.
        verb: What a case's button does.
        first: What is said above.
    """
    place = visit.place
    name = name if _situation(visit, name) else "open"
    if name != place.filtered or number >= len(place.cursors):
        place.filtered, place.cursors, number = name, [None], 0
    rows, after = await _rows(visit, name, place.cursors[number])
    if after is not None and number + 1 == len(place.cursors):
        place.cursors.append(after)
    said = [*first, desk("Queue: {filter}", filter=_label(visit, name))]
    told = queue_lines.both if visit.address.door == "web" else queue_lines.line
    said += [told(row, visit.now(), visit.reasons) for row in rows] or [desk("Nothing here.")]
    cases = tuple(visit.press(_case(row), verb, Ask(row.reference)) for row in rows)
    grid = tuple(cases[start : start + 3] for start in range(0, len(cases), 3))
    return Screen(tuple(said), (*grid, *_turning(visit, name, number, more=after is not None)))


async def after_page(visit: Visit) -> CaseRow | None:
    """The first case of the open queue that was not shown since she began, or has something new; None at the end.

    By what was shown and not by place: whatever is done to a case may move it past others that nobody has seen yet.
    """
    place, after = visit.place, None
    here = place.shown.reference if place.shown else ""
    for _ in range(_LOOKS):
        page = await visit.store.desk.queues.page(visit.session(), "open", after, _READ, counted=False)
        for row in page.rows:
            left = place.walked.get(row.reference)
            if left is None or (row.unread and not left and row.reference != here):
                return row
        after = page.next
        if after is None:
            break
    return None


async def _rows(visit: Visit, name: str, after: Cursor | None) -> tuple[tuple[CaseRow, ...], Cursor | None]:
    """The rows of one page and where the next begins."""
    if name.startswith(_URGENT):
        return await _of_urgency(visit, cast("Urgency", name.removeprefix(_URGENT)), after)
    if name.startswith(_SITE):
        return await _of_site(visit, SiteId(_sites(visit)[int(name.removeprefix(_SITE))]), after)
    page = await visit.store.desk.queues.page(visit.session(), cast("Which", name), after, PAGE, counted=False)
    return page.rows, page.next


async def _of_urgency(
    visit: Visit, urgency: Urgency, after: Cursor | None
) -> tuple[tuple[CaseRow, ...], Cursor | None]:
    """The queue goes by urgency first: its cases lie together and begin at a known place."""
    start = after or Cursor(URGENCIES.index(urgency), 0, -1, CaseId(""))
    page = await visit.store.desk.queues.page(visit.session(), "open", start, PAGE, counted=False)
    rows = tuple(row for row in page.rows if row.urgency == urgency)
    return rows, page.next if len(rows) == len(page.rows) else None


async def _of_site(visit: Visit, site: SiteId, after: Cursor | None) -> tuple[tuple[CaseRow, ...], Cursor | None]:
    """Cases of one site, looked for through the whole queue, one page of it after another."""
    found: list[CaseRow] = []
    for _ in range(_LOOKS):
        page: Page = await visit.store.desk.queues.page(visit.session(), "open", after, PAGE, counted=False)
        found += [row for row in page.rows if row.site == site]
        after = page.next
        if after is None or len(found) >= PAGE:
            break
    return tuple(found), after


def _named(visit: Visit, typed: str) -> str:
    """The filter that was typed, which may be an urgency or a site's id."""
    name = "_".join(typed.lower().split())
    if name in URGENCIES:
        return f"{_URGENT}{name}"
    return f"{_SITE}{_sites(visit).index(SiteId(name))}" if name in _sites(visit) else name


def _situation(visit: Visit, name: str) -> bool:
    if name.startswith(_SITE):
        number = name.removeprefix(_SITE)
        return number.isdigit() and int(number) < len(_sites(visit))
    return name in _FILTERS or name.removeprefix(_URGENT) in URGENCIES


def _sites(visit: Visit) -> tuple[SiteId, ...]:
    return tuple(sorted(visit.deps.sites))


def _label(visit: Visit, name: str) -> Text:
    if name.startswith(_URGENT):
        return labels.URGENCY[cast("Urgency", name.removeprefix(_URGENT))]
    if name.startswith(_SITE):
        site = _sites(visit)[int(name.removeprefix(_SITE))]
        return Text("{site}", "desk", {"site": visit.deps.sites[site].name})
    return _FILTERS[name]


def _case(row: CaseRow) -> Text:
    return Text("{sign} {reference}", "desk", {"sign": labels.SIGN[row.urgency], "reference": row.reference})


def _turning(visit: Visit, name: str, number: int, *, more: bool) -> tuple[Row, ...]:
    back = (visit.press(desk("Page back"), "queue", Ask(argument=f"{name}:{number - 1}")),) if number else ()
    ahead = (visit.press(desk("Next page"), "queue", Ask(argument=f"{name}:{number + 1}")),) if more else ()
    turning = ((*ahead, *back),) if back or ahead else ()
    filters = visit.press(desk("Filters"), "queue", Ask(argument="filters"))
    return (*turning, (visit.press(desk("Brief"), "brief"), filters, visit.press(desk("Lock"), "lock")))


def _filters(visit: Visit) -> Screen:
    names = [*_FILTERS, *(f"{_URGENT}{urgency}" for urgency in URGENCIES)]
    if len(_sites(visit)) > 1:
        names += [f"{_SITE}{number}" for number in range(len(_sites(visit)))]
    presses = tuple(visit.press(_label(visit, name), "queue", Ask(argument=name)) for name in names)
    return Screen((desk("Which cases?"),), tuple(presses[start : start + 2] for start in range(0, len(presses), 2)))


async def pick(visit: Visit, verb: str) -> None:
    """Ask which case is meant, by the first page of the open queue; the button that answers does `verb` on it."""
    visit.place.asking = None
    await visit.show(await screen(visit, "open", 0, verb, desk("Which case?")))
