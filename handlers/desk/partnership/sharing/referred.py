"""What a partner answers where she is asked to take it on: taken on, noted only, or not theirs; what is next, by when.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from flows.duty import working_days
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.partnership.sharing import partner
from storage.values.shares import LONGEST_WORDS, Answer, AnswerKind

#: By the last letter of a button's argument.
_KIND: Final[Mapping[str, AnswerKind]] = {"t": "taken_on", "n": "noted", "d": "declined"}
_SHARE: Final = 32  # digits of a share's id
_SAID: Final[Mapping[AnswerKind, Text]] = {
    "taken_on": desk("Noted: you take it on. They are told."),
    "noted": desk("Noted. They are told that you only note it."),
    "declined": desk("Noted: it is not yours. It has ended for you; they are told."),
}


async def ask_next(visit: Visit, ask: Ask) -> None:
    """Ask what happens next."""
    if ask.argument[_SHARE:] not in _KIND:
        await partner.shares(visit, ask)
        return
    await _ask_next(visit, ask)


async def _ask_next(visit: Visit, ask: Ask, *first: Text) -> None:
    visit.place.asking = AskText("refernext", ask)
    said = desk("What happens next? Type it in a sentence or two; it goes to those who asked you.")
    if ask.argument[_SHARE:] == "d":
        said = desk("Who could take it, or what should they do? Type it; it goes to those who asked you.")
    skip = visit.press(desk("Nothing to add"), "refersay", Ask(argument=ask.argument))
    await visit.show(Screen((*first, said), ((skip,), partner.back(visit))))


async def next_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take it; then ask by when, unless it is not theirs."""
    if len(text) > LONGEST_WORDS:
        said = desk("That is too long: at most {count} characters, please.", count=LONGEST_WORDS)
        await _ask_next(visit, ask, said)
    elif ask.argument[_SHARE:] == "d":
        await _say(visit, ask.argument, text)
    else:
        await _ask_day(visit, Ask(argument=f"{ask.argument}{text}"))


async def _ask_day(visit: Visit, ask: Ask, *first: Text) -> None:
    visit.place.asking = AskText("referby", ask)
    rows = ((visit.press(desk("No day yet"), "referby", Ask(argument=ask.argument[: _SHARE + 1])),),)
    said = desk("By when? Type the day, such as 12.6.2027, or 12.6. for the next one.")
    await visit.show(Screen((*first, said), (*rows, partner.back(visit))))


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the day and answer; one that cannot be read, or is past, is asked for again."""
    day = working_days.read_day(text, None, visit.now())
    if not isinstance(day, date):
        await _ask_day(visit, ask, desk("That is no day within the next year."))
        return
    await _say(visit, ask.argument[: _SHARE + 1], ask.argument[_SHARE + 1 :], day)


async def without_day(visit: Visit, ask: Ask) -> None:
    """Answer with what was typed, without a day."""
    asking = visit.place.asking
    words = ""
    if isinstance(asking, AskText) and asking.verb == "referby" and asking.ask.argument.startswith(ask.argument):
        words = asking.ask.argument[_SHARE + 1 :]
    await _say(visit, ask.argument, words)


async def say(visit: Visit, ask: Ask) -> None:
    """Answer without a word more."""
    await _say(visit, ask.argument, "")


async def _say(visit: Visit, argument: str, words: str, day: date | None = None) -> None:
    kind = _KIND.get(argument[_SHARE:])
    if kind is None:
        await partner.shares(visit, Ask())
        return
    answer = Answer(kind, "not_ours" if kind == "declined" else None, next=words.strip(), by=day)
    await partner.answer(visit, Ask(argument=argument[:_SHARE]), answer, _SAID[kind])
