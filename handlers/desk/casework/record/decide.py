"""`/decide`: a decision part by part, each on a screen of its own, shown whole, and then signed as it was shown.

What is written stays in memory until it is signed, thrown away, or the session ends. A correction is a new decision
that names the one before.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from flows.cases.decisions import PARTS, REVIEW, Amiss, Decision, days_offered, read_day
from flows.cases.triage import is_open
from flows.duty.deadlines import opening_by
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.case import case_card, decisions
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.deeds.record.decide import Decide

_AMISS: Final[Mapping[Amiss, Text]] = {
    "unread": desk("That is no day as it is typed here. Such as: 2027-01-15. What you wrote before is still there."),
    "past": desk("That day is not ahead. Please give a later one. What you wrote before is still there."),
    "far": desk("That is more than two years ahead. Please give an earlier day. What you wrote before is still there."),
}
#: So many decisions are offered to be corrected.
_OFFERED: Final = 4


async def decide(visit: Visit, ask: Ask) -> None:
    """Ask for the first part that is not there yet; where a decision stands, ask first whether that is corrected.

    Nothing is decided over words that the lead has not read.
    """
    ask, words = prompts.with_words(ask)
    shown = await prompts.case_for(visit, "decide", ask)
    if shown is None:
        return
    if shown.view.row.entries > len(shown.view.entries):  # something was done since it was opened
        shown = await case_card.look(visit, shown.reference)
    if words:
        await prompts.offer(visit, shown, words)
        return
    if await prompts.words_first(visit, shown):
        return
    begun = _begun(visit, shown)
    if begun is not None:
        await _go_on(visit, shown, begun, desk("Your decision is here as you left it."))
    elif _corrigible(shown):
        await _ask_which(visit, shown)
    else:
        await _go_on(visit, shown, Decision())


async def begin(visit: Visit, ask: Ask) -> None:
    """Begin a new decision, or one that corrects the entry whose number is the argument; one half written goes."""
    shown = await prompts.case_for(visit, "decide", ask)
    if shown is None or await prompts.words_first(visit, shown):
        return
    entry = _corrigible(shown).get(int(ask.argument) if ask.argument.isdigit() else 0)
    if entry is None:
        await _go_on(visit, shown, Decision())
        return
    written = {part: text for part, text in entry.items() if part in PARTS and part != REVIEW}
    again = Decision(written, frozenset(PARTS.keys() - written.keys() - {REVIEW}), corrects=int(ask.argument))
    await _go_on(visit, shown, again, desk("It begins as that decision reads. Change what is to be corrected."))


async def ask_part(visit: Visit, ask: Ask) -> None:
    """Ask for one part, by its id; one that there is not shows the decision."""
    shown = await prompts.case_for(visit, "decide", ask)
    if shown is not None:
        begun = _begun(visit, shown) or Decision()
        if ask.argument in PARTS:
            await _ask(visit, shown, begun, ask.argument)
        else:
            await _go_on(visit, shown, begun)


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take a part as it was written; a day that cannot be one is asked for again, and nothing is lost."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    visit.place.loose = None
    begun = _begun(visit, shown) or Decision()
    if ask.argument != REVIEW:
        await _go_on(visit, shown, begun.with_words(ask.argument, text))
        return
    day = read_day(text, _today(visit, shown))
    if isinstance(day, date):
        await _go_on(visit, shown, begun.with_review(day))
    else:
        await _ask(visit, shown, begun, REVIEW, _AMISS[day])


async def pass_over(visit: Visit, ask: Ask) -> None:
    """Leave a part out, by its id; one that a decision needs is asked for again."""
    shown = await prompts.case_for(visit, "decide", ask)
    if shown is not None and ask.argument in PARTS:
        await _go_on(visit, shown, (_begun(visit, shown) or Decision()).without(ask.argument))


async def on_day(visit: Visit, ask: Ask) -> None:
    """Take the day of a button, as `date.isoformat` gives it, as if it was typed."""
    await typed(visit, ask=Ask(ask.reference, ask.version, REVIEW), text=ask.argument)


async def choose_part(visit: Visit, ask: Ask) -> None:
    """Ask which part is to be changed, or whether all of it goes."""
    shown = await prompts.case_for(visit, "decide", ask)
    if shown is None:
        return
    choices = [(one.title, "decidepart", part) for part, one in PARTS.items() if part in _parts(shown)]
    choices.append((desk("Throw it away"), "undecide", ""))
    await prompts.by_buttons(visit, shown, tuple(choices), desk("Which part is to be changed?"))


async def throw_away(visit: Visit, ask: Ask) -> None:
    """Forget what was written, and show the card."""
    shown = await case_card.on_screen(visit, ask)
    if shown is not None:
        visit.place.decisions.pop(shown.case, None)
        await case_card.show(visit, shown, desk("The decision is gone; nothing was signed."))


async def sign(visit: Visit, ask: Ask) -> None:
    """Sign exactly what was shown; a button of an earlier showing shows the decision again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    begun = _begun(visit, shown)
    if begun is None or begun.mark != ask.argument or not begun.is_whole:
        await _go_on(visit, shown, begun or Decision())
        return
    day = begun.review if is_open(shown.view.row.status) else None
    at = None if day is None else opening_by(visit.deps.hours.get(shown.view.row.site), day, visit.now())
    done = await visit.act(shown, Decide(begun.words, day, at, begun.corrects))
    visit.place.decisions.pop(shown.case, None)
    said = desk("It is signed and stands in the history. To correct it, write another one with /decide.")
    await case_card.changed(visit, done, said)


