"""Contact sheets: every screen of a life on one picture, at three sizes, in one colour scheme.

With `HARK_PICTURES=docs/pictures` in the environment they are written below `lives/` there; without it nothing is. The
browser itself lays them out and writes them as WebP, so that no library for pictures is needed.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from playwright.async_api import BrowserContext

from tests.story.lives.camera import SIZES, Scheme

_FOLDER: Final = os.environ.get("HARK_PICTURES", "")
_MOST: Final = 400_000  # bytes of a sheet
#: Where the three pictures of a screen stand in its cell, and how much smaller than on the device.
_PHONE: Final = 0.56
_WIDE: Final = 0.3
_FULL: Final = 30  # screens of a sheet; where there are more, each is smaller
_DRAW: Final = """async ({ screens, sizes, phone, wide, most }) => {
  const gap = 10, [old, phones, laptop] = sizes;
  const height = phones.height * phone + gap + laptop.height * wide + 14;
  const cell = { width: (old.width + phones.width) * phone + gap, height };
  const columns = Math.ceil(Math.sqrt(screens.length * 2.2));
  const rows = Math.ceil(screens.length / columns);
  const sheet = new OffscreenCanvas(columns * (cell.width + 2 * gap), rows * (cell.height + 2 * gap));
  const pen = sheet.getContext("2d");
  pen.fillStyle = "#8a949b";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.font = "bold 13px sans-serif";
  pen.imageSmoothingQuality = "high";
  for (const [number, pictures] of screens.entries()) {
    const left = (number % columns) * (cell.width + 2 * gap) + gap;
    const top = Math.floor(number / columns) * (cell.height + 2 * gap) + gap;
    const at = [[left, top], [left + old.width * phone + gap, top], [left, top + phones.height * phone + gap]];
    for (const [place, picture] of pictures.entries()) {
      const drawn = await createImageBitmap(await (await fetch(picture)).blob());
      const scale = place === 2 ? wide : phone;
      pen.drawImage(drawn, ...at[place], sizes[place].width * scale, sizes[place].height * scale);
    }
    pen.fillStyle = "#000000";
    pen.fillText(String(number + 1), left, top + old.height * phone + 14);
  }
  for (let quality = 0.8; ; quality -= 0.1) {
    const bytes = new Uint8Array(await (await sheet.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
    if (bytes.length > most && quality > 0.15) continue;
    return btoa(bytes.reduce((all, one) => all + String.fromCharCode(one), ""));
  }
}"""


def wanted() -> bool:
    """Whether pictures are to be written."""
    return bool(_FOLDER)


async def write(context: BrowserContext, name: str, taken: Mapping[Scheme, Sequence[Sequence[bytes]]]) -> None:
    """Write one sheet for each colour scheme, such as `parent-en-dark.webp`, each under 400 kB."""
    folder = Path(_FOLDER) / "lives"
    folder.mkdir(parents=True, exist_ok=True)
    page = await context.new_page()  # an empty one, whose policy forbids no picture
    for scheme, screens in taken.items():
        asked = {"screens": [[_as_address(one) for one in screen] for screen in screens], "sizes": SIZES}
        smaller = min(1.0, (_FULL / len(screens)) ** 0.5)
        scales = {"phone": _PHONE * smaller, "wide": _WIDE * smaller}
        drawn = await page.evaluate(_DRAW, {**asked, **scales, "most": _MOST})
        sheet = base64.b64decode(drawn)
        assert len(sheet) <= _MOST, f"{name} {scheme}: {len(sheet)} bytes"
        (folder / f"{name}-{scheme}.webp").write_bytes(sheet)
    await page.close()


def _as_address(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()
