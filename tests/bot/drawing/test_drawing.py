"""Pictures and papers are drawn by a child process with limits; what is in them, and what happens where it fails."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from bot.drawing import limits
from bot.drawing.parent import Drawer
from bot.drawing.wire import read_drawing, write_drawing
from flows.measures.charts import Chart, NotDrawn, Paper, Photo, Picture, Section
from tests.bot.drawing.examples import ARABIC, CHARTS, PICTURE, paper
from tests.programs.start import modules_with

ROOT = Path(__file__).parents[3]
HEAVY = {"matplotlib", "numpy", "fpdf", "PIL", "uharfbuzz", "fontTools", "contourpy", "kiwisolver"}


def text_of(pdf: bytes) -> str:
    """What stands in the text layer, its lines joined."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


@pytest.mark.parametrize("drawing", [PICTURE, paper(2), Photo(b"\xff\xd8\n{}"), Picture((ARABIC,), "svg", rtl=True)])
def test_what_is_told_to_the_child_is_what_it_reads(drawing: Picture | Paper | Photo) -> None:
    assert read_drawing(write_drawing(drawing)) == drawing


async def test_a_picture_is_1200_pixels_wide_in_one_colour_and_grey() -> None:
    made = await Drawer().draw(PICTURE)
    with Image.open(io.BytesIO(made)) as opened:
        assert (opened.format, opened.size) == ("PNG", (1200, 1200))
        found = opened.convert("RGB").getcolors(1 << 24) or []
    coloured = {colour for count, colour in found if count > 2000 and max(colour) - min(colour) > 8}
    assert coloured == {(0x1A, 0x5F, 0xB4)}
    assert any(colour == (0xB0, 0xB0, 0xB0) for _, colour in found)


async def test_letters_can_be_read_at_the_width_of_a_phone() -> None:
    """The dark rows of the first line of the sentence: on a screen of 320 pixels a capital is 8 high at least."""
    made = await Drawer().draw(Picture((Chart("HHHH"),)))
    with Image.open(io.BytesIO(made)) as opened:
        grey = opened.convert("L")
        box = grey.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    assert (box[3] - box[1]) * 320 / 1200 >= 8


async def test_an_svg_has_its_letters_as_paths_and_asks_for_nothing_elsewhere() -> None:
    made = (await Drawer().draw(replace(PICTURE, format="svg"))).decode()
    assert "<text" not in made
    assert "<script" not in made
    assert set(re.findall(r'href="([^"]{0,3})', made)) <= {"#DejaVu"[:3]}
    assert "within 40 minutes" not in made.replace("<!--", "") or "<!--" in made


async def test_right_to_left_begins_at_the_right_edge() -> None:
    made = await Drawer().draw(Picture((ARABIC,), rtl=True))
    with Image.open(io.BytesIO(made)) as opened:
        dark = opened.convert("L").point(lambda value: 255 if value < 128 else 0)
        box = dark.getbbox()
    assert box is not None
    assert 1200 - box[2] < box[0]


async def test_a_picture_of_nothing_is_a_sentence_and_no_bar() -> None:
    made = await Drawer().draw(Picture((CHARTS[2],)))
    with Image.open(io.BytesIO(made)) as opened:
        found = opened.convert("RGB").getcolors(1 << 24) or []
    assert all(max(colour) - min(colour) <= 8 for _, colour in found)


async def test_a_paper_holds_its_words_in_both_directions() -> None:
    made = await Drawer().draw(paper(3))
    text = text_of(made)
    assert "Willow Park School: record K7QM3D" in text
    assert "Tom hit me, and his sister saw it." in text
    assert "Injuries" in text
    assert re.search("[\u0600-\u06ff\ufb50-\ufeff]", text)
    assert PdfReader(io.BytesIO(made)).metadata is not None


async def test_a_paper_asks_for_nothing_elsewhere_and_runs_nothing() -> None:
    said = Paper("x", sections=(Section("see", ("https://example.org/ javascript:alert(1) /JS",)),))
    reader = PdfReader(io.BytesIO(await Drawer().draw(said)))
    assert all("/Annots" not in page for page in reader.pages)
    root = reader.trailer["/Root"].get_object()
    assert not {"/AA", "/Names", "/AcroForm"} & set(root)
    assert isinstance(root["/OpenAction"], list), "a place to be shown first, and no action"


async def test_signs_that_the_font_lacks_spoil_nothing() -> None:
    made = await Drawer().draw(Paper("😀 বাংলা 中文 \u202e \x00", sections=(Section("$x^2$ **b**", ("$1 & <b>",)),)))
    assert made.startswith(b"%PDF-")


async def test_what_cannot_be_drawn_is_one_refusal_and_the_next_one_is_drawn() -> None:
    drawer = Drawer()
    with pytest.raises(NotDrawn):
        await drawer.draw(Photo(b"no picture"))
    with pytest.raises(NotDrawn):
        await Drawer(patience=0.01).draw(PICTURE)
    assert (await drawer.draw(Paper("x"))).startswith(b"%PDF-")


def run_within(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that has shut itself in as the child does."""
    begun = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom bot.drawing import limits\nlimits.shut_in()\n"
    return subprocess.run([sys.executable, "-I", "-c", begun + code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (f"bytearray({limits.MEMORY} + 1)", "MemoryError"),
        ("open('/tmp/hark-drawing', 'w')", "PermissionError"),
        ("import os; os.mkdir('/tmp/hark-drawing')", "PermissionError"),
        ("import socket; socket.create_connection(('127.0.0.1', 9), 1)", "PermissionError"),
        ("import subprocess; subprocess.run(['true'])", "PermissionError"),
        ("import os; os.fork()", "PermissionError"),
        ("[open('/dev/null') for _ in range(99)] and [open('/dev/null') for _ in range(99)]", "Too many open files"),
    ],
)
def test_the_child_has_limits(code: str, error: str) -> None:
    assert error in run_within(f"held = {code}" if code.startswith("[") else code).stderr


def test_the_child_ends_after_five_seconds_of_work() -> None:
    assert run_within("import resource; assert resource.getrlimit(resource.RLIMIT_CPU) == (5, 5)").returncode == 0


def test_hark_loads_nothing_of_it() -> None:
    """What draws costs Hark neither memory nor time at its start."""
    assert not HEAVY & modules_with("bot.wiring")
