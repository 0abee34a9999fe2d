"""What is answered to the questions of `/share`, by buttons and in words; and each of them asked anew.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import share_labels
from handlers.desk.partnership.sharing import parts, terms
from handlers.desk.partnership.sharing.share import ask_next, unsent_of
from storage.values.shares import BASES, LONGEST_WORDS, Basis, ChildTold


async def why(visit: Visit, ask: Ask) -> None:
    """Ask for the purpose anew."""
    found = await unsent_of(visit, ask)
    if found is not None:
        await ask_next(visit, found[0], replace(found[1], purpose=""))


async def why_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the purpose."""
    found = await unsent_of(visit, ask)
    if found is not None:
        await ask_next(visit, found[0], replace(found[1], purpose=_fitting(text)), *_too_long(text))


async def question(visit: Visit, ask: Ask) -> None:
    """Ask anew for what is asked of her."""
    found = await unsent_of(visit, ask)
    if found is not None:
        await ask_next(visit, found[0], replace(found[1], question=""))


async def question_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take what is asked of her."""
    found = await unsent_of(visit, ask)
    if found is not None:
        await ask_next(visit, found[0], replace(found[1], question=_fitting(text)), *_too_long(text))


async def choose_parts(visit: Visit, ask: Ask) -> None:
    """Ask for the parts anew, with one more or less where its button was pressed; or take them as they are shown."""
    found = await unsent_of(visit, ask)
    if found is None:
        return
    shown, unsent = found
    if ask.argument.isdecimal():
        await ask_next(visit, shown, parts.with_typed(unsent, ask.argument))
        return
    agreed = bool(ask.argument)
    nothing = agreed and not parts.copied(visit, shown, unsent)
    said = (desk("Nothing is left of it. Choose at least one part that is not blacked out as a whole."),)
    await ask_next(visit, shown, replace(unsent, parted=agreed and not nothing), *(said if nothing else ()))


async def parts_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take numbers, which go in and out, or words that are blacked out."""
    found = await unsent_of(visit, ask)
    if found is not None:
        await ask_next(visit, found[0], parts.with_typed(found[1], text))


async def basis(visit: Visit, ask: Ask) -> None:
    """Take the basis."""
    found = await unsent_of(visit, ask)
    if found is not None:
        chosen: Basis | None = next((one for one in BASES if one == ask.argument), None)
        await ask_next(visit, found[0], replace(found[1], basis=chosen))


async def told(visit: Visit, ask: Ask) -> None:
    """Take whether the child knows."""
    found = await unsent_of(visit, ask)
    if found is not None:
        one: ChildTold | None = next((one for one in share_labels.CHILD_TOLD if one == ask.argument), None)
        await ask_next(visit, found[0], replace(found[1], told=one, why=""))


async def unsafe(visit: Visit, ask: Ask) -> None:
    """Ask anew why the child is not told."""
    found = await unsent_of(visit, ask)
    if found is not None:
        await ask_next(visit, found[0], replace(found[1], why=""))


async def unsafe_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take why the child is not told."""
    found = await unsent_of(visit, ask)
    if found is not None:
        await ask_next(visit, found[0], replace(found[1], why=_fitting(text)), *_too_long(text))


async def until(visit: Visit, ask: Ask) -> None:
    """Take the number of days; or ask for another day, or for all of it anew."""
    found = await unsent_of(visit, ask)
    if found is None:
        return
    shown, unsent = found
    if ask.argument == terms.OTHER:
        await terms.ask_day(visit, shown)
    elif ask.argument in {str(days) for days in terms.DAYS}:
        await ask_next(visit, shown, replace(unsent, until=visit.now() + timedelta(days=int(ask.argument))))
    else:
        await ask_next(visit, shown, replace(unsent, until=None))


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the last day; one that does not do is asked for again."""
    found = await unsent_of(visit, ask)
    if found is None:
        return
    shown, unsent = found
    ends = terms.end_of(visit, shown, text)
    if ends is None:
        await terms.ask_day(visit, shown, desk("That is no day within the next 90 days."))
        return
    await ask_next(visit, shown, replace(unsent, until=ends))


def _fitting(text: str) -> str:
    """The words, or nothing where they are too long."""
    return text.strip() if len(text.strip()) <= LONGEST_WORDS else ""


def _too_long(text: str) -> tuple[Text, ...]:
    if _fitting(text):
        return ()
    return (desk("That is too long: at most {count} characters, please.", count=LONGEST_WORDS),)
