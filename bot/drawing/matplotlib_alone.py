"""Has matplotlib look for nothing outside its own folder: no settings and no cache in anybody's home, no other font."""

from __future__ import annotations

import os
from pathlib import Path


def prepare() -> None:
    """Prepare it; to be called before `pictures` is imported, since it looks for all that as it is imported."""
    os.environ.update(MATPLOTLIBRC=str(Path(__file__).with_name("matplotlibrc")), MPL_IGNORE_SYSTEM_FONTS="1")
    import matplotlib as mpl  # noqa: PLC0415 - it reads the environment

    mpl.get_cachedir = lambda: os.devnull  # nothing is kept from one picture to the next
