"""`make bench`: every figure in one run, as a ratio and as it is. Not a test: nothing here fails for being slow."""

from __future__ import annotations

import argparse
import asyncio

from tests.bench import desk, excluding, flood, naming, open_drafts, page, scale, sending, team, turns, waiting
from tests.bench.figures import Figures

PARTS = ("commands", "start", "turns", "sending", "desk", "excluding", "drafts", "names", "flood", "page", "team")
#: What is measured only where it is asked for.
APART = ("scale",)


def main() -> None:
    """Measure the parts asked for."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join((*PARTS, *APART))}; all but the last without"
    )
    asked.add_argument(
        "--quick", action="store_true", help="leave out the desk at 100,000 cases, which takes minutes to fill"
    )
    asked.add_argument("--cases", type=int, default=1_000_000, help="of the part `scale`")
    asked.add_argument("--past", type=int, default=100_000, help="old cases of the part `team`")
    asked.add_argument("--engines", default="sqlite,postgresql", help="of the part `scale`")
    given = asked.parse_args()
    figures = Figures()
    for part in given.parts or PARTS:
        _measure(part, figures, given)
    figures.table()


def _measure(part: str, figures: Figures, given: argparse.Namespace) -> None:
    match part:
        case "commands":
            waiting.commands(figures)
        case "start":
            waiting.start(figures)
        case "turns":
            turns.measure(figures, 4.0)
        case "sending":
            asyncio.run(sending.measure(figures))
        case "desk":
            for cases in (1_000,) if given.quick else (1_000, 100_000):
                asyncio.run(desk.measure(figures, cases))
        case "team":
            asyncio.run(team.measure(figures, given.past if not given.quick else 2_000))
        case "excluding" | "drafts" | "names" | "flood" | "page":
            _measure_whole(part, figures)
        case "scale":
            asyncio.run(scale.measure(figures, given.cases, given.engines.split(",")))
        case _:
            raise SystemExit(f"there is no part {part!r}")


def _measure_whole(part: str, figures: Figures) -> None:
    match part:
        case "excluding":
            asyncio.run(excluding.measure(figures))
        case "drafts":
            open_drafts.measure(figures, 10_000)
        case "names":
            naming.measure(figures)
        case "flood":
            asyncio.run(flood.measure(figures))
        case _:
            page.measure(figures)


if __name__ == "__main__":
    main()
