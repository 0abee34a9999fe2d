"""Looks at each screen of a life at three sizes, light and dark: axe, and pictures where they are wanted.

At each size in light, and at the smallest in dark, axe looks at each screen that holds something, a kind of bubble, key
or field, which it has not seen there: sizes go by the window, colours by the scheme, and both by classes, not by words.
At the smallest in light it looks at every screen in `make exhaustive`. Whether a screen fits is measured at each.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from playwright.async_api import Page, ViewportSize

from tests.story.lives.accessibility import components, faults
from tests.thoroughness import EXHAUSTIVE

Scheme: TypeAlias = Literal["light", "dark"]

SIZES: Final[tuple[ViewportSize, ...]] = (
    {"width": 320, "height": 568},
    {"width": 360, "height": 640},
    {"width": 1280, "height": 800},
)
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
_ARRANGED: Final = """([width, dark]) => (
  innerWidth === width && matchMedia("(prefers-color-scheme: dark)").matches === dark
)"""
_DRAWN: Final = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
_OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Arrangement:
    """A size of the window, by its place in `SIZES`, and a colour scheme."""

    size: int
    scheme: Scheme

    def __str__(self) -> str:
        return f"{SIZES[self.size]['width']} wide, {self.scheme}"


_ALL: Final = tuple(Arrangement(size, scheme) for scheme in SCHEMES for size in range(len(SIZES)))
_FIRST: Final = _ALL[0]
_CHECKED: Final = tuple(one for one in _ALL if one.scheme == _FIRST.scheme or one.size == _FIRST.size)


@dataclass
class Seen:
    """What axe has looked at, by arrangement; one for all lives of a run."""

    kinds: dict[Arrangement, set[str]] = field(default_factory=lambda: defaultdict(set))

    def is_new(self, arrangement: Arrangement, kinds: frozenset[str]) -> bool:
        """Note these kinds, and tell whether any of them is new there."""
        fresh = kinds - self.kinds[arrangement]
        self.kinds[arrangement] |= fresh
        return bool(fresh)


@dataclass
class Camera:
    """Goes through a life with one tab: `wrong` is what axe found, and a page wider than its window.

    `taken` are the pictures, screen after screen, where `takes` says so.
    """

    page: Page
    seen: Seen
    takes: bool
    taken: dict[Scheme, list[tuple[bytes, ...]]] = field(default_factory=lambda: {scheme: [] for scheme in SCHEMES})
    screens: int = 0
    wrong: list[str] = field(default_factory=list)
    arranged: Arrangement = _FIRST  # as every tab of the life is opened

    async def look(self) -> None:
        """Look at what the tab shows, and note what is wrong with it; it is as before afterwards."""
        self.screens += 1
        pictures: dict[Arrangement, bytes] = {}
        kinds = await components(self.page)
        for arrangement in _ALL if self.takes else _CHECKED:
            new = arrangement in _CHECKED and self.seen.is_new(arrangement, kinds)
            checked = new or (EXHAUSTIVE and arrangement == _FIRST)
            if not checked and not self.takes and arrangement != _FIRST:
                continue
            await self._arrange(arrangement)
            if self.takes:
                pictures[arrangement] = await self.page.screenshot(animations="disabled")
            if checked:
                self.wrong += [f"screen {self.screens}, {arrangement}: {one}" for one in await faults(self.page)]
            if await self.page.evaluate(_OVERFLOW) > 0:
                self.wrong.append(f"screen {self.screens}, {arrangement}: wider than the window")
        await self._arrange(_FIRST)
        for scheme in SCHEMES if self.takes else ():
            self.taken[scheme].append(tuple(pictures[Arrangement(size, scheme)] for size in range(len(SIZES))))

    async def _arrange(self, arrangement: Arrangement) -> None:
        if arrangement == self.arranged:
            return
        self.arranged = arrangement
        await self.page.set_viewport_size(SIZES[arrangement.size])
        await self.page.emulate_media(color_scheme=arrangement.scheme)
        there = [SIZES[arrangement.size]["width"], arrangement.scheme == "dark"]
        await self.page.wait_for_function(_ARRANGED, arg=there)
        await self.page.evaluate(_DRAWN)
