"""`/people` and `/find` against an index of 50,000 tags (goal: under 20 ms), and how it is made, kept and opened.

Its cases are real ones, sealed to the lead; who is in them is laid into the index as if it had been read from there.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final

from flows.cases.people import Person
from storage.cases.people.name_index import NameIndex, Tagged
from storage.desk.names.indexing import Names
from storage.desk.names.tagging import tags_of
from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from tests.bench.figures import Figures
from tests.bench.filling import fill
from tests.bench.leads import join, open_store
from tests.bench.team import _late

_CASES: Final = 5_000
_PEOPLE: Final = 5  # of a case: two tags each
_TIMES: Final = 60
_GOAL: Final = 20.0  # milliseconds


async def measure(figures: Figures) -> None:
    """A lead with 5,000 cases and 25,000 people in them, each with a surname and an initial."""
    tags = _CASES * _PEOPLE * 2
    print(f"People in {_CASES:,} cases: {tags:,} tags")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        lead = await join(store, "Ada Byron", 1)
        await fill(store, lead, _CASES)
        took, late = await _late(store.desk.names.index(lead))
        figures.add(f"{_CASES:,} cases: read into the index", f"{took:.1f} s", f"{_CASES / took:.0f} a second")
        await _told(figures, store, lead, tags, late)
        await store.close()


async def _told(figures: Figures, store: Store, lead: LeadSession, tags: int, late: list[float]) -> None:
    figures.add("  the loop is late while cases are read, 99 of 100", f"{quantiles(late, n=100)[-1] * 1000:.0f} ms")
    names, index = store.desk.names, await store.desk.names.index(lead)
    _lay(lead, index)
    keys = lead.keys
    if keys is None or not await names._keep(lead, keys, index):
        raise RuntimeError("it was not kept")
    opened = await _median(lambda: names._opened(lead, keys), 10)
    figures.add(f"{tags:,} tags: opened after unlocking", f"{opened:.1f} ms")
    case = next(iter(index.entries))
    there = [Person(number, f"Given{number} Surname{number}", "child") for number in range(1, 11)]
    people = await _median(lambda: names.together(lead, case, there), _TIMES)
    figures.add(f"{tags:,} tags: /people, ten names", f"{people:.1f} ms", "", people / _GOAL, f"{_GOAL:.0f} ms")
    pairs = [
        [
            await _median(lambda: names.find(lead, "Given7 Surname7"), 1),
            await _median(lambda: names.find(lead, "No Body"), 1),
        ]
        for _ in range(_TIMES)
    ]
    hit, miss = (median(times) for times in zip(*pairs, strict=True))
    figures.add("  /find, a hit", f"{hit:.1f} ms", f"a miss {miss:.1f} ms", hit / miss)
    await _kept(figures, names, lead, index)


async def _kept(figures: Figures, names: Names, lead: LeadSession, index: NameIndex) -> None:
    keys, one = lead.keys, index.case(next(iter(index.entries)))
    if keys is None or one is None:
        raise RuntimeError("the desk is locked")

    async def change() -> None:
        index.put(one)
        await names._keep(lead, keys, index)

    figures.add("  one case written anew", f"{await _median(change, 20):.1f} ms")


def _lay(lead: LeadSession, index: NameIndex) -> None:
    keys = lead.keys
    if keys is None:
        raise RuntimeError("the desk is locked")
    for number, case in enumerate(list(index.entries)):
        who = range(number * _PEOPLE, (number + 1) * _PEOPLE)
        people = (Tagged(one, "child", tags_of(keys, f"Given{one} Surname{one}")[0]) for one in who)
        held, version = index.case(case), index.versions[case]
        if held is not None:
            index.put(held._replace(tagged=tuple(people)), version)


async def _median(work: Callable[[], Awaitable[object]], times: int) -> float:
    """Milliseconds of processor time: what else the machine does counts less; SQLite answers in this process."""
    took = []
    for _ in range(times):
        began = time.process_time()
        await work()
        took.append(time.process_time() - began)
    return median(took) * 1000
