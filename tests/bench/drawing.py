"""What the child that draws takes: a picture, a paper of twelve pages, a photo of 12 megapixels; processor time too."""

from __future__ import annotations

import io
import resource
import time
from statistics import median

from PIL import Image
from pypdf import PdfReader

from bot.drawing.parent import Drawer
from flows.measures.charts import Drawing, Photo
from tests.bench.figures import Figures
from tests.bot.drawing.examples import PICTURE, paper

_TIMES = 5


def _photo() -> Photo:
    """A picture of 4,000 by 3,000 pixels with something to see in each."""
    made = io.BytesIO()
    Image.effect_mandelbrot((4_000, 3_000), (-2.0, -1.0, 1.0, 1.0), 40).convert("RGB").save(made, "JPEG", quality=92)
    return Photo(made.getvalue())


async def measure(figures: Figures) -> None:
    """Draw each a few times, in a process of its own each time."""
    report = paper(30)
    pages = len(PdfReader(io.BytesIO(await Drawer().draw(report))).pages)
    for name, drawing, goal in (
        ("a picture of three charts", PICTURE, "1 s"),
        (f"a paper of {pages} pages", report, "3 s"),
        ("a photo of 12 megapixels", _photo(), "1 s, 256 MB"),
    ):
        wall, busy = await _taken(drawing)
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        figures.add(name, f"{wall:.2f} s", f"{busy:.2f} s busy, children so far {largest:.0f} MB", goal=goal)


async def _taken(drawing: Drawing) -> tuple[float, float]:
    """Give the middle seconds by the clock, and of processor time."""
    drawer, took = Drawer(), []
    for _ in range(_TIMES):
        began, busy = time.perf_counter(), _busy()
        await drawer.draw(drawing)
        took.append((time.perf_counter() - began, _busy() - busy))
    return median(one for one, _ in took), median(one for _, one in took)


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
