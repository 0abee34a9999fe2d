"""Says something to the box, and puts it in, killed at each failpoint in turn.

`python -m tests.storage.killed_letters FOLDER` leaves a school for each kill in FOLDER, in the state it was killed
in. It is a process of its own, since it forks.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

from flows.measures.box import Felt, Question
from storage.database import instrumentation
from storage.deeds.words import SendReply
from tests.storage.conftest import School
from tests.storage.killed import a_school_for_each_kill, killing_at
from tests.thoroughness import every

ANSWERS: Final[tuple[tuple[Question, Felt], ...]] = (("C24", "no"), ("C24a", "yes"))
_PEOPLE: Final = 3


async def prepare(folder: Path) -> dict[str, Any]:
    """Three people who were answered, two of whom have said how it was; gives what a later process needs."""
    school = School(folder)
    await school.open()
    ada = await school.join("Ada")
    words = []
    for chat in range(1, _PEOPLE + 1):
        sent = await school.send((ada,), chat=chat)
        await school.reads(ada, sent.talk.found.case)
        deed = SendReply(ready="read")
        await school.store.desk.act(ada, school.arrival(500), sent.talk.found.case, None, deed)
        await school.store.talks.view(sent.talk)
        await school.store.letterbox.offer(sent.talk, "answered", date(2026, 9, 1))
        if chat < _PEOPLE:
            await school.store.letterbox.put(school.arrival(chat), sent.talk, ANSWERS)
        words.append(sent.words)
    await school.store.close()
    return {"words": words, "Ada": school.secrets["Ada"].hex()}


async def reopened(folder: Path, known: dict[str, Any]) -> School:
    """The same school in a later process, a few minutes later."""
    school = School(folder)
    school.later(minutes=5)
    school.updates = 5_000
    school.secrets = {"Ada": bytes.fromhex(known["Ada"])}
    await school.open()
    return school


async def attempt(folder: Path, known: dict[str, Any], how: str, number: int) -> None:
    """Answer, or put in, and die at the failpoint of that number, if it comes to it."""
    school = await reopened(folder, known)
    talk: Any = await school.store.talks.open(school.arrival(7), known["words"][-1])
    await school.store.letterbox.offer(talk, "answered", date(2026, 9, 1))
    if how == "posts":
        school.later(days=2)
    instrumentation.arm(killing_at(number))
    if how == "says":
        await school.store.letterbox.put(school.arrival(7), talk, ANSWERS)
    else:
        await school.store.postman.look()
    instrumentation.arm(None)
    await school.store.close()


if __name__ == "__main__":
    a_school_for_each_kill(Path(sys.argv[1]), prepare, ("says", "posts"), attempt, every=every(5))
