"""Long things in pages: paragraphs and somebody's own words, each page within one message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flows.values.screen import Screen
from flows.values.text import Text
from handlers.telegram.languages import Translator
from handlers.telegram.renderer import marks_in
from handlers.telegram.text_limits import cut, units

#: UTF-16 units of one page: a message holds 4,096 (Bot API), and the page's own line and isolates need room.
FULL: Final = 3_500
#: Words up to this long are quoted in a paragraph, unless their piece is to stand alone (`whole`).
_QUOTED: Final = 400


@dataclass(frozen=True, repr=False)
class Piece:
    """A heading, and somebody's own words under it, shown as they were written; words may be empty.

    `marks` are places in the words, in characters, that are shown bold; words with marks stand alone.
    """

    heading: Text
    words: str = ""
    whole: bool = False
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, repr=False)
class Leaf:
    """What one page shows: paragraphs, then at most one run of own words."""

    paragraphs: tuple[Text, ...]
    words: str | None = None
    marks: tuple[tuple[int, int], ...] = ()

    def screen(self) -> Screen:
        """The page without buttons."""
        return Screen(self.paragraphs, verbatim=self.words, marks=self.marks)


def leaves(pieces: Iterable[Piece], translator: Translator, full: int = FULL) -> tuple[Leaf, ...]:
    """`pieces` in order, on as few pages as hold them; nothing is left out and words are only cut where a page ends.

    Own words close their page, so that they never run into a sentence of ours.
    """
    made: list[Leaf] = []
    waiting: list[Text] = []
    used = 0
    for piece in map(_quoted, pieces):
        size = units(translator.say(piece.heading)) + 2
        if waiting and used + size + min(units(piece.words), full // 4) > full:
            made.append(Leaf(tuple(waiting)))
            waiting, used = [], 0
        waiting.append(piece.heading)
        used += size
        at = 0
        for part in cut(piece.words, full, first=max(full - used, full // 4)):
            made.append(Leaf(tuple(waiting), part, marks_in(piece.marks, at, at + len(part))))
            at += len(part)
            waiting, used = [], 0
    if waiting:
        made.append(Leaf(tuple(waiting)))
    return tuple(made)


def _quoted(piece: Piece) -> Piece:
    if piece.whole or piece.marks or not piece.words or units(piece.words) > _QUOTED:
        return piece
    return Piece(Text("{heading}\n“{words}”", "desk", {"heading": piece.heading, "words": piece.words}))
