"""`/report`: the figures of a year as a text and a CSV; and a second pair of the cases that are left out of the first.

The files go to this desk alone, for five minutes, like all that is handed out. PDF and pictures are made elsewhere, of
what `reports` gives.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile

from flows.measures.csv_table import csv_table
from flows.measures.report import NOT_SHOWN, Cell, Report, report_of, span
from flows.measures.stats import period
from flows.values.screen import Screen
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.measures.stats import latest, own_site, tables_for
from handlers.telegram import failures
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
        desk("The report of which year? It comes as a text and as a table, and stays here for five minutes."),
        desk("There are two of each: one for everybody, and one of the cases that are left out of it."),
    )
    await visit.show(Screen(said, (*rows, (visit.press(desk("Figures"), "stats"),))))


async def reported(visit: Visit, ask: Ask) -> None:
    """Send the files of the year that was chosen."""
    back = int(ask.argument) if ask.argument in {str(number) for number in range(_YEARS)} else 0
    for name, one in zip(("report", "report-not-for-all"), await reports(visit, back), strict=True):
        files = {"txt": as_text(one, visit.translator).encode(), "csv": as_table(one, visit.translator)}
        for ending, content in files.items():
            if not await _sent(visit, f"{name}.{ending}", content):
                await visit.add(Screen((desk("The file could not be sent. /report makes it again."),)))
                return
    said = desk("The second pair is for those who read the cases in it, and for nobody else.")
    await visit.add(Screen((said,), ((visit.press(desk("Figures"), "stats"),),)))


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
        yield from ("", translator.say(section.title), translator.say(section.sentence), "")
        for row in section.rows:
            label, *cells = row
            columns = zip(section.head[1:], cells, strict=True)
            told = (f"{translator.say(head)}: {_plain(cell, translator)}" for head, cell in columns)
            yield f"{_plain(label, translator)}: {'; '.join(told)}"
    yield ""
    yield from map(translator.say, one.notes)


def as_table(one: Report, translator: Translator) -> bytes:
    """Give a report as CSV in a language: a table for each section, a number in a cell of its own."""
    rows: list[list[str | int]] = [[translator.say(one.title)], [translator.say(one.scope)]]
    for section in one.sections:
        rows += [[], [translator.say(section.title)], [translator.say(section.sentence)]]
        rows.append([translator.say(head) for head in section.head])
        rows += [[_plain(cell, translator) for cell in row] for row in section.rows]
    rows.append([])
    rows += [[translator.say(note)] for note in one.notes]
    return csv_table(rows)


def _plain(cell: Cell, translator: Translator) -> str | int:
    return cell if isinstance(cell, int) else translator.say(cell or NOT_SHOWN)


async def _sent(visit: Visit, name: str, file: bytes) -> bool:
    await visit.sender.admit(visit.address, urgent=True)
    try:
        sent = await visit.deps.bots[visit.address.door].send_document(
            visit.address.chat_id, BufferedInputFile(file, name), parse_mode=None, protect_content=False
        )
    except AiogramError as error:
        failures.log_error(error)
        return False
    await visit.remember((sent.message_id,), STAYS)
    return True
