"""The five lives, each a short script of what somebody taps and writes, by what a key asks and never by its label."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from tests.story.lives.answering import answer_all
from tests.story.lives.lead_day import a_leads_day
from tests.story.lives.school import School
from tests.story.lives.teacher_record import a_teachers_record
from tests.story.lives.teller import Teller

#: What somebody does, in the language of the page.
Lived: TypeAlias = Callable[[Teller, School, str], Awaitable[None]]


@dataclass(frozen=True)
class Life:
    """Who it is, when, and how many screens there are at least."""

    name: str
    at: datetime
    screens: int
    lived: Lived
    by_keyboard: bool = False


SUNDAY_AFTERNOON: Final = datetime(2026, 11, 29, 15, 10, tzinfo=UTC)
SUNDAY_NIGHT: Final = datetime(2026, 11, 29, 23, 40, tzinfo=UTC)
MONDAY_BEFORE_DAWN: Final = datetime(2026, 11, 30, 0, 35, tzinfo=UTC)  # thirty cases later it is five past eight
MONDAY_LUNCH: Final = datetime(2026, 11, 30, 13, 20, tzinfo=UTC)

_SHOUTED: Final = {
    "en": "Mr Hill says mean things to me when nobody is there. I do not like PE now.",
    "ar": "الأستاذ يصرخ في وجهي عندما لا يكون هناك أحد. صرت أخاف من حصة الرياضة.",
}
_BLACKMAIL: Final = {
    "en": "a boy online has a nude pic of me and says he will send it to everyone unless i pay",
    "ar": "شخص على الإنترنت يهددني. يقول إنه سينشر صورتي إذا لم أدفع له.",
}
_HOPELESS: Final = {"en": "i cant do this any more", "ar": "لم أعد أحتمل"}
_HIT: Final = {
    "en": "My daughter says a boy in her class keeps hitting her. She has a bruise on her arm.",
    "ar": "تقول ابنتي إن ولدًا في صفها يضربها كل يوم. على ذراعها كدمة.",
}
_MORE: Final = {"en": "After lunch, by the gate.", "ar": "بعد الغداء، عند البوابة."}
_ANSWER: Final = {
    "en": "Thank you for telling us. I will speak with her class teacher today.",
    "ar": "شكرًا لأنك أخبرتنا. سأتحدث اليوم مع معلمة صفها.",
}


async def a_child_about_staff(child: Teller, _: School, language: str) -> None:
    """Nine years old, alone with the tablet, about somebody who teaches there: only who reads it may be named."""
    await child.tap("g:under_12", "q:C5:no", "q:C3:ok", "q:C4:yes")
    await child.write(_SHOUTED[language], before="k:C8:done")
    await child.tap("k:C8:done", "q:C14:yes", "k:CR:send", "k:-:carry_on", "q:C6:me", "k:C10:enough")
    await child.opens("#help-button")
    await child.tap("k:-:carry_on", "k:-:more")
    await child.sees("x:tidy")
    said = await child.said()
    assert not any(name in said for name in ("Okafor", "Bell", "Room 12"))
    await child.opens("#menu-button")
    await child.camera.look()
    await child.opens("#leave")
    await child.page.wait_for_url("about:blank")


async def a_teenager_blackmailed(teenager: Teller, _: School, language: str) -> None:
    """Fourteen, at night, on a phone that others pick up: the card comes at once, and nothing stays on the screen."""
    await teenager.tap("g:12_17", "q:C5:yes", "q:C3:more", "q:C3:ok", "q:C4:not_sure", "k:-:carry_on")
    await teenager.write(_BLACKMAIL[language], before="k:C8:done")
    await teenager.sees("x:leave")
    assert "childline.org.uk/remove" in await teenager.said()
    await teenager.tap(
        "k:-:carry_on", "k:C8:done", "q:C14:no", "r:*:1", "k:CR:review", "k:-:carry_on", "k:CR:send", "k:-:carry_on"
    )
    await teenager.write(_HOPELESS[language], before="q:C6:me")
    await teenager.tap("k:-:carry_on", "q:C6:me", "q:C15:not_sure", "k:-:carry_on", "k:*:enough")
    await teenager.sees("x:tidy")
    assert _BLACKMAIL[language] not in await teenager.said()


async def a_parent(parent: Teller, school: School, language: str) -> None:
    """On a Sunday afternoon, about a daughter: sent, asked, and read again with the words when there is an answer."""
    await parent.tap("g:parent", "q:C5:no", "q:P2:ok", "q:P3:no")
    await parent.write(_HIT[language], before="k:P5:done")
    await parent.tap("k:P5:done", "q:P8:no")
    await parent.sees("k:CR:send")
    await parent.tap("k:CR:send", look=False)
    await parent.sees("k:-:carry_on")
    receipt = await parent.receipt()
    await answer_all(parent, _MORE[language], ("g.hurt", "abuse.physical"))
    await parent.camera.look()
    await school.answers(_ANSWER[language])
    await parent.comes_back()
    await parent.write("/return", before="g:parent")
    await parent.write(receipt, before="x:leave")
    await parent.tap("y:feedback")
    await answer_all(parent, _MORE[language], ("", ""))
    await parent.say("/stop")
    await parent.sees("x:tidy")


LIVES: Final = (
    Life("child-about-staff", SUNDAY_AFTERNOON, 10, a_child_about_staff, by_keyboard=True),
    Life("teenager-blackmailed", SUNDAY_NIGHT, 10, a_teenager_blackmailed),
    Life("parent", SUNDAY_AFTERNOON, 10, a_parent),
    Life("teacher", MONDAY_LUNCH, 10, a_teachers_record),
    Life("lead", MONDAY_BEFORE_DAWN, 10, a_leads_day),
)
