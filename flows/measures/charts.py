"""What a picture of figures, a paper of charts and words, and a photo are drawn from: plain values, sentences ready.

Whoever makes one has translated every word of it, and hidden every figure that is not to be seen: the process that
draws is given nothing else (`bot/drawing`), and decides nothing. Handlers give one to `Deps.draw`, and the same as text
where that raises `NotDrawn`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

#: Charts of one picture, and bars of one chart: more could not be read at the width of a phone.
MOST_CHARTS = 3
MOST_BARS = 4

Format: TypeAlias = Literal["png", "svg"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar: what it counts, how long it is, and the words at its end, such as `12` or `fewer than 5`.

    Without a `value` there is no bar, and only what is written. The one that the sentence is about is `strong`.
    """

    label: str
    value: float | None
    shown: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A sentence, and the bars below it; none where there is nothing to count. Four at most are drawn."""

    sentence: str
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Up to three charts on 1200 by 1200 pixels, as PNG, or as SVG with its letters as paths."""

    charts: tuple[Chart, ...]
    format: Format = "png"
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the outline of a body, in thousandths of its width and height, with the number that stands there."""

    number: int
    view: Literal["front", "back"]
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A body from the front and from the back, with numbers where the words of its section tell of something."""

    front: str
    back: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a paper: a heading, paragraphs below it, and a chart or an outline where it has one."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    chart: Chart | None = None
    outline: Outline | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF on A4: a title, lines of a front sheet as name and value, and sections. `footer` is on every page."""

    title: str
    front: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    footer: str = ""
    language: str = "en"
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that somebody sent, of which only the pixels are wanted: a new JPEG without anything else.

    `blurred`: of the pixels no more than where it is light and dark.
    """

    content: bytes = field(repr=False)
    blurred: bool = False


Drawing: TypeAlias = Picture | Paper | Photo


class NotDrawn(Exception):  # noqa: N818 - named for what happened, as the refusals of storage are
    """It could not be drawn in time, or not at all; nothing was made. Say so, and give the same as text."""

    def __init__(self) -> None:
        super().__init__("it was not drawn")
