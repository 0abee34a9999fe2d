"""The desk at 1,000 and at 100,000 cases: a page of the queue (goal: p95 under 20 ms) and opening a case (under 5 ms)."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from flows.deeds import Answered, SendConcern
from flows.draft import Chose, Wrote
from flows.known import SiteId
from flows.texts import Text
from storage.deeds.send_concern import send_concern
from storage.people.session import LeadSession
from storage.sealing.day_keys import DayKeys
from storage.sealing.receipt import ReceiptKeys
from storage.sealing.server_key import ServerKey
from storage.sealing.stretching import Cost
from storage.store import Store
from storage.values import URGENCIES, Address, Arrival, Clocks

_SITE = SiteId("bench")
_AT_ONCE = 500  # turns that wait for one commit
_WORDS = "What happened, in somebody's own words, about as long as people write on a phone. " * 6
_numbers = count(1)


def arrival(chat: int) -> Arrival:
    """A new update of `chat`."""
    return Arrival(Address("web", chat), next(_numbers))


async def open_store(folder: Path) -> Store:
    """A new store in `folder`, with the cheapest of passphrases."""
    return await Store.open(
        f"sqlite+aiosqlite:///{folder}/hark.db",
        server_key=ServerKey(os.urandom(32)),
        day_keys=DayKeys(folder / "days"),
        checkpoint=folder / "roster.version",
        clock=lambda: datetime.now(UTC),
        lead_cost=Cost(memory_kib=64, passes=1),
    )


async def join(store: Store, name: str, chat: int) -> LeadSession:
    """A lead who joins and is unlocked."""
    code = (await store.leads.invite(name, "lead", _SITE)).code
    joining = await store.leads.begin_join(arrival(chat), code, "seven otters paddle upstream")
    if joining is None:
        raise RuntimeError("the invite was not taken")
    totp = TOTP(base64.b32decode(joining.secret), 6, SHA1(), 30)  # noqa: S303 - RFC 6238
    return await store.leads.confirm_join(arrival(chat), totp.generate(int(time.time())).decode())


async def fill(store: Store, lead: LeadSession, cases: int) -> None:
    """Send `cases` concerns to one lead, sealed as they are; only the receipt's slow derivation is left out."""
    ground = store._ground
    roster = await store.leads.rosters.read()
    now = datetime.now(UTC)
    for start in range(0, cases, _AT_ONCE):
        turns = []
        for number in range(start, min(start + _AT_ONCE, cases)):
            keys = ReceiptKeys(os.urandom(16), os.urandom(32), os.urandom(32))
            clocks = Clocks(now + timedelta(minutes=random.randrange(1, 5000)), now + timedelta(days=9))
            rows = send_concern(ground, _concern(lead, number), roster, keys, clocks).rows
            turns.append(ground.commit(*rows))
        await asyncio.gather(*turns)


def _concern(lead: LeadSession, number: int) -> SendConcern:
    return SendConcern(
        site=_SITE,
        register="12_17",
        language="en",
        door="web",
        answers=(
            Answered("C8", Text("Tell us what is worrying you."), Wrote((_WORDS,))),
            Answered("C4", Text("Are you safe right now?"), Chose(("yes",)), (Text("Yes"),)),
        ),
        rungs=((lead.lead.id,),),
        excluded=(),
        withheld=(),
        urgency=URGENCIES[number % 4],
        rules=(),
        categories=("other",),
    )


async def timed(times: int, once: Callable[[], Awaitable[None]]) -> str:
    """Milliseconds that `once` takes: the median and the 95th percentile of `times`."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await once()
        took.append((time.perf_counter() - began) * 1000)
    return f"median {median(took):6.2f} ms   p95 {quantiles(took, n=20)[-1]:6.2f} ms"


async def measure(cases: int) -> None:
    """Print the figures for a desk of `cases`."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(Path(folder))
        lead = await join(store, "Ada Byron", 1)
        await fill(store, lead, cases)
        cursor = None
        seen = []

        async def page() -> None:
            nonlocal cursor
            shown = await store.desk.queue(lead, "open", cursor, 20)
            seen.extend(row.id for row in shown.rows)
            cursor = shown.next

        async def opened() -> None:
            await store.desk.open_case(lead, arrival(1), random.choice(seen))

        print(f"  {cases:>7,} cases   a page of 20   {await timed(45, page)}")
        print(f"  {cases:>7,} cases   open a case    {await timed(200, opened)}", flush=True)
        await store.close()


async def main(most: int) -> None:
    """Measure the desk at 1,000 cases and at `most`."""
    print("The desk (goals: a page p95 under 20 ms, opening under 5 ms)")
    for cases in (1_000, most):
        await measure(cases)
