"""Keeping one lead out of a case with 200 entries (goal: under 50 ms), by a deed and by words; and a note beside it.

A note in the same case is one turn too, with the same wait for the disk: the ratio tells what the epoch costs. On a
machine that others use as well only processor time says how it compares to the goal.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from flows.values.deeds import AddMessage
from storage.deeds.readers.exclude import Exclude
from storage.deeds.words import AddNote
from storage.leads.sign_in.session import LeadSession
from storage.reporters.session import TalkSession
from storage.store import Store
from storage.values import Clocks
from tests.bench.figures import Figures
from tests.bench.leads import arrival, concern, join, open_store

#: Seconds, and seconds of processor time.
Took: TypeAlias = tuple[float, float]

_ENTRIES: Final = 200
_CASES: Final = 6
_NAMES: Final = ("Ada Byron", "Eve Moneypenny", "Fay Longbottom", "Gus Greyling", "Hal Stonefield", "Ivy Thornton")
_GOAL: Final = 50.0  # milliseconds
_NOBODY: Final = Clocks(None, None)


async def measure(figures: Figures) -> None:
    """Of each case two leads are kept out by a deed and two by words: six read it at first, and two at the end."""
    print(f"Keeping a lead out of a case with {_ENTRIES} entries")
    by_deed: list[Took] = []
    by_words: list[Took] = []
    notes: list[Took] = []
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        leads = [await join(store, name, chat) for chat, name in enumerate(_NAMES, 1)]
        for number in range(_CASES):
            talk = await _filled(store, leads, number)
            for one in leads[1:3]:
                note = AddNote("What we did today.")
                notes.append(await _timed(store.desk.act(leads[0], arrival(1), talk.found.case, None, note)))
                deed = Exclude(one.lead.id, "It is about her.")
                by_deed.append(await _timed(store.desk.act(leads[0], arrival(1), talk.found.case, None, deed)))
            for one in leads[3:5]:
                said = AddMessage(f"It is {one.lead.name.split()[1]}.", None, ())
                by_words.append(await _timed(store.talks.add(arrival(100 + number), talk, [said], _NOBODY)))
        await store.close()
    _tell(figures, "exclusion from a case with 200 entries", by_deed, notes)
    _tell(figures, "the same, by words that name her", by_words, notes)


async def _filled(store: Store, leads: list[LeadSession], number: int) -> TalkSession:
    deed = concern((tuple(one.lead.id for one in leads),), number)
    talk = (await store.talks.send(arrival(100 + number), deed, None, _NOBODY)).talk
    for _ in range(_ENTRIES - 1):
        await store.desk.act(leads[0], arrival(1), talk.found.case, None, AddNote("What we did today. " * 10))
    return talk


def _tell(figures: Figures, what: str, took: list[Took], notes: list[Took]) -> None:
    for how, at in (("", 0), (", processor time", 1)):
        one, note = (median(times[at] for times in of) * 1000 for of in (took, notes))
        figures.add(f"{what}{how}", f"{one:.1f} ms", f"a note {note:.1f} ms", one / note, f"{_GOAL:.0f} ms")


async def _timed(doing: Awaitable[object]) -> Took:
    began, worked = time.perf_counter(), time.process_time()
    await doing
    return time.perf_counter() - began, time.process_time() - worked
