"""What goes wrong around Hark while a crowd writes: each function is one fault, done for a few seconds."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.webchat.base.faults import Delivery, Faults
from bot.webchat.base.faults import Fault as Spoilt
from tests.faults.crowd import Crowd, Fault, row, through
from tests.faults.lives import Lives, lives
from tests.faults.table import Row
from tests.newest import Engine
from tests.raw_database import writes_held

_HTML = "<html><body>Bad Gateway</body></html>"
#: The calls that are answered wrongly.
METHODS = ("sendMessage", "editMessageText", "getUpdates", "answerCallbackQuery")
_ROUNDS = 12
_BETWEEN = 0.1  # seconds
_HOUR = 3600.0  # seconds
_PATIENCE = 30.0  # seconds until a turn meets a full disk
_ENDS = 40.0  # seconds that an orderly end may take at most
_JUMPS = (1, -2, 10, -0.5, 14, -24)  # hours
_LOCKS = (0.2, 1.0, 0.5, 11.0, 0.3)  # seconds; one is longer than Hark waits
#: How the next call of a method is answered.
ANSWERS: Mapping[str, Callable[[Faults, str], Spoilt]] = {
    "429": lambda faults, method: faults.flood(method, 1),
    "502 in HTML": lambda faults, method: faults.next_answer(method, 502, _HTML),
    "502 in HTML, after accepting": lambda faults, method: faults.next_answer(method, 502, _HTML, after=True),
    "200 in HTML": lambda faults, method: faults.next_answer(method, 200, _HTML, after=True),
    "a reset": lambda faults, method: faults.drop(method),
    "a reset, after accepting": lambda faults, method: faults.drop(method, after=True),
    "no answer for a while": lambda faults, method: faults.hang(method),
    "no answer for a while, after accepting": lambda faults, method: faults.hang(method, after=True),
}


async def rows(engine: Engine) -> AsyncIterator[Row]:
    """Every fault, each at a school of its own."""
    for name, spoil in ANSWERS.items():
        yield await _row(engine, f"the Bot API answers with {name}", partial(spoilt_answers, spoil))
    yield await _row(engine, "every update is delivered again", delivered_again)
    yield await _row(engine, "updates come in another order", mixed)
    yield await _row(engine, "each tap comes as two updates", tapped_twice, taps=2)
    yield await _row(engine, "numbers of updates are left out", gaps)
    yield await _row(engine, "updates are brought by webhook, twice, and Hark is killed", brought)
    yield await _row(engine, "restarted in mid-conversation", restarted)
    yield await _row(engine, "ended in order while the Bot API gives no answer", ended_while_it_hangs)
    yield await _row(engine, "the clock jumps, forward and back", clock_jumps)
    yield await _row(engine, "25 hours without Hark", away_for_a_day, patient=False)
    yield await _row(engine, "the database is locked by another program", locked)
    if engine == "sqlite":  # a server's has a row of its own
        yield await _row(engine, "the disk is full", disk_full)


async def _row(engine: Engine, name: str, fault: Fault, **crowd: Any) -> Row:
    with TemporaryDirectory(prefix="hark-faults-") as folder:
        async with lives(Path(folder), engine) as here:
            here.failpoints = False
            await here.begin()
            return row(name, *await through(Crowd(here, **crowd), fault))


async def spoilt_answers(spoil: Callable[[Faults, str], Spoilt], here: Lives) -> int:
    """Answer calls of each method wrongly, now and then; one that hangs is let go after a moment."""
    told = []
    for _ in range(_ROUNDS):
        for method in METHODS:
            spoilt = spoil(here.chat.faults, method)
            told.append(spoilt)
            await asyncio.sleep(_BETWEEN)
            if spoilt.release is not None:
                spoilt.release.set()
    here.chat.faults.clear()
    return sum(one.reached.is_set() for one in told)


async def _delivered(name: str, delivery: Delivery, here: Lives) -> int:
    here.chat.faults.delivery = delivery
    await asyncio.sleep(5)
    here.chat.faults.clear()
    return delivery.times[name]


async def delivered_again(here: Lives) -> int:
    """Deliver every update once more, a moment after Hark confirmed it."""
    return await _delivered("again", Delivery(again=0.1), here)


async def mixed(here: Lives) -> int:
    """Hand updates out in any order, each answer another one: Telegram promises no order either."""
    return await _delivered("dice", Delivery(dice=random.Random(5)), here)


async def tapped_twice(here: Lives) -> int:
    """Make two updates of each tap."""
    return await _delivered("twice", Delivery(twice=True), here)


async def gaps(here: Lives) -> int:
    """Leave out a thousand numbers before each input."""
    return await _delivered("gap", Delivery(gap=1_000), here)


async def brought(here: Lives) -> int:
    """Have updates brought, each of them twice, and kill who takes them, again and again."""
    await here.stop()
    here.bring()
    here.chat.faults.delivery = delivery = Delivery(again=0.1)
    for _ in range(10):
        await here.begin()
        await asyncio.sleep(1)
        await here.kill()
    await here.begin()
    return delivery.times["again"]


async def restarted(here: Lives, times: int = 12) -> int:
    """End in an orderly way and begin again, every half second."""
    for _ in range(times):
        await asyncio.sleep(0.5)
        await here.stop()
        await here.begin()
    return times


async def ended_while_it_hangs(here: Lives) -> int:
    """End while calls of every method get no answer: Hark waits for a while and not for ever."""
    for _ in range(2):
        held = [here.chat.faults.hang(method, after=after) for method in METHODS for after in (False, True)]
        await asyncio.sleep(1)
        async with asyncio.timeout(_ENDS):
            await here.stop()
        here.chat.faults.clear()
        for one in held:
            assert one.release is not None
            one.release.set()
        await here.begin()
    assert here.said.read_text("utf-8").count("Hark has ended in order") >= 2
    return 2


async def clock_jumps(here: Lives, hours: Sequence[float] = _JUMPS) -> int:
    """Begin again with another clock: across midnight, back by hours, and a little."""
    furthest = here.ahead
    for jump in hours:
        await asyncio.sleep(0.7)
        await here.kill()
        here.ahead += jump * _HOUR
        furthest = max(furthest, here.ahead)
        await here.begin()
    await here.kill()
    here.ahead = furthest
    await here.begin()
    return len(hours)


async def away_for_a_day(here: Lives, times: int = 3) -> int:
    """Be away for so long that drafts are gone, while people go on pressing."""
    for _ in range(times):
        await asyncio.sleep(0.7)
        await here.kill()
        here.ahead += 25 * _HOUR
        await asyncio.sleep(0.5)
        await here.begin()
    return times


async def locked(here: Lives, waits: Sequence[float] = _LOCKS) -> int:
    """Hold the lock for writing, for so many seconds each time."""
    for seconds in waits:
        async with writes_held(here.url):
            await asyncio.sleep(seconds)
        await asyncio.sleep(0.3)
    return len(waits)


async def disk_full(here: Lives, times: int = 3) -> int:
    """No file may grow beyond what the database has; then there is room again. Gives how many turns met that."""
    for _ in range(times):
        await here.stop()
        size, before = (here.folder / "hark.db").stat().st_size, _unavailable(here)
        await here.begin(most=size + 16 * 1024)
        async with asyncio.timeout(_PATIENCE):
            while _unavailable(here) == before:  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        await here.kill()
        await here.begin()
        await asyncio.sleep(1)
    return _unavailable(here)


def _unavailable(here: Lives) -> int:
    """How many turns of all lives the database refused."""
    return here.said.read_text("utf-8").count('"Unavailable"')
