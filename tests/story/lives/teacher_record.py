"""A teacher's lunch hour: one box, sent, and then every field that a record has, also those that may stay empty."""

from __future__ import annotations

from typing import Final

from tests.story.lives.answering import answer, step_of
from tests.story.lives.school import School
from tests.story.lives.teller import Teller

_TOLD: Final = {
    "en": "At lunch Mia said her stepfather hits her with a belt. She showed me a mark on her arm.",
    "ar": "قالت لي مايا وقت الغداء: «زوج أمي يضربني بالحزام». أرتني أثرًا على ذراعها.",
}
_FIELD: Final = {"en": "“He did it last night.” Class 4, main hall.", "ar": "«فعلها ليلة أمس.» الصف الرابع، القاعة."}
_CATEGORY: Final = ("g.hurt", "abuse.physical")
_FIELDS: Final = 23  # of a record, without those of its category
_PAGES: Final = 7  # of the list, one more than there are
_MOST: Final = 60  # fields that no record has


async def a_teachers_record(teacher: Teller, _: School, language: str) -> None:
    """Not alone in the staff room, so the way to help comes first; then field by field, until none is open."""
    await teacher.tap("g:staff")
    await teacher.tap("q:S0:ok")
    await teacher.write(_TOLD[language], before="k:SW:done")
    await teacher.tap("k:-:carry_on")
    await teacher.tap("k:SW:done")
    await teacher.tap("q:SC:no")
    await teacher.tap("k:CR:send")
    await teacher.tap("k:-:carry_on")
    filled = await _fill_every_field(teacher, _FIELD[language])
    assert len(filled) >= _FIELDS, filled
    await teacher.tap("q:record:proof")
    await teacher.tap("k:record:enough")
    await teacher.sees("k:-:questions")


async def _fill_every_field(teacher: Teller, words: str) -> list[str]:
    """Each field once, wherever the list has it; the list is looked at as it is first, and once all is filled."""
    filled: list[str] = []
    await teacher.sees("q:record:proof")
    for _ in range(_MOST):
        item = await _open_field(teacher, filled)
        if item is None:
            return filled
        await teacher.tap(f"q:record:{item}", look=False)
        offered = await teacher.offered()
        await answer(teacher, step_of(offered), offered, words, _CATEGORY)
        filled.append(item)
        if "x:leave" in await teacher.offered():  # what was answered calls for help first
            await teacher.tap("k:-:carry_on")
        await teacher.sees("q:record:proof", look=False)
    raise AssertionError(f"still open: {await teacher.said()}")


async def _open_field(teacher: Teller, filled: list[str]) -> str | None:
    """The first field that is not filled, with the page of the list on which it stands; None if there is none."""
    for _ in range(_PAGES):
        await teacher.sees("q:record:proof", look=False)
        items = [asks.removeprefix("q:record:") for asks in await teacher.offered() if asks.startswith("q:record:")]
        page = next((item for item in items if item.startswith("page.")), "")
        fresh = [item for item in items if item not in {*filled, page, "proof"}]
        if fresh:
            return fresh[0]
        await teacher.tap(f"q:record:{page}", look=False)
    return None
