"""Ten thousand people in the middle of a conversation: what that costs the running bot in memory."""

from __future__ import annotations

from tests.bench.figures import Figures
from tests.bench.programs import running
from tests.bench.school import school
from tests.bench.turns import crowd, spoken_to, until_turns

_TURNS = 2  # of each: the greeting, and who is writing; then a draft is open
_PATIENCE = 300  # seconds


def measure(figures: Figures, people: int) -> None:
    """The bot's memory before and after `people` began and left."""
    print(f"Memory with {people:,} open drafts")
    with (
        school() as settings,
        crowd(50, "begin") as url,
        running("bot", "run", settings=settings | spoken_to(url)) as program,
    ):
        until_turns(url, 200)
        before = program.memory()
        until_turns(url, people * _TURNS, _PATIENCE)
        after = program.memory()
    grown = (after - before) * 1024 / people
    told = f"{before:.0f} -> {after:.0f} MiB"
    figures.add(f"memory, {people:,} open drafts", told, f"{grown:.2f} KiB a draft", after / before)
