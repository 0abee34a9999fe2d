"""`make bench`: every figure in one run, as a ratio and as it is. Not a test: nothing here fails for being slow."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from bot.deployment.garbage import look_for_garbage_rarely
from tests.bench import (
    audit,
    desk,
    drawing,
    excluding,
    flood,
    measures,
    naming,
    open_drafts,
    page,
    people,
    rotation,
    scale,
    sending,
    sharing,
    team,
    turn_costs,
    turns,
    waiting,
)
from tests.bench.figures import Figures

Part: TypeAlias = Callable[[Figures, argparse.Namespace], None]


def _desk(figures: Figures, given: argparse.Namespace) -> None:
    for cases in (1_000,) if given.quick else (1_000, 100_000):
        asyncio.run(desk.measure(figures, cases))


def _team(figures: Figures, given: argparse.Namespace) -> None:
    asyncio.run(team.measure(figures, given.past if not given.quick else 2_000))


def _scale(figures: Figures, given: argparse.Namespace) -> None:
    asyncio.run(scale.measure(figures, given.cases, given.engines.split(",")))


#: By its name, in the order of the whole run.
PARTS: Final[Mapping[str, Part]] = {
    "commands": lambda figures, _: waiting.commands(figures),
    "start": lambda figures, _: waiting.start(figures),
    "turns": lambda figures, _: turns.measure(figures, 4.0),
    "sending": lambda figures, _: asyncio.run(sending.measure(figures)),
    "desk": _desk,
    "excluding": lambda figures, _: asyncio.run(excluding.measure(figures)),
    "drafts": lambda figures, _: open_drafts.measure(figures, 10_000),
    "names": lambda figures, _: naming.measure(figures),
    "flood": lambda figures, _: asyncio.run(flood.measure(figures)),
    "page": lambda figures, _: page.measure(figures),
    "team": _team,
    "audit": lambda figures, _: audit.measure(figures),
    "rotation": lambda figures, _: asyncio.run(rotation.measure(figures, 20_000)),
    "drawing": lambda figures, _: asyncio.run(drawing.measure(figures)),
    "measures": lambda figures, _: asyncio.run(measures.measure(figures)),
    "people": lambda figures, _: asyncio.run(people.measure(figures)),
    "sharing": lambda figures, _: asyncio.run(sharing.measure(figures)),
}
#: What is measured only where it is asked for.
APART: Final[Mapping[str, Part]] = {
    "scale": _scale,
    "costs": lambda figures, given: turn_costs.measure(figures, given.against),
}


def main() -> None:
    """Measure the parts asked for, or all of `PARTS`."""
    every = {**PARTS, **APART}
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    named = f"of {', '.join(every)}; all but {' and '.join(APART)} without"
    asked.add_argument("parts", nargs="*", metavar="PART", help=named)
    asked.add_argument(
        "--quick", action="store_true", help="leave out the desk at 100,000 cases, which takes minutes to fill"
    )
    asked.add_argument("--cases", type=int, default=1_000_000, help="of the part `scale`")
    asked.add_argument("--past", type=int, default=100_000, help="old cases of the part `team`")
    asked.add_argument("--against", type=Path, help="another checkout, of the part `costs`")
    asked.add_argument("--engines", default="sqlite,postgresql", help="of the part `scale`")
    given = asked.parse_args()
    if unknown := set(given.parts) - set(every):
        asked.error(f"there is no part {', '.join(sorted(unknown))}")
    look_for_garbage_rarely()  # as the program does that is measured here
    figures = Figures()
    for part in given.parts or PARTS:
        every[part](figures, given)
    figures.table()


if __name__ == "__main__":
    main()
