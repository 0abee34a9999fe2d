"""A lead's Monday with thirty cases: unlock, the queue, one case from its card to its end, and away again."""

from __future__ import annotations

from typing import Final

from flows.values.ids import Register, Urgency
from tests.story.lives.school import PASSPHRASE, School
from tests.story.lives.teller import Teller

CASES: Final = 30
_NAME: Final = "Ms Okafor"
_URGENCIES: Final[tuple[Urgency, ...]] = ("immediate", "same_day", "soon", "routine", "soon", "routine")
_REGISTERS: Final[tuple[Register, ...]] = ("12_17", "under_12", "parent", "staff")
_CATEGORIES: Final = ("abuse.physical", "bullying.online", "wellbeing", "online.sextortion", "substance")
_WORDS: Final = (
    ("en", "They wait for me behind the bus stop and film me. It happens every day after school."),
    ("ar", "ينتظرونني خلف موقف الحافلة ويصورونني. يحدث هذا كل يوم بعد المدرسة."),
)
_ANSWER: Final = "I have read this. You were right to tell us. Come to Room 12 at break."


async def a_leads_day(lead: Teller, school: School, language: str) -> None:
    """The desk speaks English; with the page in Arabic it runs from right to left, and an Arabic case comes first."""
    await thirty_cases(school, language)
    await lead.write(f"/unlock {_NAME}", before="g:under_12")
    await lead.fill(current_password=PASSPHRASE, one_time_code=school.code(_NAME))
    await lead.tap("d:*:queue:*")
    await lead.tap("d:*:queue:*:filters")
    await lead.sees("d:*:queue:*unread")
    await lead.say("/queue")
    await _open_first(lead)
    await _one_case(lead)
    await lead.tap("d:*:next:*")
    await lead.sees("d:*:claim:*")
    await lead.say("/team")
    await lead.tap("d:*:brief:*")
    await lead.tap("d:*:lock:*")
    await lead.offered()
    await lead.camera.look()


async def _one_case(lead: Teller) -> None:
    """From its card to its end: taken, read, answered, noted, judged, handed on, closed."""
    await lead.tap("d:*:claim:*")
    await lead.tap("d:*:close:*")  # refused: there are words that nobody has read
    await lead.tap("d:*:words:*")
    await lead.tap("d:*:words:*:1")
    await lead.tap("d:*:reply:*")
    await lead.write(_ANSWER, before="d:*:open:*")
    await lead.tap("d:*:send:*")
    await lead.tap("d:*:note:*", look=False)
    await lead.write("Spoke to the form tutor.", before="d:*:open:*")
    await lead.tap("d:*:urgency:*", look=False)
    await lead.tap("d:*:urge:*:same_day")
    await lead.write("It happens again tomorrow.", before="d:*:open:*")
    await lead.tap("d:*:status:*", look=False)
    await lead.tap("d:*:move:*:assessing")
    for aside in ("history", "more", "assign"):
        await lead.tap(f"d:*:{aside}:*", look=False)
        await lead.tap("d:*:open:*")
    await lead.tap("d:*:close:*", look=False)
    await lead.tap("d:*:outcome:*:here")
    await lead.tap("d:*:end:*:early_help")
    await lead.write("The family has agreed to it.", before="d:*:open:*")


async def thirty_cases(school: School, language: str) -> None:
    """Keep cases of every urgency, half of them in Arabic, one each quarter of an hour until now.

    The most urgent one is in the language of the page.
    """
    for number in range(CASES):
        school.world.clock.pass_(15)
        tag, words = _WORDS[(number + (language == "ar")) % len(_WORDS)]
        await school.has_heard(
            words,
            register=_REGISTERS[number % len(_REGISTERS)],
            urgency=_URGENCIES[number % len(_URGENCIES)],
            category=_CATEGORIES[number % len(_CATEGORIES)],
            language=tag,
        )


async def _open_first(lead: Teller) -> None:
    """Open the case that stands first in the queue."""
    await lead.sees("d:*:open:*")
    first = next(asks for asks in await lead.offered() if ":open:" in asks)
    await lead.tap(first, look=False)
