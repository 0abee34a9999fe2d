"""A referral to somebody without an account: a PDF to hand over, and who took it, when, under which reference.

Its text comes first and at once, so that nobody who needs help waits for a drawing, or for one that fails.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from flows.duty import working_days
from flows.measures.charts import NotDrawn, Paper
from flows.together.partners import AGENCIES, AMONG_FAMILIES, Agency
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText, Shown
from handlers.desk.chat.files import FILE_STAYS, send_file
from handlers.desk.chat.unsent import UnsentShare
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording import share_labels
from handlers.desk.partnership.sharing import parts, preview, share
from storage.deeds.sharing.hand_out import LONGEST, NoteTaken
from storage.values.shares import Outside

#: What the file is called, whoever it is about.
_FILE: Final = "referral.pdf"
_OFFERED: Final[tuple[Agency, ...]] = tuple(one for one in AGENCIES if one not in AMONG_FAMILIES)


async def ask_agency(visit: Visit, ask: Ask) -> None:
    """Ask for whom whoever is to take it works; who lives among families has to be a partner."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    choices = tuple((share_labels.AGENCY[one], "outagency", one) for one in _OFFERED)
    said = desk("For whom do they work? Somebody of a community, a faith group or a youth club has to be a partner.")
    await prompts.by_buttons(visit, shown, choices, said)


async def ask_who(visit: Visit, ask: Ask) -> None:
    """Ask who it is for."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    if ask.argument not in _OFFERED:
        await ask_agency(visit, Ask(ask.reference, ask.version))
        return
    said = desk("Whom is it for? Type the name and the job, such as: Ms Bell, duty social worker")
    await prompts.for_text(visit, "outagency", shown, said, argument=ask.argument)


async def who_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Begin with that person; whom anything in the case names is asked for again."""
    shown = await case_card.on_screen(visit, ask)
    agency = next((one for one in _OFFERED if one == ask.argument), None)
    if shown is None or agency is None:
        return
    name = await prompts.short_enough(visit, "outagency", shown, text, LONGEST)
    if name is None:
        return
    known = await visit.store.desk.shares.read(visit.session(), shown.case, typed=name)
    if known.bars_typed:
        said = desk("That person is named in this case, or was left out of it. Type somebody else.")
        await prompts.for_text(visit, "outagency", shown, said, argument=agency)
        return
    to = Outside(name, agency, visit.session().lead.language)
    unsent = UnsentShare(shown.case, to, parts.last(shown), known.tells_child, refers=True)
    await share.ask_next(visit, shown, unsent)


async def hand_out(visit: Visit, ask: Ask) -> None:
    """Note that it is handed out, then show its text in a message that can be copied, and the PDF, for five minutes."""
    found = await share.unsent_of(visit, ask)
    if found is None:
        return
    shown, unsent = found
    deed, paper = preview.hand_out(visit, shown, unsent), preview.paper(visit, shown, unsent)
    if deed is None or paper is None:
        await share.ask_next(visit, shown, unsent)
        return
    done = await visit.act(shown, deed)
    visit.place.sharing = None
    said = desk("Noted. Print the PDF below, or read the text out. Then note in /refer who took it.")
    await case_card.changed(visit, done, said)
    head = desk("This message can be copied for five minutes, then it is deleted.")
    await visit.send_copyable(Screen((head,), verbatim=deed.text), FILE_STAYS)
    await _send_paper(visit, paper)


async def _send_paper(visit: Visit, paper: Paper) -> None:
    """Send it as a PDF, or say that there is none; the text stands above already."""
    try:
        drawn = await visit.deps.draw(paper)
    except NotDrawn:
        await visit.add(Screen((desk("The PDF could not be made now. The text above has all that would be in it."),)))
        return
    if not await send_file(visit, _FILE, drawn):
        await visit.add(Screen((desk("The PDF could not be sent. The text above has all that is in it."),)))


async def ask_taker(visit: Visit, ask: Ask) -> None:
    """Ask who took it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is not None and ask.argument.isdecimal():
        said = desk("Who took it? Type the name, as they gave it.")
        await prompts.for_text(visit, "outtaken", shown, said, argument=ask.argument)


async def taker_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the name, and ask for the day."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    name = await prompts.short_enough(visit, "outtaken", shown, text, LONGEST)
    if name is not None:
        await _ask_day(visit, Ask(ask.reference, ask.version, f"{ask.argument}|{name}"))


async def _ask_day(visit: Visit, ask: Ask, *first: Text) -> None:
    shown = await case_card.on_screen(visit, ask)
    if shown is not None:
        today = ((visit.press(desk("Today"), "outday", about(shown)),),)
        said = desk("On which day? Type it, such as 24.11.2026.")
        await prompts.for_text(visit, "outday", shown, *first, said, rows=today, argument=ask.argument)


async def today(visit: Visit, ask: Ask) -> None:
    """Take today, and ask for the reference."""
    kept, shown = _asked(visit, "outday"), await case_card.on_screen(visit, ask)
    if kept is None or shown is None:
        await case_card.case(visit, ask)
        return
    hours = visit.deps.hours.get(shown.view.row.site)
    await _ask_reference(visit, kept, working_days.today(hours, visit.now()))


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the day, which is not ahead; one that cannot be read is asked for again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    day = _past_day(visit, shown, text)
    if day is None:
        await _ask_day(visit, ask, desk("That is no day up to today."))
        return
    await _ask_reference(visit, ask, day)


async def _ask_reference(visit: Visit, ask: Ask, day: date) -> None:
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    none = ((visit.press(desk("They gave none"), "outref", about(shown)),),)
    said = desk("Under which reference of theirs? Type it.")
    argument = f"{day.isoformat()}|{ask.argument}"
    await prompts.for_text(visit, "outref", shown, said, rows=none, argument=argument)


async def without_reference(visit: Visit, ask: Ask) -> None:
    """Note it without a reference."""
    kept = _asked(visit, "outref")
    if kept is None:
        await case_card.case(visit, ask)
        return
    await reference_typed(visit, kept, "")


async def reference_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Note who took it, on which day, under which reference."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    words = await prompts.short_enough(visit, "outref", shown, text, LONGEST)
    day, _, rest = ask.argument.partition("|")
    number, _, name = rest.partition("|")
    if words is None:
        visit.place.asking = AskText("outref", about(shown, ask.argument))
        return
    done = await visit.act(shown, NoteTaken(int(number), name, date.fromisoformat(day), words))
    visit.place.asking = visit.place.loose = None
    await case_card.changed(visit, done, desk("Noted: {name} took it.", name=name))


def _asked(visit: Visit, verb: str) -> Ask | None:
    """What was typed before a button of the same question was pressed; None where something else is asked by now."""
    asking = visit.place.asking
    return asking.ask if isinstance(asking, AskText) and asking.verb == verb else None


def _past_day(visit: Visit, shown: Shown, text: str) -> date | None:
    """Read a day up to today, at the site; without a year the latest one. None where it is none of the last year."""
    hours, now = visit.deps.hours.get(shown.view.row.site), visit.now()
    read = [working_days.read_day(text, None, base) for base in (now, now - working_days.LONGEST)]
    past = (day for day in read if isinstance(day, date) and day <= working_days.today(hours, now))
    return max(past, default=None)