def _begun(visit: Visit, shown: Shown) -> Decision | None:
    """What was written of a decision for this case."""
    return visit.place.decisions.get(shown.case)


def _parts(shown: Shown) -> tuple[str, ...]:
    """The parts that are asked for: a closed case is not looked at again."""
    return tuple(part for part in PARTS if part != REVIEW or is_open(shown.view.row.status))


def _today(visit: Visit, shown: Shown) -> date:
    site = visit.deps.sites.get(shown.view.row.site)
    return visit.now().astimezone(ZoneInfo(site.timezone if site else "UTC")).date()


def _corrigible(shown: Shown) -> dict[int, Mapping[str, str]]:
    """The decisions that were not corrected, by the number of their entry."""
    corrected = decisions.corrected_by(shown.view)
    standing = (entry for entry in decisions.decided(shown.view) if entry.number not in corrected)
    return {entry.number: entry.action.detail for entry in standing if entry.action}


async def _ask_which(visit: Visit, shown: Shown) -> None:
    found = _corrigible(shown)
    at = {entry.number: entry.at for entry in shown.view.entries}
    latest = sorted(found, reverse=True)[:_OFFERED]
    choices = [
        (desk("A new decision"), "deciding", "0"),
        *((desk("Correct that of {time}", time=Moment(at[number])), "deciding", str(number)) for number in latest),
    ]
    said = desk("{reference}: a new decision, or does it correct one?", reference=shown.reference)
    await prompts.by_buttons(visit, shown, tuple(choices), said)


async def _go_on(visit: Visit, shown: Shown, begun: Decision, *first: Text) -> None:
    """Keep what was written so far, and ask for the next part; once all were asked for, show it whole."""
    visit.place.decisions[shown.case] = begun
    if begun.following in _parts(shown):
        await _ask(visit, shown, begun, begun.following, *first)
    else:
        await _show_whole(visit, shown, begun, *first)


async def _ask(visit: Visit, shown: Shown, begun: Decision, part: str, *first: Text) -> None:
    asked = _parts(shown)
    number = asked.index(part) + 1 if part in asked else len(asked)
    heading = desk(
        "{reference}: decision, {number} of {total}", reference=shown.reference, number=number, total=len(asked)
    )
    said = (heading, *first, PARTS[part].asked, *_until_signed(begun))
    rows = (*_days(visit, shown, part), *_ways(visit, shown, begun, part))
    await prompts.for_text(
        visit, "decide", shown, *said, rows=rows, argument=part, verbatim=begun.words.get(part) or None
    )


def _until_signed(begun: Decision) -> tuple[Text, ...]:
    if begun.words:
        return ()
    return (desk("What you write is kept here until you sign it or lock the desk. Then it stands for good."),)


def _days(visit: Visit, shown: Shown, part: str) -> tuple[Row, ...]:
    if part != REVIEW:
        return ()
    offered = days_offered(_today(visit, shown))
    return (tuple(visit.press(label, "decideday", about(shown, day.isoformat())) for label, day in offered),)


def _ways(visit: Visit, shown: Shown, begun: Decision, part: str) -> tuple[Row, ...]:
    asked = _parts(shown)
    row = []
    if part in asked[1:]:
        row.append(visit.press(desk("Part before"), "decidepart", about(shown, asked[asked.index(part) - 1])))
    if begun.words.get(part):
        row.append(visit.press(desk("Keep it as it is"), "decidepart", about(shown, "-")))
    if not PARTS[part].needed:
        row.append(visit.press(desk("Leave out"), "decideskip", about(shown, part)))
    return (tuple(row),) if row else ()


async def _show_whole(visit: Visit, shown: Shown, begun: Decision, *first: Text) -> None:
    """The decision as it will stand, with [Sign] first; nothing is signed yet."""
    visit.place.asking = None
    written = dict(begun.words) | ({REVIEW: begun.review.isoformat()} if begun.review else {})
    lines = [
        visit.translator.say(one.heading) + (f"\n{one.words}" if one.words else "") for one in decisions.parts(written)
    ]
    said = [*first, desk("{reference}: your decision. Nothing is signed yet.", reference=shown.reference)]
    if begun.corrects:
        at = next(entry.at for entry in shown.view.entries if entry.number == begun.corrects)
        said.append(desk("It corrects that of {time}, which stays beside it.", time=Moment(at)))
    if begun.review is not None:
        due = opening_by(visit.deps.hours.get(shown.view.row.site), begun.review, visit.now())
        said.append(desk("The case comes up again {time}.", time=Moment(due)))
    ask = about(shown)
    rows: tuple[Row, ...] = (
        (visit.press(desk("Sign"), "decided", about(shown, begun.mark), rank="main"),),
        (visit.press(desk("Change a part"), "decideparts", ask), *prompts.back(visit, shown)),
    )
    await visit.show(Screen(tuple(said), rows, verbatim="\n\n".join(lines)))
