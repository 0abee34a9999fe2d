"""`/stats`: how soon a human answered, what came of it, how people felt; a sentence for each chart, then its numbers.

What is shown was made by `flows/measures/figures.py`, of the year that is over, else of the last term that is.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from zoneinfo import ZoneInfo

from flows.measures.charts import NotDrawn
from flows.measures.report import COUNTED, NOTES, span
from flows.measures.stats import BoxFigures, ChartData, YearTables, charts, period, tables_of
from flows.measures.terms import Year
from flows.values.screen import Screen
from flows.values.situation import Site
from flows.values.text import Text, stacked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.files import send_picture
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.measures.drawings import picture


async def stats(visit: Visit, _: Ask) -> None:
    """Show the charts as sentences and numbers."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    year = latest(visit)
    tables = await tables_for(visit, year)
    said = [desk("{site}, {span}", site=own_site(visit).name, span=span(period(year)))]
    for chart in charts(tables):
        said += _said(chart)
    if tables.felt is None:
        said.append(desk("How people felt is opened by leads and independent people."))
    report = (visit.press(desk("The report as files"), "report"),)
    back = (visit.press(desk("Back to the brief"), "brief"),)
    await visit.show(Screen((*said, COUNTED, *NOTES), (report, back)))
    await _show_picture(visit, charts(tables))


async def _show_picture(visit: Visit, shown: Sequence[ChartData]) -> None:
    """The same as a picture below it, once it is drawn; without it the sentences and numbers say all of it."""
    if all(one.is_empty for one in shown):
        return
    with suppress(NotDrawn):
        drawn = await visit.deps.draw(picture(shown, visit.translator))
        await send_picture(visit, "figures.png", drawn, stacked([one.title for one in shown]))


def _said(chart: ChartData) -> Iterator[Text]:
    yield chart.title
    if not chart.is_empty:
        yield stacked([_bar(*bar) for bar in chart.bars])


def _bar(label: Text, shown: int | None, share: int | None) -> Text:
    if shown is None:
        return desk("{label}: not shown", label=label)
    if share is None:
        return desk("{label}: about {count}", label=label, count=shown)
    return desk("{label}: about {count} ({share} %)", label=label, count=shown, share=share)


def own_site(visit: Visit) -> Site:
    """Give the site that the lead belongs to."""
    return visit.deps.sites.get(visit.session().lead.site) or visit.deps.sites[visit.deps.home]


def latest(visit: Visit, back: int = 0) -> Year:
    """Give the year of the term at her site that ended last; `back` years before that one."""
    site = own_site(visit)
    terms = visit.deps.terms_of(site.id)
    today = visit.now().astimezone(ZoneInfo(site.timezone)).date()
    year = terms.latest(today)
    return terms.year(year.begin.year - back, today) if back else year


async def tables_for(visit: Visit, year: Year, *, counted: bool = True) -> YearTables:
    """Give what may be told of a year, of her own cases at her site.

    Args:
        visit: The update at the desk.
        year: Which.
        counted: Whether of the cases that are told of to everybody, with what the boxes tell; else of the others.

    Raises:
        SessionOver: The session has ended.
        NotOffered: It is not for her role.
        Tampered: A box or the roster is not the one that was kept.
        Unavailable: It cannot be read.
    """
    session, site = visit.session(), own_site(visit)
    cases = await visit.store.desk.case_figures(session, site.id)
    box = await _box(visit, year) if counted else None
    own = (case for case in cases if case.counted is counted)
    return tables_of(own, box, year, ZoneInfo(site.timezone))


async def _box(visit: Visit, year: Year) -> BoxFigures | None:
    begins = [term.begin for term in year.terms]
    told = await visit.store.desk.boxes.read(visit.session(), own_site(visit).id, begins)
    if told is None:
        return None
    return BoxFigures(tuple(one.asked for one in told), tuple(one.felt for one in told))
