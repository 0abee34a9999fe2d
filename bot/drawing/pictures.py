"""Draws charts with matplotlib: a sentence, horizontal bars below it, each with its words beside it and no legend.

1200 by 1200 pixels that are looked at on a phone of 320: a letter is 42 pixels high, so that it is 11 there.
`matplotlib_alone.prepare` comes before this module is imported.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from bot.drawing.matplotlib_alone import font_file
from flows.measures.charts import MOST_BARS, MOST_CHARTS, Bar, Chart, Format, Picture

_SIDE: Final = 1200  # pixels
_DPI: Final = 100
_MARGIN: Final = 50
_TITLE: Final = 44  # pixels of a letter's height, with what goes below the line
_WORDS: Final = 40
_LINE: Final = 1.3
_ROW: Final = 110  # of one bar, at most
#: Letters of a line of the title, and of a label: 1100 pixels, and the 440 that labels have.
_TITLE_LETTERS: Final = 40
_LABEL_LETTERS: Final = 19
_BARS_BEGIN: Final = 500
_BARS_END: Final = 880
_WIDE: Final = 0.7  # of a letter's height is the width of a bold one, as a rule
_COLOUR: Final = "#1a5fb4"
_GREY: Final = "#b0b0b0"
_INK: Final = "#222222"


def picture(asked: Picture) -> bytes:
    """Draw up to three charts below each other."""
    charts = asked.charts[:MOST_CHARTS]
    sheet = _Sheet(_SIDE, _SIDE, rtl=asked.rtl)
    room = (_SIDE - 2 * _MARGIN) / max(1, len(charts))
    for place, chart in enumerate(charts):
        top = _MARGIN + place * room
        used = sheet.title(chart.sentence, top)
        sheet.bars(chart.bars[:MOST_BARS], top + used, room - used - 24)
    return sheet.saved(asked.format)


def chart_svg(chart: Chart, *, rtl: bool) -> bytes:
    """Draw the bars of one chart without its sentence, as SVG, for a paper; see `chart_height`."""
    height = chart_height(chart)
    sheet = _Sheet(_SIDE, height, rtl=rtl)
    sheet.bars(chart.bars[:MOST_BARS], 0, height)
    return sheet.saved("svg")


def chart_height(chart: Chart) -> int:
    """Tell how high the bars of a chart are, where they are 1200 wide."""
    return _ROW * max(1, len(chart.bars[:MOST_BARS]))


class _Sheet:
    """A figure, on which places are pixels from the top and from the edge on which reading begins."""

    def __init__(self, width: int, height: int, *, rtl: bool) -> None:
        self._width = width
        self._height = height
        self._rtl = rtl
        self._figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI)
        FigureCanvasAgg(self._figure)

    def title(self, sentence: str, top: float) -> float:
        """Write a sentence in bold lines, and tell how high they are."""
        lines = wrap(sentence, _TITLE_LETTERS)
        size = _TITLE if len(lines) < 3 else _TITLE * 2 // 3  # a long one in smaller letters, and whole
        lines = lines if size == _TITLE else wrap(sentence, _TITLE_LETTERS * 3 // 2)
        for place, line in enumerate(lines):
            self._text(_MARGIN, top + (place + 0.8) * size * _LINE, line, size, bold=True)
        return len(lines) * size * _LINE + 16

    def bars(self, bars: Sequence[Bar], top: float, room: float) -> None:
        """Draw bars below each other: what is counted, how much it is, and that in words."""
        row = min(float(_ROW), room / max(1, len(bars)))
        longest = max((bar.value for bar in bars if bar.value is not None), default=0) or 1
        for place, bar in enumerate(bars):
            middle = top + (place + 0.5) * row
            self._label(bar.label, middle, row)
            reach = 0.0 if bar.value is None else max(4.0, (_BARS_END - _BARS_BEGIN) * bar.value / longest)
            if reach:
                self._bar(middle, reach, row * 0.6, _COLOUR if bar.strong else _GREY)
            begin = _BARS_BEGIN + reach + 16
            size = min(_WORDS, row * 0.75, (self._width - begin) / max(1, len(bar.shown)) / _WIDE)
            self._text(begin, middle + size * 0.35, bar.shown, size, bold=bar.strong)

    def saved(self, kind: Format) -> bytes:
        """Give it as a file, in which nothing tells when and by what it was made."""
        made = io.BytesIO()
        unsaid = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        self._figure.savefig(made, format=kind, dpi=_DPI, metadata=unsaid)
        return made.getvalue()

    def _label(self, label: str, middle: float, row: float) -> None:
        """Write what is counted, in one line, or in two smaller ones."""
        lines = wrap(label, _LABEL_LETTERS)[:2]
        size = min(_WORDS, row * (0.75 if len(lines) < 2 else 0.48))
        for place, line in enumerate(lines):
            lower = (place - (len(lines) - 1) / 2) * size * 1.05
            self._text(_MARGIN, middle + lower + size * 0.35, line, size)

    def _bar(self, middle: float, reach: float, height: float, colour: str) -> None:
        left = self._width - _BARS_BEGIN - reach if self._rtl else _BARS_BEGIN
        corner = (left / self._width, 1 - (middle + height / 2) / self._height)
        bar = Rectangle(corner, reach / self._width, height / self._height, color=colour)
        bar.set_transform(self._figure.transFigure)
        self._figure.add_artist(bar)

    def _text(self, begin: float, base: float, words: str, size: float, *, bold: bool = False) -> None:
        """Write one line; `base` is where its letters stand, `size` their height in pixels."""
        font = FontProperties(fname=str(font_file(bold=bold)), size=size * 72 / _DPI)
        x = (self._width - begin if self._rtl else begin) / self._width
        side = "right" if self._rtl else "left"
        y = 1 - base / self._height
        self._figure.text(x, y, words, ha=side, color=_INK, fontproperties=font, parse_math=False)
