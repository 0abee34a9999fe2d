"""Draws the outline of a body from the front and from the back, with numbers where something is marked on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flows.measures.charts import Outline

if TYPE_CHECKING:
    from fpdf import FPDF

_WIDTH: Final = 62.0  # millimetres
_HEIGHT: Final = 120.0
_GAP: Final = 30.0
#: Half of the outline below the head, from the neck to between the legs, in thousandths; the other half mirrors it.
_HALF: Final = (
    *((535, 125), (540, 160), (640, 180), (690, 215), (745, 400), (780, 500), (745, 515), (700, 420), (640, 285)),
    *((630, 400), (650, 500), (640, 700), (615, 930), (640, 960), (545, 965), (545, 940), (535, 720), (500, 545)),
)
_HEAD: Final = (425, 0, 150, 130)  # left, top, width, height
_MARK: Final = 5.0  # millimetres across


def draw_outline(sheets: FPDF, outline: Outline, font: str) -> None:
    """Draw both below what is on the page; each has its name above it. The body's left is on the right of the front."""
    if sheets.will_page_break(_HEIGHT + 12):
        sheets.add_page()
    top = sheets.get_y() + 2
    for place, (view, name) in enumerate((("front", outline.front), ("back", outline.back))):
        left = sheets.l_margin + 10 + place * (_WIDTH + _GAP)
        sheets.set_font(font, "", 9)
        sheets.set_xy(left, top)
        sheets.cell(_WIDTH, 6, name, align="C")
        _body(sheets, left, top + 7)
        for mark in outline.marks:
            if mark.view == view:
                _mark(sheets, left + mark.x * _WIDTH / 1000, top + 7 + mark.y * _HEIGHT / 1000, mark.number, font)
    sheets.set_xy(sheets.l_margin, top + _HEIGHT + 12)


def _body(sheets: FPDF, left: float, top: float) -> None:
    across, down = _WIDTH / 1000, _HEIGHT / 1000
    sheets.set_draw_color(120)
    sheets.set_line_width(0.4)
    x, y, width, height = _HEAD
    sheets.ellipse(left + x * across, top + y * down, width * across, height * down)
    around = [*_HALF, *((1000 - x, y) for x, y in reversed(_HALF))]
    sheets.polygon([(left + x * across, top + y * down) for x, y in around], style="D")


def _mark(sheets: FPDF, x: float, y: float, number: int, font: str) -> None:
    sheets.set_fill_color(26, 95, 180)
    sheets.ellipse(x - _MARK / 2, y - _MARK / 2, _MARK, _MARK, style="F")
    sheets.set_text_color(255)
    sheets.set_font(font, "B", 8)
    sheets.set_xy(x - _MARK / 2, y - _MARK / 2)
    sheets.cell(_MARK, _MARK, str(number), align="C")
    sheets.set_text_color(34)
