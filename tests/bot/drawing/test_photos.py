"""Of a photo the pixels alone go on: into a new JPEG, with nothing of what else was in the file."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.drawing.parent import Drawer
from flows.measures.charts import NotDrawn, Photo

CANARY = b"CANARY-Elm-Road-7"


def photo(size: tuple[int, int] = (64, 48), kind: str = "JPEG", **kept: object) -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(made, kind, **kept)  # type: ignore[arg-type]
    return made.getvalue()


def with_everything() -> bytes:
    """A JPEG with a place, a comment, a thumbnail's worth of maker's notes, and a second file behind its end."""
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = CANARY.decode()
    return photo(exif=exif, comment=CANARY, icc_profile=CANARY * 9) + b"PK\x03\x04" + CANARY


async def opened(content: bytes) -> Image.Image:
    made = await Drawer().draw(Photo(content))
    assert CANARY not in made
    return Image.open(io.BytesIO(made))


async def test_a_place_a_comment_and_a_file_behind_it_stay_behind() -> None:
    found = await opened(with_everything())
    assert found.format == "JPEG"
    assert found.size == (48, 64), "it stands upright"
    assert not found.getexif()
    assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_other_kinds_become_a_jpeg_too_without_what_they_tell_besides(kind: str) -> None:
    told, exif = PngInfo(), Image.Exif()
    told.add_itxt("Comment", CANARY.decode())
    exif[0x010E] = CANARY.decode()
    content = photo(kind=kind, pnginfo=told, exif=exif, xmp=b"<x>" + CANARY + b"</x>")
    assert CANARY in content
    assert (await opened(content)).format == "JPEG"


async def test_what_is_seen_through_is_white() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(made, "PNG")
    pixel = (await opened(made.getvalue())).getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


async def test_a_large_one_is_made_smaller() -> None:
    assert (await opened(photo((4000, 3000)))).size == (2560, 1920)


def bomb(side: int) -> bytes:
    """A PNG that says it is `side` pixels wide and high, of a few hundred bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(bomb(30_000), id="a bomb of pixels"),
        pytest.param(bomb(7_200), id="just beyond what is taken"),
        pytest.param(photo(kind="PNG")[:-40], id="cut"),
        pytest.param(photo(kind="GIF"), id="another kind of picture"),
        pytest.param(b"%PDF-1.7\n" + photo(), id="a picture behind the head of a PDF"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="an SVG"),
        pytest.param(b"GIF89a/*" + photo(), id="a script that is a picture too"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="a program for a printer"),
    ],
)
async def test_hostile_files_make_no_picture(hostile: bytes) -> None:
    with pytest.raises(NotDrawn):
        await Drawer().draw(Photo(hostile))
