"""Places of a body, by which a lead says where the words about an injury belong on an outline; nothing is guessed.

Left and right are those of the person, so the left hand is on the right of the front.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flows.measures.charts import Mark
from flows.values.text import Text


@dataclass(frozen=True, slots=True)
class BodyPlace:
    """One place: its name, in the one language of what is handed out and for the catalogue, and where it is drawn."""

    name: Text
    back: bool
    x: int
    y: int


def _place(name: str, x: int, y: int, *, back: bool = False) -> BodyPlace:
    return BodyPlace(Text(name, "desk"), back, x, y)


#: By number from 1, as a lead types it; the order never changes, since the numbers stand sealed in cases.
PLACES: Final = (
    _place("head", 500, 25),
    _place("face", 500, 75),
    _place("neck", 500, 145),
    _place("chest", 500, 240),
    _place("belly", 500, 370),
    _place("hips", 500, 480),
    _place("right shoulder", 340, 205),
    _place("left shoulder", 660, 205),
    _place("right upper arm", 300, 300),
    _place("left upper arm", 700, 300),
    _place("right forearm", 265, 410),
    _place("left forearm", 735, 410),
    _place("right hand", 235, 495),
    _place("left hand", 765, 495),
    _place("right thigh", 425, 620),
    _place("left thigh", 575, 620),
    _place("right knee", 415, 720),
    _place("left knee", 585, 720),
    _place("right lower leg", 415, 830),
    _place("left lower leg", 585, 830),
    _place("right foot", 410, 950),
    _place("left foot", 590, 950),
    _place("back of the head", 500, 60, back=True),
    _place("upper back", 500, 240, back=True),
    _place("lower back", 500, 390, back=True),
    _place("bottom", 500, 500, back=True),
    _place("back of the left arm", 300, 300, back=True),
    _place("back of the right arm", 700, 300, back=True),
    _place("back of the left leg", 420, 700, back=True),
    _place("back of the right leg", 580, 700, back=True),
)


def places_typed(text: str) -> frozenset[int] | None:
    """Read the numbers of places as a lead types them, such as `10 24`; None where it is not that."""
    tokens = text.replace(",", " ").split()
    if not tokens or not all(token.isascii() and token.isdigit() and len(token) <= 2 for token in tokens):
        return None
    found = frozenset(map(int, tokens))
    return found if all(1 <= one <= len(PLACES) for one in found) else None


def marks_of(places: Iterable[int]) -> tuple[Mark, ...]:
    """Give where these places are drawn, each under its own number."""
    return tuple(_mark(number, PLACES[number - 1]) for number in sorted(places))


def _mark(number: int, place: BodyPlace) -> Mark:
    return Mark(number, "back" if place.back else "front", place.x, place.y)
