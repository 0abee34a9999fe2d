"""The one font of pictures and papers: DejaVu Sans, as matplotlib brings it; it has Latin, Greek, Cyrillic and Arabic.

It has no letters of Indic or East Asian scripts: they come out as empty boxes, which `docs/dependencies.md` says.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

_FOLDER: Final = Path("mpl-data", "fonts", "ttf")


def font_file(*, bold: bool = False) -> Path:
    """Give the file of the font, without loading matplotlib.

    Raises:
        FileNotFoundError: matplotlib is not there.
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise FileNotFoundError
    return Path(found.origin).parent / _FOLDER / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
