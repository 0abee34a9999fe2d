"""What is known to be somebody's own is derived ahead of guesses; guesses take turns, and are shed beyond a bound."""

from __future__ import annotations

import asyncio
import hmac
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from storage.database.concurrency import SHED_AFTER, Derivations
from storage.values.errors import Crowded, NotUnlocked, Refusal

PASSPHRASE = "seven otters paddle upstream"
WRONG = "seven otters paddle downstream"
MANY = 200


class Slow:
    """Work that waits until it is let go; `order` is the order in which it began."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.free = threading.Event()

    def __call__(self, name: str) -> str:
        self.order.append(name)
        self.free.wait(10)
        return name


async def guess(derivations: Derivations, work: Any, name: str, whose: bytes) -> str:
    async with derivations.line("unlock", whose) as turn:
        return str(await derivations.guess(turn, work, name))


@asynccontextmanager
async def besieged(school: Any) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Hold every slot that a guess may have, and let strangers try names until all their lines are full."""
    slow, derivations = Slow(), school.store._core.derivations
    holding = [asyncio.create_task(guess(derivations, slow, "held", b"held")) for _ in range(2)]
    await until(lambda: len(slow.order) == 2)
    tries = [
        asyncio.create_task(school.store.leads.unlock(school.arrival(10_000 + one), f"Nobody {one}", WRONG, "000000"))
        for one in range(MANY)
    ]
    try:
        await until(lambda: sum(map(len, derivations._lines.values())) >= 28)
        yield tries
    finally:
        slow.free.set()
        await asyncio.gather(*holding)
        answers = await asyncio.gather(*tries, return_exceptions=True)
        assert {type(answer) for answer in answers} == {NotUnlocked, Crowded}


async def until(true: Any) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - threads tell no event
            await asyncio.sleep(0.002)


async def refusal(school: Any, name: str, passphrase: str, code: str, chat: int, device: str = "") -> type[Refusal]:
    arrival = replace(school.arrival(chat), device=device)
    with pytest.raises(Refusal) as refused:
        await school.store.leads.unlock(arrival, name, passphrase, code)
    return refused.type


async def test_a_leads_right_factors_go_ahead_of_all_guesses_from_a_new_tab(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    async with besieged(school), asyncio.timeout(5):
        assert (await school.unlock("Ada Byron", chat=777)).lead.name == "Ada Byron"


async def test_a_leads_last_chat_is_judged_at_once_also_with_a_wrong_code(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    async with besieged(school), asyncio.timeout(5):
        assert await refusal(school, "Ada Byron", PASSPHRASE, "000000", 500) is NotUnlocked


async def test_a_few_tries_from_a_leads_own_device_are_judged_at_once_in_any_tab(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    school.later(seconds=60)
    own = replace(school.arrival(700), device="hers")
    await school.store.leads.unlock(own, "Ada Byron", PASSPHRASE, school.code("Ada Byron"))
    tries = ("Ada Byron", WRONG, "000000")
    async with besieged(school):
        async with asyncio.timeout(5):
            assert {await refusal(school, *tries, 701 + number, "hers") for number in range(4)} == {NotUnlocked}
        others = [(705, "hers"), (706, "another")]  # who goes on, perhaps with a copy, waits as every guess does
        waiting = {asyncio.create_task(refusal(school, *tries, chat, device)) for chat, device in others}
        assert (await asyncio.wait(waiting, timeout=SHED_AFTER / 2))[0] == set()
    await asyncio.gather(*waiting)


async def test_who_sends_and_who_lifts_a_curtain_wait_behind_nobodys_guess(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    await school.store.leads.sessions.set_pin(ada, "4711")
    school.store.leads.sessions.draw(ada.address)
    async with besieged(school), asyncio.timeout(5):
        assert (await school.send((ada,))).words
        assert await school.store.leads.sessions.lift(school.arrival(500), "4711") is ada


async def test_what_is_shed_tells_no_known_name_and_no_right_code(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    school.later(seconds=60)
    right = school.code("Ada Byron")
    tries = (("Nobody", WRONG, "000000"), ("Ada Byron", WRONG, "000000"), ("Ada Byron", WRONG, right))
    async with besieged(school):
        began = time.monotonic()
        told = []
        for chat, one in enumerate(tries):
            for number in range(3):  # two may wait in a line that was not full yet
                task = asyncio.create_task(refusal(school, *one, 800 + 10 * chat + number))
                done, _ = await asyncio.wait({task}, timeout=3 * SHED_AFTER)
                if done:
                    told.append((task.result(), round((time.monotonic() - began) / SHED_AFTER, 1)))
                    began = time.monotonic()
                    break
                began = time.monotonic()
        assert [kind for kind, _ in told] == [Crowded] * len(tries)
        assert all(0.9 <= took <= 1.9 for _, took in told)


async def test_a_right_code_lets_few_guesses_go_ahead(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    school.later(seconds=60)
    code, ahead = school.code("Ada Byron"), school.store.leads.unlocks._judge
    async with besieged(school):
        tries = [asyncio.create_task(refusal(school, "Ada Byron", WRONG, code, 600 + one)) for one in range(20)]
        await until(lambda: any(times >= 20 for _, times in ahead._ahead.values()))
        school.later(seconds=60)
        async with asyncio.timeout(5):
            assert await school.unlock("Ada Byron", chat=778), "the next code serves again"
    assert {await one for one in tries} <= {NotUnlocked, Crowded}


async def test_lines_take_turns_so_that_many_tries_at_one_name_hold_no_other_up() -> None:
    derivations, slow = Derivations(), Slow()
    first = [asyncio.create_task(guess(derivations, slow, "a", b"a")) for _ in range(4)]
    await until(lambda: len(slow.order) == 2)
    lines = {line_of(derivations, bytes([one])): bytes([one]) for one in range(250)}
    other = next(whose for line, whose in lines.items() if line != line_of(derivations, b"a"))
    last = asyncio.create_task(guess(derivations, slow, "b", other))
    await until(lambda: len(derivations._lines) == 2)
    slow.free.set()
    await asyncio.gather(*first, last)
    assert slow.order.index("b") < 4


async def test_who_gives_up_waiting_leaves_room_behind() -> None:
    derivations, slow = Derivations(), Slow()
    tasks = [asyncio.create_task(guess(derivations, slow, "a", b"a")) for _ in range(4)]
    await until(lambda: len(slow.order) == 2)
    tasks[3].cancel()
    await asyncio.wait({tasks[3]})
    after = asyncio.create_task(guess(derivations, slow, "z", b"a"))
    await asyncio.sleep(0)
    slow.free.set()
    await asyncio.gather(*tasks[:3])
    assert await after == "z"
    assert derivations._guessed == 0
    assert not derivations._lines


def line_of(derivations: Derivations, whose: bytes) -> object:
    return hmac.digest(derivations._key, whose, "sha256")[0] % 16
