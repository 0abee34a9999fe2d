"""What the child that draws takes: a picture of three charts, a paper of twelve pages, a photo of 12 megapixels.

Goals: 1 second, 3 seconds, 1 second and 256 MB. Processor time says how it compares where others use the machine too.
"""

from __future__ import annotations

import asyncio
import io
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median
from typing import Final

from PIL import Image
from pypdf import PdfReader

from bot.drawing.parent import Drawer
from flows.measures.charts import Drawing, Photo
from tests.bench.figures import Figures
from tests.bot.drawing.examples import PICTURE, paper

_TIMES: Final = 5
_REPORT: Final = 33  # sections: what makes twelve pages
_MEMORY: Final = 256  # MB


def _photo() -> Photo:
    """A picture of 4,000 by 3,000 pixels with something to see in each."""
    made = io.BytesIO()
    Image.effect_mandelbrot((4_000, 3_000), (-2.0, -1.0, 1.0, 1.0), 40).convert("RGB").save(made, "JPEG", quality=92)
    return Photo(made.getvalue())


async def measure(figures: Figures) -> None:
    """Draw each a few times, in a process of its own each time, and once more for its memory."""
    print("Pictures, papers and photos")
    report = paper(_REPORT)
    pages = len(PdfReader(io.BytesIO(await Drawer().draw(report))).pages)
    for name, drawing, goal in (
        ("a picture of three charts", PICTURE, 1.0),
        (f"a paper of {pages} pages", report, 3.0),
        ("a photo of 12 megapixels", _photo(), 1.0),
    ):
        wall, busy = await _taken(drawing)
        figures.add(name, f"{wall:.2f} s", f"{busy:.2f} s busy", wall / goal, f"{goal:.0f} s")
        peak = _peak(drawing)
        most = (peak / _MEMORY, f"{_MEMORY} MB") if isinstance(drawing, Photo) else (None, "")
        figures.add("  memory at most", f"{peak:.0f} MB", "", *most)


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


def _peak(drawing: Drawing) -> float:
    """Give the most memory that the child held, in MB; asked of a new process, which has had no other child."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_drawn_alone, drawing).result()


def _drawn_alone(drawing: Drawing) -> float:
    asyncio.run(Drawer().draw(drawing))
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
