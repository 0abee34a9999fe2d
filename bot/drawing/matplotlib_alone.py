"""Matplotlib by itself: it looks for nothing outside its own folder, and its one font serves pictures and papers.

That is DejaVu Sans, which has Latin, Greek, Cyrillic and Arabic. It has no letters of Indic or East Asian scripts: they
come out as empty boxes, which `docs/dependencies.md` says.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_FONTS: Final = Path("mpl-data", "fonts", "ttf")


def prepare() -> None:
    """Have it read no settings, cache or font of anybody's; to be called before `pictures` is imported.

    It looks for all that as it is imported. Nor does it read the hundred fonts that it comes with, since each text
    names the file of its font, or write the help texts of its classes: together that was a third of what it takes.
    """
    os.environ.update(MATPLOTLIBRC=str(Path(__file__).with_name("matplotlibrc")), MPL_IGNORE_SYSTEM_FONTS="1")
    import matplotlib as mpl  # noqa: PLC0415 - it reads the environment

    mpl.get_cachedir = lambda: os.devnull  # nothing is kept from one picture to the next
    files, mpl.get_data_path = mpl.get_data_path, lambda: os.devnull
    from matplotlib import artist, font_manager  # noqa: F401, PLC0415 - here it would read every font

    mpl.get_data_path = files
    artist.kwdoc = lambda artist: ""  # noqa: ARG005 - as it is called


def font_file(*, bold: bool = False) -> Path:
    """Give the file of the font, without loading matplotlib.

    Raises:
        FileNotFoundError: matplotlib is not there.
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise FileNotFoundError
    return Path(found.origin).parent / _FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
