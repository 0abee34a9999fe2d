"""Hands a whole file from one Hark to another, both killed at each failpoint in turn.

`python -m tests.storage.killed_transfers FOLDER` leaves two schools for each kill in FOLDER, as they were killed. It
is a process of its own, since it forks.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.duty.working_days import Reminders
from flows.values.deeds import SendConcern
from storage.database import instrumentation
from storage.deeds.leaving.transfer import TakeReceipt, Transfer
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.transfer_key import TransferKey
from storage.values import CaseId
from tests.storage.conftest import School
from tests.storage.killed import forked_until_one_ends, killing_at
from tests.thoroughness import every

NAME = "Oakfield School"
_DUE = date(2026, 12, 1)
_TIMES = Reminders(datetime(2026, 12, 1, 8, tzinfo=UTC), datetime(2026, 12, 3, 8, tzinfo=UTC))


async def prepare(folder: Path) -> dict[str, str]:
    """A case here, and another Hark with a transfer key; gives what a later process needs to go on."""
    here, there = School(folder / "here"), School(folder / "there")
    for school in (here, there):
        school.folder.mkdir(parents=True)
        await school.open()
    leads = [await here.join("Ada Byron", chat=500), await here.join("Ben Okri", "deputy", chat=501)]
    await there.join("Eve Moneypenny", chat=600)
    await there.store.desk.transfer_key.make()
    sent = await here.send(tuple(leads), chat=1)
    for lead in leads:
        await here.reads(lead, sent.talk.found.case)
    for school in (here, there):
        await school.store.close()
    secrets = {name: secret.hex() for school in (here, there) for name, secret in school.secrets.items()}
    return {**secrets, "case": sent.talk.found.case}


async def reopened(folder: Path, known: dict[str, str], later: int) -> tuple[School, School]:
    """Both in a later process, so many minutes later."""
    both = School(folder / "here"), School(folder / "there")
    for school in both:
        school.later(minutes=later)
        school.updates = 1_000 * later
        school.secrets = {name: bytes.fromhex(secret) for name, secret in known.items() if name != "case"}
        await school.open()
    return both


async def go_on(here: School, there: School, case: CaseId, watcher: Callable[[str], None] | None = None) -> None:
    """Go on with the transfer from wherever it stands, as the people would.

    `watcher` hears of each failpoint once all desks are open.
    """
    ada, ben = await here.unlock("Ada Byron", 700), await here.unlock("Ben Okri", 701)
    eve = await there.unlock("Eve Moneypenny", 702)
    if (await here.store.desk.open_case(ada, here.arrival(700), case)).row.status == "transferred":
        return
    instrumentation.arm(watcher)
    leaving, arriving = here.store.desk.leaving, there.store.desk.arriving
    key = there.store.desk.transfer_key.read()
    container = await leaving.container(ada, case, NAME)
    if container.told is None:
        await _says(here, ada, case, container, key, second=False)
        container = await leaving.container(ben, case, NAME)
    if container.told is not None and not container.told.number:
        await _says(here, ben, case, container, key, second=True)
    file = await arriving.look(eve, await leaving.sealed(container, key))
    if not file.here:
        await arriving.receive(eve, there.arrival(702), file, _deed(file, eve), ["a note"], there.clocks)
    receipt = await arriving.receipt(eve, file)
    await here.store.desk.act(ada, here.arrival(700), case, None, TakeReceipt(receipt))


async def _says(
    school: School, lead: LeadSession, case: CaseId, container: Any, key: TransferKey, *, second: bool
) -> None:
    await school.confirm(lead)
    held = (container.upto, container.urgency, container.digest)
    deed = Transfer("To Elm Road School", key.text, *held, _DUE, _TIMES, second)
    await school.store.desk.act(lead, school.arrival(lead.address.chat_id), case, None, deed)


def _deed(file: Any, eve: LeadSession) -> SendConcern:
    return SendConcern(
        site=eve.lead.site,
        register="12_17",
        language="en",
        door="web",
        answers=file.entries[0].answers,
        rungs=((eve.lead.id,),),
        excluded=(),
        withheld=(),
        urgency=file.copy.urgency,
        rules=(),
    )


async def attempt(folder: Path, known: dict[str, str], number: int) -> None:
    """Hand it over, and die at the failpoint of that number, if it comes to it."""
    here, there = await reopened(folder, known, 5)
    kill, before = killing_at(number), ""

    def reached(point: str) -> None:
        nonlocal before
        before, same = point, point == before  # between two statements of one transaction is one moment
        if not same:
            kill()

    await go_on(here, there, CaseId(known["case"]), reached)
    instrumentation.arm(None)
    for school in (here, there):
        await school.store.close()


def main(folder: Path) -> None:
    """Leave two schools for each kill, and once where it came to its end."""
    first = folder / "first"
    known = asyncio.run(prepare(first))
    (folder / "known").write_text(json.dumps(known))

    def handing(number: int) -> None:
        copy = shutil.copytree(first, folder / f"killed-{number}")
        asyncio.run(attempt(copy, known, number))

    forked_until_one_ends(handing, every(11))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
