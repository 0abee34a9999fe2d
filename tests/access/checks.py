"""What has to hold after each step: desks, keys, notices and counts say what the model says, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import func, select

from storage.database.schema.sites import audit
from storage.leads.sign_in.session import LeadSession
from storage.values.errors import NoSuchCase, NotOffered
from tests.access.knowledge import KINDS, Case, Key, Knowledge
from tests.access.thief import Thief
from tests.access.world import World, texts
from tests.raw_database import Rows, fetch


async def check_desks(world: World, model: Knowledge, touched: set[int]) -> None:
    """Each open desk lists, counts and opens what its lead may open now; who waits is shown nothing."""
    for name, person in model.people.items():
        session = world.at_desk(name)
        if session is None:
            continue
        if not person.opens:
            await _is_refused(world, session)
            continue
        may = model.may_open(name)
        listed = {number for number, case in model.cases.items() if number in may and not case.closed}
        assert await _listed(world, session) == (listed, may.keys() - listed), name
        for number in touched & model.cases.keys():
            assert await opened(world, session, number, model.cases[number]) == may.get(number), (name, number)


async def opened(world: World, session: LeadSession, number: int, case: Case) -> set[str] | None:
    """What somebody reads in a case of what is known to be in it; None where there is no such case for her."""
    try:
        view = await world.store.desk.open_case(
            session, world.arrival(session.address.chat_id), world.cases[number], "to see"
        )
    except NoSuchCase:
        return None
    return texts(view) & {one.text for one in case.entries}


async def _listed(world: World, session: LeadSession) -> tuple[set[int], set[int]]:
    numbers, found = {case: number for number, case in world.cases.items()}, []
    for which in ("open", "closed"):
        page = await world.store.desk.queues.page(session, which, limit=50)
        assert (page.forged, page.total, page.next) == (0, len(page.rows), None)
        found.append({numbers[row.id] for row in page.rows})
    brief = await world.store.desk.queues.brief(session, world.now + timedelta(hours=8))
    assert brief.open == len(found[0])
    return found[0], found[1]


async def _is_refused(world: World, session: LeadSession) -> None:
    try:
        await world.store.desk.queues.page(session)
    except NotOffered:
        return
    raise AssertionError("a queue was shown")


def check_keys(rows: Rows, world: World, model: Knowledge, thief: Thief, touched: set[int]) -> None:
    """What is wrapped for whom is what she holds; and all keys and copies of a lead open what she could ever read."""
    names = {lead: name for name, lead in world.ids.items()}
    held: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows["wraps"]:
        if row["blob"] and row["holder"]:
            held[row["case_id"], names[row["holder"]]].add(row["epoch"])
    for number in touched & model.cases.keys():
        case, of = model.cases[number], world.cases[number]
        for name in model.people:
            assert held[of, name] == {epoch for epoch, _ in case.held.get(name, ())}, (name, number)
            had: set[Key] = case.had.get(name, set())
            there = {
                (row["number"], (row["epoch"], row["kind"]))
                for row in rows["entries"]
                if row["case_id"] == of and (row["epoch"], row["kind"]) in had
            }
            assert thief.reads(world.seeds[name], of, rows) == there, (name, number)
        [clear] = [row for row in rows["cases"] if row["id"] == of]
        assert clear["epoch"] == case.epoch
    assert {row["id"] for row in rows["cases"]} == {world.cases[number] for number in model.cases}
    assert {kind for of in held for kind in KINDS}.issubset(KINDS)


def check_notices(rows: Rows, world: World, model: Knowledge) -> None:
    """No notice of a case waits for anybody who is in and does not have it."""
    names = {lead: name for name, lead in world.ids.items()}
    numbers = {case: number for number, case in world.cases.items()}
    for row in rows["outbox"]:
        if row["lead_id"] and row["case_id"]:
            name, case = names[row["lead_id"]], model.cases[numbers[row["case_id"]]]
            assert name in case.recipients or model.people[name].state == "out", (name, row["kind"])


async def check_counts(world: World, model: Knowledge) -> None:
    """What whoever runs Hark counts is how many cases are open, whoever reads them."""
    counted = await world.store.counting.queue()
    assert sum(counted.open.values()) == sum(not case.closed for case in model.cases.values())


async def check_recovery(world: World, model: Knowledge) -> None:
    """The key that stays away from the server opens each case whole, whoever was kept out, has left or is gone."""
    found = await world.recovered()
    assert found.keys() == model.cases.keys()
    for number, case in model.cases.items():
        assert {one.text for one in case.entries} <= found[number], number


async def audited(world: World) -> int:
    """How many lines the audit has."""
    [(number,)] = await fetch(world.url, select(func.count()).select_from(audit))
    return int(number)
