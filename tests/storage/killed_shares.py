"""What leads and a partner do about a share, and about who is a partner, killed at each failpoint in turn.

`python -m tests.storage.killed_shares FOLDER` leaves a school for each kill in FOLDER, in the state it was killed in,
named by what was done. It is a process of its own, since it forks.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from storage.database import instrumentation
from storage.deeds.sharing.share import Share
from storage.values.partners import WantedAgreement
from storage.values.shares import Answer, ShareContent, SharedPart
from tests.storage.conftest import PASSPHRASE, School
from tests.storage.killed import a_school_for_each_kill, killing_at
from tests.thoroughness import every

ADA, BEA, NUR = 700, 701, 710
REPLY = "axolotl on Thursday"


@dataclass
class Known:
    """What a later process needs to go on: the factors, the case, its share, and the partner."""

    secrets: dict[str, str]
    case: Any
    share: Any
    nurse: Any
    until: str


def deed(school: School, nurse: Any) -> Share:
    """A part for the nurse, for a fortnight."""
    until = school.now + timedelta(days=14)
    said = ("Ada Byron, Oakfield", "Nurse Okafor", "to plan", "Could you see her?", until)
    return Share(nurse, ShareContent(*said, (SharedPart("She wrote:", "It hurts."),)), (1,), 1, "child", "yes")


def wanted(school: School) -> WantedAgreement:
    """An agreement with somebody new."""
    until = school.now + timedelta(days=200)
    return WantedAgreement("Gus Gray", "Youth worker", "early_help", "signed", until)


async def prepare(folder: Path) -> Known:
    """A case that two leads read, shared with a partner, who has opened it; and a first word for another partner."""
    school = School(folder)
    await school.open()
    ada, bea = await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    case = (await school.send((ada, bea), chat=1)).talk.found.case
    await school.reads(ada, case)
    await school.store.desk.act(ada, school.arrival(ADA), case, None, deed(school, nurse.lead.id))
    [one] = await school.store.shares.listed(nurse)
    await school.store.shares.open(nurse, school.arrival(NUR), one.id)
    await school.store.desk.open_case(ada, school.arrival(ADA), case)
    await school.store.leads.partners.agree(ada, school.arrival(ADA), wanted(school))
    await school.store.close()
    secrets = {name: secret.hex() for name, secret in school.secrets.items()}
    return Known(secrets, case, one.id, nurse.lead.id, wanted(school).until.isoformat())


async def reopened(folder: Path, known: Known) -> School:
    """The same school in a later process, a few minutes later."""
    school = School(folder)
    school.later(minutes=5)
    school.updates = 5_000
    school.secrets = {name: bytes.fromhex(secret) for name, secret in known.secrets.items()}
    await school.open()
    return school


async def _shares(school: School, known: Known) -> Any:
    ada = await school.unlock("Ada Byron", ADA)
    return lambda: school.store.desk.act(ada, school.arrival(ADA), known.case, None, deed(school, known.nurse))


async def _takes_back(school: School, known: Known) -> Any:
    ada = await school.unlock("Ada Byron", ADA)
    version = (await school.store.desk.open_case(ada, school.arrival(ADA), known.case)).row.version
    back = school.store.desk.shares.take_back
    return lambda: back(ada, school.arrival(ADA), known.case, version, known.share)


async def _answers(school: School, known: Known, answer: Answer) -> Any:
    nurse = await school.unlock("Nurse Okafor", NUR)
    return lambda: school.store.shares.answer(nurse, school.arrival(NUR), known.share, answer)


async def _suspends(school: School, known: Known) -> Any:
    bea = await school.unlock("Bea Potter", BEA)
    shown = (await school.store.leads.rosters.read()).leads[known.nurse].fingerprint
    return lambda: school.store.leads.partners.suspend(bea, school.arrival(BEA), known.nurse, shown)


async def _agrees(school: School, _: Known) -> Any:
    bea = await school.unlock("Bea Potter", BEA)
    [waits] = (await school.store.leads.partners.read(bea)).proposed
    return lambda: school.store.leads.partners.agree(bea, school.arrival(BEA), waits.wanted)


async def _renews(school: School, _: Known) -> Any:
    nurse = await school.unlock("Nurse Okafor", NUR)
    school.later(seconds=60)
    await school.store.leads.own_factors.prove(nurse, school.arrival(NUR), PASSPHRASE, school.code("Nurse Okafor"))

    async def renew() -> None:
        await school.store.leads.own_factors.renew_keys(nurse, school.arrival(NUR), PASSPHRASE)
        async for _ in school.store.renewals.go_on(nurse):
            pass

    return renew


#: By what a folder is called: gives what is to be done, once all is ready for it.
WAYS: Final[dict[str, Callable[[School, Known], Awaitable[Any]]]] = {
    "shares": _shares,
    "takes_back": _takes_back,
    "replies": lambda school, known: _answers(school, known, Answer("replied", text=REPLY)),
    "declines": lambda school, known: _answers(school, known, Answer("declined", "other")),
    "suspends": _suspends,
    "agrees": _agrees,
    "renews": _renews,
}


async def attempt(folder: Path, known: Known, how: str, number: int) -> None:
    """Do it, and die at the failpoint of that number, if it comes to it."""
    school = await reopened(folder, known)
    doing = await WAYS[how](school, known)
    instrumentation.arm(killing_at(number))
    await doing()
    instrumentation.arm(None)
    await school.store.close()


if __name__ == "__main__":
    a_school_for_each_kill(Path(sys.argv[1]), prepare, WAYS, attempt, written=vars, every=every(10))
