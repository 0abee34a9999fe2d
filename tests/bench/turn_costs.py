"""Processor time of a reporter's and of a lead's turns, of this checkout against another one, by turns in one run.

Each turn goes from the update to the message through everything but the network, and is committed to a file. Besides
`tests.bench` it imports only what an earlier checkout has too: it runs there as it stands here.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.bench.figures import Figures

_HERE: Final = Path(__file__).parents[2]
_ROUNDS: Final = 7
_CHATS: Final = 24  # reporters in one round, and cases that a lead then works through
_ANSWERING: Final = "a reporter's turn"
_SENDING: Final = "a reporter's turn that sends"  # apart: most of it is the receipt's slow derivation
_LEAD: Final = "a lead's turn"
_SAYS: Final = ("/queue", "/case {reference}", "/claim", "/label seen", "/brief")


def measure(figures: Figures, against: Path | None) -> None:
    """Run rounds here and there in turn; a figure is the median of its rounds.

    Args:
        figures: Where they go.
        against: The other checkout.

    Raises:
        SystemExit: None was named.
    """
    if against is None:
        raise SystemExit("the part costs needs --against DIR, another checkout")
    print(f"Turns, against the checkout {against.name}")
    here, there = list[dict[str, float]](), list[dict[str, float]]()
    for _ in range(_ROUNDS):
        here.append(_round(_HERE))
        there.append(_round(against.resolve()))
    for what in (_ANSWERING, _SENDING, _LEAD):
        ours, theirs = (median(one[what] for one in rounds) for rounds in (here, there))
        figures.add(f"{what}, processor time", f"{ours:.2f} ms", f"there {theirs:.2f} ms", ours / theirs, "1x")


def _round(checkout: Path) -> dict[str, float]:
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    ran = subprocess.run([sys.executable, __file__], cwd=checkout, env=environ, capture_output=True, check=True)
    told: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return told


async def _measured() -> dict[str, float]:
    """Milliseconds of processor time of the middle one of each kind of turn, on average over the kinds."""
    from bot.updates.lazy_aiogram import import_aiogram

    import_aiogram()
    from tests.handlers.paths import to_the_words
    from tests.handlers.world import World

    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        await world.start()
        await world.joined("Grace Okafor", "lead", "Safeguarding lead")
        await world.joined("Henry Head", "head", "Head")
        take = world.take
        reporting: list[list[float]] = []
        for number in range(_CHATS):
            reporting.append([])
            person = world.person(7_100_000 + number)
            person.take = lambda update: _timed(take(update), reporting[-1])
            await to_the_words(person)
        session = await world.lead()
        rows = (await world.store.desk.queues.page(session, limit=_CHATS)).rows
        lead = world.person(session.address.chat_id)
        desk: list[list[float]] = []
        for row in rows:
            desk.append([])
            lead.take = lambda update: _timed(take(update), desk[-1])
            for said in _SAYS:
                await lead.types(said.format(reference=row.reference))
        await world.store.close()
    *answering, sending = _middles(reporting)
    took = {_ANSWERING: answering, _SENDING: [sending], _LEAD: _middles(desk)}
    return {what: 1000 * sum(times) / len(times) for what, times in took.items()}


def _middles(rounds: list[list[float]]) -> list[float]:
    """The median of each turn of a walk; the first walks load what is loaded once."""
    return [median(times) for times in zip(*rounds[2:], strict=True)]


async def _timed(turn: Awaitable[None], took: list[float]) -> None:
    began = time.process_time()
    await turn
    took.append(time.process_time() - began)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_measured())) + "\n")
