"""What two leads agree on with a partner, put together one question a screen, and shown whole before it is proposed.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from flows.duty import working_days
from flows.together.partners import AGENCIES, LONGEST, LONGEST_AGREEMENT, LONGEST_JOB
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.unsent import UnsentAgreement
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels, share_labels
from storage.values.partners import WantedAgreement

#: Days that are offered; a year is the longest.
_DAYS: Final = (LONGEST.days, 180, 90)
#: The argument of the button for another day.
_OTHER: Final = "other"
_MINUTE: Final = timedelta(minutes=1)


async def ask_next(visit: Visit, unsent: UnsentAgreement, *first: Text) -> None:
    """Keep it, and ask for what is missing; where nothing is, show all of it."""
    visit.place.agreeing, visit.place.loose, visit.place.asking = unsent, None, None
    if not unsent.name:
        said = desk("Who is to be a partner? Type the name, such as “Nurse Okafor”.")
        await _ask(visit, "agreename", *first, said)
    elif not unsent.job:
        said = desk("What is the job of {name}? Type it, such as “School nurse”.", name=unsent.name)
        await _ask(visit, "agreejob", *first, said)
    elif unsent.agency is None:
        await _ask_agency(visit, unsent, *first)
    elif not unsent.what:
        said = desk("What was agreed, and where is it kept? Type one or two sentences.")
        await _ask(visit, "agreewhat", *first, said)
    elif unsent.until is None:
        await _ask_until(visit, *first)
    else:
        await _show_whole(visit, unsent, *first)


async def _ask(visit: Visit, verb: str, *said: Text) -> None:
    visit.place.asking = AskText(verb, Ask())
    await visit.show(Screen(said, (_back(visit),)))


async def _ask_agency(visit: Visit, unsent: UnsentAgreement, *first: Text) -> None:
    presses = [visit.press(share_labels.AGENCY[one], "agency", Ask(argument=one)) for one in AGENCIES]
    rows = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    said = desk("For whom does {name} work? What is shared with some of them takes two of you.", name=unsent.name)
    await visit.show(Screen((*first, said), (*rows, _back(visit))))


async def _ask_until(visit: Visit, *first: Text) -> None:
    days = tuple(visit.press(desk("{count} days", count=one), "agreeuntil", Ask(argument=str(one))) for one in _DAYS)
    other = visit.press(desk("Another day"), "agreeuntil", Ask(argument=_OTHER))
    said = desk("Until when? A year at most; then two of you agree anew.")
    await visit.show(Screen((*first, said), (days, (other,), _back(visit))))


async def _show_whole(visit: Visit, unsent: UnsentAgreement, *first: Text) -> None:
    wanted = wanted_of(visit)
    if wanted is None:
        return
    rows: tuple[Row, ...] = (
        (visit.press(desk("Propose it"), "agreesend", rank="main"),),
        (visit.press(desk("Another name"), "agreename"), visit.press(desk("Another job"), "agreejob")),
        (visit.press(desk("Other words"), "agreewhat"), visit.press(desk("Another day"), "agreeuntil")),
        _back(visit),
    )
    said = desk("A second lead here has to say yes. Then {name} joins by an invite.", name=unsent.name)
    await visit.show(Screen((*first, in_words(wanted), said), rows))


def in_words(wanted: WantedAgreement) -> Text:
    """All of an agreement in one sentence."""
    return desk(
        "{name}, {job}, {agency}: “{words}”, until {day}",
        name=wanted.name,
        job=wanted.job,
        agency=share_labels.AGENCY[wanted.agency],
        words=wanted.what,
        day=Moment(wanted.until, "date"),
    )


def wanted_of(visit: Visit) -> WantedAgreement | None:
    """What was put together in this chat; None where something is missing."""
    unsent = visit.place.agreeing
    if unsent is None or unsent.agency is None or unsent.until is None or not (unsent.name and unsent.job):
        return None
    return WantedAgreement(unsent.name, unsent.job, unsent.agency, unsent.what, unsent.until) if unsent.what else None


async def name(visit: Visit, _: Ask) -> None:
    """Ask for the name anew."""
    await ask_next(visit, replace(_unsent(visit), name=""))


async def name_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take the name."""
    words = " ".join(text.split())
    await ask_next(visit, replace(_unsent(visit), name=_fitting(words, LONGEST_JOB)), *_too_long(words, LONGEST_JOB))


async def job(visit: Visit, _: Ask) -> None:
    """Ask for the job anew."""
    await ask_next(visit, replace(_unsent(visit), job=""))


async def job_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take the job."""
    words = " ".join(text.split())
    await ask_next(visit, replace(_unsent(visit), job=_fitting(words, LONGEST_JOB)), *_too_long(words, LONGEST_JOB))


async def agency(visit: Visit, ask: Ask) -> None:
    """Take the agency."""
    chosen = next((one for one in AGENCIES if one == ask.argument), None)
    await ask_next(visit, replace(_unsent(visit), agency=chosen))


async def what(visit: Visit, _: Ask) -> None:
    """Ask anew for what was agreed."""
    await ask_next(visit, replace(_unsent(visit), what=""))


async def what_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take what was agreed."""
    said = _too_long(text, LONGEST_AGREEMENT)
    await ask_next(visit, replace(_unsent(visit), what=_fitting(text, LONGEST_AGREEMENT)), *said)


async def until(visit: Visit, ask: Ask) -> None:
    """Take the number of days; or ask for another day, or for all of it anew."""
    unsent = _unsent(visit)
    if ask.argument == _OTHER:
        await _ask_day(visit)
    elif ask.argument in {str(days) for days in _DAYS}:
        await ask_next(visit, replace(unsent, until=visit.now() + timedelta(days=int(ask.argument))))
    else:
        await ask_next(visit, replace(unsent, until=None))


async def _ask_day(visit: Visit, *first: Text) -> None:
    said = desk("Type the day, such as 12.6.2027, or 12.6. for the next one.")
    await _ask(visit, "agreeuntil", *first, said)


async def day_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take the last day; one that does not do is asked for again."""
    ends = _end_of(visit, text)
    if ends is None:
        await _ask_day(visit, desk("That is no day within the next year."))
        return
    await ask_next(visit, replace(_unsent(visit), until=ends))


def _end_of(visit: Visit, text: str) -> datetime | None:
    day = working_days.read_day(text, None, visit.now())
    site = visit.deps.sites.get(visit.session().lead.site)
    if not isinstance(day, date):
        return None
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=visit.now().tzinfo)
    ends = labels.day_end(noon, site.timezone if site else "UTC") - _MINUTE
    return ends if visit.now() < ends <= visit.now() + LONGEST else None


def _unsent(visit: Visit) -> UnsentAgreement:
    return visit.place.agreeing or UnsentAgreement()


def _back(visit: Visit) -> Row:
    return (visit.press(desk("All partners"), "partners"),)


def _fitting(text: str, most: int) -> str:
    return text.strip() if len(text.strip()) <= most else ""


def _too_long(text: str, most: int) -> tuple[Text, ...]:
    return () if _fitting(text, most) else (desk("That is too long: at most {count} characters, please.", count=most),)
