"""A wave of pranks that all claim danger, from a few hundred chats, and one true report somewhere in it."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.leads.sign_in.session import LeadSession
from storage.reporters.sending import _pending_receipt
from storage.sealing.receipts.receipt import ReceiptKeys, new_receipt
from storage.values import CaseId, Cursor, Which
from tests.faults.table import Row
from tests.newest import Engine
from tests.postgres import drop_below
from tests.storage.conftest import School

#: The chat of the one who tells the truth, and the cases that a lead sees on a page.
TRUE = 1
PAGE = 6
_AT_ONCE = 40  # concerns that arrive at the same moment
_FIRST_CHAT = 1_000


@dataclass(frozen=True)
class Wave:
    """What came of it. `place` is where the true report stands in the queue, from 1; `told` counts a lead's notices."""

    sent: int
    queued: int
    doubled: int
    place: int
    worst: int
    told: int
    counted: int


async def rows(engine: Engine) -> AsyncIterator[Row]:
    """Five thousand pranks from three hundred chats; a true report that is not on the first page counts as lost."""
    with TemporaryDirectory(prefix="hark-faults-") as folder:
        came = await wave(Path(folder), engine, pranks=5_000, sources=300, seed=random.randrange(1_000_000))
    print(f"the true report stood in place {came.worst} at worst; a lead got {came.told} notices", flush=True)
    lost = came.sent - came.queued + (max(came.place, came.worst) > PAGE)
    yield Row("pranks that all claim danger", came.sent - 1, came.queued, lost, came.doubled)


async def wave(folder: Path, engine: Engine, pranks: int, sources: int, seed: int) -> Wave:
    """Send `pranks` from `sources` chats and one true report, in an order that `seed` gives; one a second.

    `worst` is the worst place that the report had at any look, once each source had sent twice.
    """
    chance = random.Random(seed)
    senders = [_FIRST_CHAT + number % sources for number in range(pranks)] + [TRUE]
    chance.shuffle(senders)
    school = School(folder, engine=engine)
    await school.open()
    ada = await school.join("Ada Byron", chat=500)
    begun, seen, places, told = Counter[int](), CaseId(""), list[int](), list[int]()
    for start in range(0, len(senders), _AT_ONCE):
        some = senders[start : start + _AT_ONCE]
        cases = await asyncio.gather(*(_send(school, ada, chat, some.count(chat)) for chat in dict.fromkeys(some)))
        begun.update(some)
        seen = next((case for chat, case in cases if chat == TRUE), seen)
        school.later(seconds=len(some))
        told += await _told(school)
        if seen and len(begun) > sources and min(begun[chat] for chat in begun if chat != TRUE) > 1:
            ada.touched = school.now
            places.append(await _place(school, ada, seen))
    ada = await school.unlock("Ada Byron")
    queue = await _queue(school, ada)
    await school.store.close()
    await drop_below(folder)
    return Wave(
        sent=len(senders),
        queued=len(set(queue)),
        doubled=len(queue) - len(set(queue)),
        place=queue.index(seen) + 1,
        worst=max(places),
        told=len(told),
        counted=sum(told),
    )


async def _send(school: School, lead: LeadSession, chat: int, times: int) -> tuple[int, CaseId]:
    """What one chat sends, one after the other; all of it but the receipt's slow derivation."""
    for _ in range(times):
        deed = school.concern((lead,), urgency="immediate")
        arrival, receipt = school.arrival(chat), new_receipt("en", os.urandom)
        keys = ReceiptKeys(os.urandom(16), os.urandom(32), os.urandom(32))
        pending = _pending_receipt(arrival.address, deed, receipt, None)
        new = await school.store.talks._sending._commit(arrival, deed, None, school.clocks, (keys, pending), None)
    return chat, CaseId(new.clear.id)


async def _told(school: School) -> list[int]:
    counts = []
    while notice := await school.store.outbox.next():
        counts.append(notice.count)
        await school.store.outbox.done(notice)
    return counts


async def _place(school: School, lead: LeadSession, case: CaseId) -> int:
    rows = (await school.store.desk.queues.page(lead, "open", None, 50)).rows
    return next((place for place, row in enumerate(rows, 1) if row.id == case), len(rows) + 1)


async def _queue(school: School, lead: LeadSession, which: Which = "open") -> list[CaseId]:
    found: list[CaseId] = []
    after: Cursor | None = None
    while True:
        page = await school.store.desk.queues.page(lead, which, after, 50)
        found += [row.id for row in page.rows]
        after = page.next
        if after is None:
            return found
