"""Keeping two writing directions apart: isolates around what is put into a sentence (Unicode Annex 9)."""

from __future__ import annotations

import unicodedata
from typing import Final

#: First strong isolate, and what ends it: what stands between has its own direction and moves nothing around it.
FSI: Final = "\u2068"
PDI: Final = "\u2069"

#: Embeddings, overrides and isolates: in somebody's name they could turn the rest of our sentence around.
_CONTROLS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


def plain(words: str) -> str:
    """`words` without invisible characters that turn text around; letters and marks of every script are left."""
    return words.translate(_CONTROLS)


def apart(words: str) -> str:
    """`words` inside an isolate."""
    return f"{FSI}{words}{PDI}"


def is_right_to_left(words: str) -> bool:
    """Whether any letter or digit in `words` belongs to a script that runs from right to left."""
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in words)


def bare(words: str) -> str:
    """`words` without isolates, for places that show one value alone."""
    return words.replace(FSI, "").replace(PDI, "")
