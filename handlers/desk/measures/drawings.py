"""The charts as one picture, and a report as a paper: what the child process draws, with every word translated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from flows.measures.charts import Bar, Chart, Format, Paper, Picture, Section
from flows.measures.report import NOT_SHOWN, Cell, Report
from flows.measures.report import Section as Table
from flows.measures.stats import ChartData
from flows.values.text import Text
from handlers.telegram.languages import Translator

_SEPARATED: Final = " · "


def picture(charts: Sequence[ChartData], translator: Translator, form: Format = "png") -> Picture:
    """Give the picture of `/stats`: up to three charts, each below its sentence.

    Of how people felt it shows the first question alone: a phone has no room for more.
    """
    return Picture(tuple(_chart(one, translator) for one in charts), form, rtl=translator.right_to_left)


def _chart(data: ChartData, translator: Translator) -> Chart:
    sentence = translator.say(data.headline or data.title)
    if data.is_empty:
        return Chart(sentence)
    shown = data.drawn or data.bars
    most = max((number for _, number, _ in shown if number is not None), default=None)
    bars = (
        Bar(
            translator.say(label), number, _end(number, share, translator), strong=number is not None and number == most
        )
        for label, number, share in shown
    )
    return Chart(sentence, tuple(bars))


def _end(number: int | None, share: int | None, translator: Translator) -> str:
    """The words at the end of a bar."""
    if number is None:
        return translator.say(NOT_SHOWN)
    return str(number) if share is None else f"{number} ({share} %)"


def paper(report: Report, translator: Translator) -> Paper:
    """Give a report as a paper: what is counted, a chart and the numbers below it for each section, and the notes."""
    title = translator.say(report.title)
    sections = (
        Section(translator.say(one.title), tuple(lines_of(one, translator)), chart=_chart(one.chart, translator))
        for one in report.sections
    )
    notes = Section(translator.say(Text("How it is counted", "desk")), tuple(map(translator.say, report.notes)))
    scope = Section(translator.say(Text("What is counted", "desk")), (translator.say(report.scope),))
    language, rtl = translator.language, translator.right_to_left
    return Paper(title, sections=(scope, *sections, notes), footer=title, language=language, rtl=rtl)


def lines_of(table: Table, translator: Translator) -> Iterator[str]:
    """Give a line of text for what stands in each column of a table, and one for each row."""
    yield _SEPARATED.join(map(translator.say, table.head[1:]))
    for label, *cells in table.rows:
        yield f"{plain(label, translator)}: {_SEPARATED.join(str(plain(cell, translator)) for cell in cells)}"


def plain(cell: Cell, translator: Translator) -> str | int:
    """Give a cell as it is written: a number, or words."""
    return cell if isinstance(cell, int) else translator.say(cell or NOT_SHOWN)
