"""A share of 20 parts sealed for a partner (goal: under 5 ms), opened by her, and shared as a whole turn.

Twenty parts of a thousand signs each. On a machine that others use as well only processor time says how it compares.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from flows.values.ids import LeadId
from storage.cases.rows.share_row import digest_of, read_content, write_content
from storage.deeds.sharing.share import Share
from storage.deeds.words import AddNote
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.lead_keys import lead_keys
from storage.sealing.keys.share_keys import open_share, seal_share
from storage.store import Store
from storage.values import CaseId, Clocks
from storage.values.shares import ShareContent, SharedPart
from tests.bench.figures import Figures
from tests.bench.leads import arrival, concern, join, open_store

_PARTS: Final = 20
_TIMES: Final = 200
_GOAL: Final = 5.0  # milliseconds
_SEED: Final = bytes(range(32))


async def measure(figures: Figures) -> None:
    """Sealing and opening by themselves, and the whole turn beside a note in the same case."""
    print(f"A share of {_PARTS} parts")
    keys, until = lead_keys(_SEED), datetime.now(UTC) + timedelta(days=14)
    parts = tuple(SharedPart(f"She wrote, {number}:", "x" * 1_000) for number in range(_PARTS))
    content = ShareContent("Ms Carter, Willow Park", "Nurse Okafor", "to plan", "Could you see her?", until, parts)

    def seal() -> None:
        text = write_content(content)
        seal_share(keys.card.wrapping, "a", "b", text)
        digest_of(text)

    kept = seal_share(keys.card.wrapping, "a", "b", write_content(content))
    sealed, opened = _median(seal), _median(lambda: read_content(open_share(keys.private, "a", "b", kept)))
    figures.add(f"a share of {_PARTS} parts: sealed, processor time", f"{sealed:.2f} ms", "", sealed / _GOAL, "5 ms")
    figures.add("  opened by its partner, processor time", f"{opened:.2f} ms")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        lead, nurse = await join(store, "Ada Byron", 1), await join(store, "Nurse Okafor", 2, role="partner")
        talk = (await store.talks.send(arrival(100), concern(((lead.lead.id,),), 0), None, Clocks(None, None))).talk
        await _turns(figures, store, lead, nurse.lead.id, talk.found.case, content)
        await store.close()


async def _turns(
    figures: Figures, store: Store, lead: LeadSession, to: LeadId, case: CaseId, content: ShareContent
) -> None:
    view = await store.desk.open_case(lead, arrival(1), case)
    await store.desk.words_shown(lead, view.row, whole=True)
    deed, note = Share(to, content, (1,), 1, "protect", "yes"), AddNote("What we did today.")
    shared = [await _timed(lambda: store.desk.act(lead, arrival(1), case, None, deed)) for _ in range(30)]
    noted = [await _timed(lambda: store.desk.act(lead, arrival(1), case, None, note)) for _ in range(30)]
    one, other = median(shared), median(noted)
    figures.add("  shared, a whole turn, processor time", f"{one:.1f} ms", f"a note {other:.1f} ms", one / other)


def _median(doing: Callable[[], object]) -> float:
    took = []
    for _ in range(_TIMES):
        began = time.process_time()
        doing()
        took.append(time.process_time() - began)
    return median(took) * 1000


async def _timed(doing: Callable[[], Awaitable[object]]) -> float:
    began = time.process_time()
    await doing()
    return (time.process_time() - began) * 1000
