"""Keeps a lead out of a case, by a deed and by words that name her, killed at each failpoint in turn.

`python -m tests.storage.killed_exclusions FOLDER` leaves a school for each kill in FOLDER, in the state it was killed
in. It is a process of its own, since it forks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from storage.database import instrumentation
from storage.deeds.readers.exclude import Exclude
from tests.storage.conftest import School
from tests.storage.killed import a_school_for_each_kill, killing_at
from tests.thoroughness import every

#: What names Eve, and may be in the case or not.
WORDS = "it is Miss Moneypenny"


async def prepare(folder: Path) -> dict[str, str]:
    """A case that three leads read; gives what a later process needs to go on with it."""
    school = School(folder)
    await school.open()
    leads = [await school.join(name, chat=500 + place) for place, name in enumerate(("Ada Byron", "Eve Moneypenny"))]
    leads.append(await school.join("Fay Long", "deputy", chat=502))
    sent = await school.send(tuple(leads), chat=1)
    await school.say(sent.talk, "before", chat=1)
    await school.store.close()
    secrets = {name: secret.hex() for name, secret in school.secrets.items()}
    return {**secrets, "case": sent.talk.found.case, "eve": leads[1].lead.id, "receipt": sent.words}


async def reopened(folder: Path, known: dict[str, str]) -> School:
    """The same school in a later process, a few minutes later."""
    school = School(folder)
    school.later(minutes=5)
    school.updates = 5_000
    school.secrets = {name: bytes.fromhex(known[name]) for name in ("Ada Byron", "Eve Moneypenny", "Fay Long")}
    await school.open()
    return school


async def attempt(folder: Path, known: dict[str, str], how: str, number: int) -> None:
    """Keep Eve out, and die at the failpoint of that number, if it comes to it."""
    school = await reopened(folder, known)
    ada = await school.unlock("Ada Byron", 700)
    talk = await school.store.talks.open(school.arrival(7), known["receipt"])
    instrumentation.arm(killing_at(number))
    if how == "deed":
        deed = Exclude(known["eve"], "It is about her.")  # type: ignore[arg-type]
        await school.store.desk.act(ada, school.arrival(700), known["case"], None, deed)  # type: ignore[arg-type]
    else:
        await school.say(talk, WORDS, chat=7)
    instrumentation.arm(None)
    await school.store.close()


if __name__ == "__main__":
    a_school_for_each_kill(Path(sys.argv[1]), prepare, ("deed", "words"), attempt, every=every(8))
