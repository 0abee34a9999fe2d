"""`/report`: the figures of a year as a text and a CSV; and a second pair of the cases that are left out of the first.

The files go to this desk alone, for five minutes, like all that is handed out.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from flows.measures.charts import NotDrawn
from flows.measures.csv_table import csv_table
from flows.measures.report import Report, report_of, span
from flows.measures.stats import period
from flows.values.screen import Screen
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.files import send_file
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.measures import drawings
from handlers.desk.measures.drawings import lines_of, plain
from handlers.desk.measures.stats import latest, own_site, tables_for
from handlers.telegram.languages import Translator

#: How long the files stay in the chat.
STAYS: Final = timedelta(minutes=5)
#: Years that are offered: the latest, and those before.
_YEARS: Final = 3


async def report(visit: Visit, _: Ask) -> None:
    """Ask of which year."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    visit.session()
    rows = tuple(
        (visit.press(desk("{span}", span=span(period(year))), "reported", Ask(argument=str(back))),)
        for back in range(_YEARS)
        if (year := latest(visit, back)).terms
    )
    said = (
        desk(
            "The report of which year? It comes as a PDF, charts, a text and a table, and stays here for five minutes."
        ),
        desk("There are two reports: one for everybody, and one of the cases that are left out of it."),
    )
    await visit.show(Screen(said, (*rows, (visit.press(desk("Figures"), "stats"),))))


async def reported(visit: Visit, ask: Ask) -> None:
    """Send the files of the year that was chosen."""
    back = int(ask.argument) if ask.argument in {str(number) for number in range(_YEARS)} else 0
    await visit.show(Screen((desk("The files are being made. That takes some seconds."),)))
    for name, one in zip(("report", "report-not-for-all"), await reports(visit, back), strict=True):
        for ending, content in await _files(visit, one, with_charts=name == "report"):
            if not await send_file(visit, f"{name}.{ending}", content):
                await visit.add(Screen((desk("The file could not be sent. /report makes it again."),)))
                return
    said = desk("The second one, not-for-all, is for those who read the cases in it, and for nobody else.")
    await visit.add(Screen((said,), ((visit.press(desk("Figures"), "stats"),),)))


async def _files(visit: Visit, one: Report, *, with_charts: bool) -> list[tuple[str, bytes]]:
    """As a paper, its charts alone as SVG, a text and a table; what cannot be drawn is left out, and that is said."""
    words = [("txt", as_text(one, visit.translator).encode()), ("csv", as_table(one, visit.translator))]
    charts = [section.chart for section in one.sections]
    try:
        drawn = [("pdf", await visit.deps.draw(drawings.paper(one, visit.translator)))]
        if with_charts:
            drawn.append(("svg", await visit.deps.draw(drawings.picture(charts, visit.translator, "svg"))))
    except NotDrawn:
        await visit.add(Screen((desk("The PDF could not be made now. The text file has all that would be in it."),)))
        return words
    return [*drawn, *words]


async def reports(visit: Visit, back: int = 0) -> tuple[Report, Report]:
    """Give the report of a year as data, and that of the cases that are left out of it; `back` years before the latest.

    Raises:
        SessionOver: The session has ended.
        NotOffered: It is not for her role.
        Tampered: A box or the roster is not the one that was kept.
        Unavailable: It cannot be read.
    """
    year, site = latest(visit, back), own_site(visit)
    first = report_of(await tables_for(visit, year), site.name, counted=True)
    return first, report_of(await tables_for(visit, year, counted=False), site.name, counted=False)


def as_text(one: Report, translator: Translator) -> str:
    """Give a report as a plain text in a language."""
    return "\n".join(_lines(one, translator)) + "\n"


def _lines(one: Report, translator: Translator) -> Iterator[str]:
    yield translator.say(one.title)
    yield ""
    yield translator.say(one.scope)
    for section in one.sections:
        yield from ("", translator.say(section.title), translator.say(section.chart.title), "")
        yield from lines_of(section, translator)
    yield ""
    yield from map(translator.say, one.notes)


def as_table(one: Report, translator: Translator) -> bytes:
    """Give a report as CSV in a language: a table for each section, a number in a cell of its own."""
    rows: list[list[str | int]] = [[translator.say(one.title)], [translator.say(one.scope)]]
    for section in one.sections:
        rows += [[], [translator.say(section.title)], [translator.say(section.chart.title)]]
        rows.append([translator.say(head) for head in section.head])
        rows += [[plain(cell, translator) for cell in row] for row in section.rows]
    rows.append([])
    rows += [[translator.say(note)] for note in one.notes]
    return csv_table(rows)
