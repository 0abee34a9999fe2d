"""What people were told, against what is kept: the invariant of the threat model, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.demo.sample_school import SampleLead
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.settings import load
from flows.cases.roles import is_for
from flows.together.goals import Goal
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from storage.leads.sign_in.session import LeadSession
from storage.reporters.session import TalkSession
from storage.store import Store
from storage.values import Address, Arrival, CaseView, Entry
from storage.values.errors import NotUnlocked
from tests.faults.lives import Lives

_NUMBERS = count(1_000_000_000)  # above those that the sample school used


@dataclass
class Promises:
    """Every text that somebody sent is another one, so that each can be found again.

    What was done without words of its own is a text too, such as `claim of` a concern. `receipts` are the words shown
    for a concern, by its text; `taken` were said to be kept, `refused` were said not to
    be. `concerns` are all that were begun. `shut_out` are the names of leads who open nothing any more.
    """

    concerns: set[str] = field(default_factory=set)
    receipts: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    shut_out: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Found:
    """What came of it. `accepted` were told to be kept; `lost` of them are not; `doubled` are there twice.

    A text that was refused and is kept all the same counts as doubled, since whoever was told so sends it again.
    """

    accepted: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    cases: int

    @property
    def good(self) -> bool:
        return not self.lost and not self.doubled


async def audit(lives: Lives, promises: Promises) -> Found:
    """End the life, open what it left as its leads and its reporters do, and count."""
    await lives.stop()
    lives.ahead += 60  # a code counts once
    async with kept_open(lives) as store:
        kept, cases, open_to = Counter[str](), dict[str, CaseView](), dict[LeadId, set[str]]()
        goals = dict[str, Goal]()
        for lead in lives.leads:
            if lead.name in promises.shut_out:
                await _opens_nothing(store, lead, lives)
                continue
            session = await _unlocked(store, lead, lives)
            seen = {view.row.id: view async for view in _seen_by(store, session)}
            open_to[session.lead.id] = {str(case) for case in seen}
            cases |= seen
            if is_for(session.lead.role, "goal"):
                goals |= {one.goal.id: one.goal for one in await store.together.goals.listed(session)}
        open_still: set[str] = set()
        kept.update(f"goal: {one.what}" for one in goals.values())
        kept.update(f"view: {said.text}" for one in goals.values() if one.table for said in one.table.views)
        for view in cases.values():
            kept.update(
                {text for entry in view.entries[:1] for text in texts_of(entry)}
            )  # a draft may hold words twice
            kept.update(text for entry in view.entries[1:] for text in texts_of(entry))
            kept.update(f"claim of {text}" for text in _claims(view))
            kept.update(_done_in(view))
            out = _kept_out(view)
            kept.update(f"kept out of {text}" for text in out.values())
            open_still |= {f"{text}: still open" for lead, text in out.items() if view.row.id in open_to.get(lead, ())}
        unopened = {words for words, receipt in promises.receipts.items() if not await _opens(store, receipt)}
        await store.wrap_removal.run()  # of whoever is shut out
        assert not (await store.leads.rosters.read()).waiting.unsealing
        verified = await store.watch.verify()
        assert store.tampered == 0, verified
    accepted = set(promises.receipts) | promises.taken
    return Found(
        accepted=len(accepted),
        lost=tuple(sorted({text for text in accepted if not kept[text]} | unopened | open_still)),
        doubled=tuple(sorted({text for text, times in kept.items() if times > 1} | (promises.refused & set(kept)))),
        cases=len(cases),
    )


def texts_of(entry: Entry) -> Iterator[str]:
    """Everything that somebody wrote in an entry."""
    if entry.text:
        yield entry.text
    for one in entry.answers:
        if isinstance(one.answer, Wrote):
            yield from one.answer.words


def _claims(view: CaseView) -> Iterator[str]:
    """The concern's own text, as often as somebody took the case."""
    [told] = set(texts_of(view.entries[0])) or {""}
    yield from (told for entry in view.entries if entry.action is not None and entry.action.what == "claim")


def _done_in(view: CaseView) -> Iterator[str]:
    """What was planned, done and not done in a case, and who was written down in it."""
    for action in (entry.action for entry in view.entries if entry.action is not None):
        if action.what in {"plan", "done", "not_done"}:
            yield f"{action.what}: {action.detail['action']}"
        elif action.what == "person":
            yield f"person: {action.detail['name']}"


def _kept_out(view: CaseView) -> dict[LeadId, str]:
    """The concern's own text, by the lead who is kept out; kept out twice is a failure."""
    [told] = set(texts_of(view.entries[0])) or {""}
    out = [LeadId(one.action.detail["to"]) for one in view.entries if one.action and one.action.what == "exclude"]
    assert len(out) == len(set(out)), "a lead was kept out of a case twice"
    assert set(out) == set(view.row.glance.kept_out), "an exclusion is half done"
    return dict.fromkeys(out, told)


async def _opens_nothing(store: Store, lead: SampleLead, lives: Lives) -> None:
    with suppress(NotUnlocked):
        await _unlocked(store, lead, lives)
        raise AssertionError(f"{lead.name} was shut out, and a desk opens")


async def _seen_by(store: Store, session: LeadSession) -> AsyncIterator[CaseView]:
    page = await store.desk.queues.page(session, limit=50)
    while True:
        assert not page.forged
        for row in page.rows:
            yield await store.desk.open_case(session, _arrival(session.address), row.id, "to see what was kept")
        if page.next is None:
            return
        page = await store.desk.queues.page(session, after=page.next, limit=50)


async def _unlocked(store: Store, lead: SampleLead, lives: Lives) -> LeadSession:
    chat = Address("web", next(_NUMBERS))
    return await store.leads.unlock(_arrival(chat), lead.name, lead.passphrase, lead.code(lives.now()))


async def _opens(store: Store, receipt: str) -> bool:
    return isinstance(await store.talks.open(_arrival(Address("web", next(_NUMBERS))), receipt), TalkSession)


def _arrival(chat: Address) -> Arrival:
    return Arrival(chat, next(_NUMBERS))


@asynccontextmanager
async def kept_open(lives: Lives) -> AsyncIterator[Store]:
    """What is kept, by the clock of the lives; meant for between two of them."""

    def clock() -> datetime:
        return now() + timedelta(seconds=lives.ahead)

    store = await open_store(load({"HARK_DATA_DIR": str(lives.folder), "HARK_DATABASE_URL": lives.url}), clock)
    try:
        yield store
    finally:
        await store.close()
