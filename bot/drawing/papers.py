"""Makes a PDF on A4 with fpdf2: a front sheet, and the sections below it, with letters shaped and in their direction.

What it is given is all that is in the file, in any layer: nothing is laid over anything, and no picture of a text.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont

from bot.drawing.bodies import draw_outline
from bot.drawing.matplotlib_alone import font_file, prepare
from flows.measures.charts import Paper, Section

_FONT: Final = "words"
#: Stands where a PDF has the time at which it was made: the same content is the same file, whenever that was.
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MARGIN: Final = 18.0  # millimetres
_NAMES: Final = 48.0  # the column of names on the front sheet
_INK: Final = 34  # grey, of 255
_RTL: Final = frozenset({"R", "AL"})
_STRONG: Final = _RTL | {"L"}
_CHART_WIDTH: Final = 174.0


class _Sheets(FPDF):
    """Pages with a line at their foot: what this is, and which page of how many."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=22)
        for style in ("", "B"):
            self.add_font(_FONT, style, font_file(bold=bool(style)))
        self.set_text_shaping(use_shaping_engine=True)
        self.set_text_color(_INK)
        self._widths: dict[tuple[str, float, str], float] = {}

    def width_of(self, word: str) -> float:
        """How wide a word is in the present font; its letters by themselves, unless they join."""
        key = (self.font_style, self.font_size_pt, word)
        if key not in self._widths:
            joins = any(unicodedata.bidirectional(sign) in _RTL for sign in word)
            self._widths[key] = self.get_string_width(word) if joins else self._by_letters(word)
        return self._widths[key]

    def _by_letters(self, word: str) -> float:
        font = self.current_font
        if not isinstance(font, TTFFont):  # there is no other one here
            return self.get_string_width(word)
        _, width = font.get_text_width(word, self.font_size_pt, None)
        return width / self.k

    def footer(self) -> None:
        """Write it below each page."""
        self.set_y(-16)
        self.set_font(_FONT, size=8)
        self.cell(0, 6, self._foot, align=Align.L)
        self.set_x(self.l_margin)
        self.cell(0, 6, str(self.page_no()), align=Align.R)


def pdf(paper: Paper) -> bytes:
    """Lay it out."""
    sheets = _Sheets(paper.footer)
    sheets.set_title(paper.title)
    sheets.set_lang(paper.language)
    sheets.set_creation_date(_NO_TIME)
    sheets.add_page()
    _write(sheets, paper.title, 17, bold=True, rtl=paper.rtl)
    sheets.ln(3)
    for name, value in paper.front:
        _named(sheets, name, value, rtl=paper.rtl)
    for section in paper.sections:
        _section(sheets, section, rtl=paper.rtl)
    return bytes(sheets.output())


def _section(sheets: _Sheets, section: Section, *, rtl: bool) -> None:
    sheets.ln(4)
    if sheets.will_page_break(24):
        sheets.add_page()
    _write(sheets, section.heading, 11, bold=True, rtl=rtl)
    sheets.ln(1)
    for paragraph in section.paragraphs:
        for line in paragraph.split("\n"):
            _write(sheets, line, 10, rtl=rtl)
        sheets.ln(1.5)
    if section.chart is not None:
        prepare()
        from bot.drawing.pictures import chart_height, chart_svg  # noqa: PLC0415 - a paper of words needs no charts

        if section.chart.sentence != section.heading:
            _write(sheets, section.chart.sentence, 11, bold=True, rtl=rtl)
        height = chart_height(section.chart) * _CHART_WIDTH / 1200
        if sheets.will_page_break(height):
            sheets.add_page()
        if section.chart.bars:  # else there is nothing to count, and the sentence says so
            sheets.image(io.BytesIO(chart_svg(section.chart, rtl=rtl)), w=_CHART_WIDTH)
    if section.outline is not None:
        draw_outline(sheets, section.outline, _FONT)


def _named(sheets: _Sheets, name: str, value: str, *, rtl: bool) -> None:
    """One line of the front sheet: a name, and beside it what stands for it."""
    if rtl:
        _write(sheets, f"{name}: {value}", 10, rtl=True)
        return
    if sheets.will_page_break(8):
        sheets.add_page()
    top, page = sheets.get_y(), sheets.page
    _write(sheets, name, 10, bold=True, rtl=False, width=_NAMES - 2)
    below = sheets.get_y()
    sheets.set_y(top)
    sheets.set_left_margin(_MARGIN + _NAMES)
    _write(sheets, value, 10, rtl=False)
    sheets.set_left_margin(_MARGIN)
    sheets.set_y((sheets.get_y() if sheets.page > page else max(below, sheets.get_y())) + 1)


def _write(
    sheets: _Sheets, words: str, size: float, *, bold: bool = False, rtl: bool, width: float | None = None
) -> None:
    """Write one paragraph, in the direction of its own first letter, line below line."""
    sheets.set_font(_FONT, "B" if bold else "", size)
    side = _side(words, rtl=rtl)
    room = sheets.epw if width is None else width
    for line in _lines(sheets, words, room):
        sheets.cell(room, size * 0.56, line, align=side, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _lines(sheets: _Sheets, words: str, room: float) -> Iterator[str]:
    """Break a paragraph between words, each of which is measured once; one that is wider than a line is cut.

    fpdf2 would measure what it has of a line anew with every letter: that takes three times as long.
    """
    line, used, space = "", 0.0, sheets.width_of(" ")
    for word in _pieces(sheets, words, room - 2 * sheets.c_margin):
        wide = sheets.width_of(word)
        if line and used + space + wide > room - 2 * sheets.c_margin:
            yield line
            line, used = "", 0.0
        line, used = (f"{line} {word}", used + space + wide) if line else (word, wide)
    yield line


def _pieces(sheets: _Sheets, words: str, room: float) -> Iterator[str]:
    for word in words.split():
        rest = word
        while sheets.width_of(rest) > room:
            fitting = max(1, int(len(rest) * room / sheets.width_of(rest) * 0.9))
            yield rest[:fitting]
            rest = rest[fitting:]
        yield rest


def _side(words: str, *, rtl: bool) -> Align:
    first = next((kind for sign in words if (kind := unicodedata.bidirectional(sign)) in _STRONG), None)
    right = rtl if first is None else first in _RTL
    return Align.R if right else Align.L
