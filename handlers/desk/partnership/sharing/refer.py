"""`/refer`: a share by which somebody is asked to take the child on; what came of it, and where one disagrees.

What is asked then is asked by `share.py`. Every coroutine here raises the refusals of storage (`Refusal`):
`router.Desk.guard` tells the lead what can be told, the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flows.duty import working_days
from flows.values.screen import Press, Row, Screen
from flows.values.text import Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.unsent import UnsentShare
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording.labels import calendar_day
from handlers.desk.partnership.sharing import parts, share
from storage.deeds.record.actions import LONGEST, PlanAction
from storage.deeds.sharing.hand_out import HANDED, TAKEN_BY
from storage.values import CaseView, LeadCard

#: Referrals with a button, and partners that are offered, on one screen.
_SHOWN: Final = 12
_PARTNERS: Final = 40
#: What is answered to a referral, by the answer that the entry holds.
_ANSWERED: Final[Mapping[str, Text]] = {
    "taken_on": desk("{name} takes it on."),
    "noted": desk("{name} has only noted it."),
    "declined": desk("{name} says that it is not theirs."),
}


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral as the entries of a case tell it: its share, or the entry of what was handed out; and what came back.

    `answer` is one of `taken_on`, `noted` and `declined`, or empty; of what was handed out it is `taken_on` once
    somebody was noted who took it, `on` that day, with `next` as their reference.
    """

    id: str
    who: str
    answer: str = ""
    next: str = ""
    by: str = ""
    on: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether a lead may want to disagree."""
        return self.answer in {"noted", "declined"}


def referrals(view: CaseView, names: Mapping[str, str]) -> tuple[Referral, ...]:
    """Give the referrals of a case, the first one first; `names` are of leads and partners by id."""
    found: dict[str, Referral] = {}
    for entry in view.entries:
        if entry.action is None:
            continue
        told = entry.action.detail
        match entry.action.what:
            case "share" if told.get("refers"):
                found[told["share"]] = Referral(told["share"], names.get(told["to"], "?"))
            case "share_answer" if told["share"] in found and told["answer"] in _ANSWERED:
                who = found[told["share"]].who
                said = (told["answer"], told.get("next", ""), told.get("by", ""))
                found[told["share"]] = Referral(told["share"], who, *said)
            case what if what == HANDED:
                found[str(entry.number)] = Referral(str(entry.number), told["who"])
            case what if what == TAKEN_BY and told["of"] in found:
                found[told["of"]] = Referral(told["of"], told["taker"], "taken_on", told["reference"], on=told["on"])
    return tuple(found.values())


async def refer(visit: Visit, ask: Ask) -> None:
    """Show what came of earlier referrals, and ask who is to take it on."""
    shown = await share.read_whole(visit, "refer", ask)
    if shown is not None:
        await _show(visit, shown)


async def _show(visit: Visit, shown: Shown, *first: Text) -> None:
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    names = {str(one.id): one.name for one in await visit.store.leads.roster()}
    told = referrals(shown.view, names)
    said = [*first, *(line for one in told for line in _lines(one))]
    if shown.view.row.urgency == "immediate":
        said.append(desk("☎ Ring first: it is immediate. What is sent may be read late."))
    said.append(desk("Who is to take it on? 👥 takes two of you. Whom the reporter left out is not offered."))
    looked_at = [one for one in told if one.is_doubtful or not one.answer][-_SHOWN:]
    rows: list[Row] = [(_about_one(visit, shown, one),) for one in looked_at]
    rows += [
        (visit.press(share.label_of(one), "referto", about(shown, mark(one.card.id))),)
        for one in known.partners[:_PARTNERS]
    ]
    rows.append((visit.press(desk("Somebody without an account…"), "refout", about(shown)),))
    await visit.show(Screen(tuple(said), (*rows, prompts.back(visit, shown))))


def _lines(one: Referral) -> Iterator[Text]:
    if not one.answer:
        yield desk("→ {name}: no answer yet", name=one.who)
        return
    yield Text(_ANSWERED[one.answer].msgid, "desk", {"name": one.who})
    if one.next:
        yield desk("“{words}”", words=one.next)
    if one.by:
        yield desk("by {day}", day=calendar_day(date.fromisoformat(one.by)))
    if one.on:
        yield desk("on {day}", day=calendar_day(date.fromisoformat(one.on)))


def _about_one(visit: Visit, shown: Shown, one: Referral) -> Press:
    """The way to disagree with an answer; or to note who took what was handed out; or to take a share back."""
    if one.is_doubtful:
        return visit.press(desk("I disagree: {name}", name=one.who), "disagree", about(shown, one.id))
    if one.id.isdecimal():
        return visit.press(desk("Who took it: {name}", name=one.who), "outtaken", about(shown, one.id))
    return visit.press(desk("Take back: {name}", name=one.who), "takeback", about(shown, one.id))


async def chosen(visit: Visit, ask: Ask) -> None:
    """Begin with that partner."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    to = marked([one.card for one in known.partners], ask)
    if to is None:
        await _show(visit, shown)
        return
    two = any(one.two for one in known.partners if one.card.id == to.id)
    unsent = UnsentShare(shown.case, to, parts.last(shown), known.tells_child, two=two, refers=True)
    await share.ask_next(visit, shown, unsent)


async def disagree(visit: Visit, ask: Ask) -> None:
    """Ask why; it becomes an action of whoever stands above this lead."""
    found = await _doubtful(visit, ask)
    if found is None:
        return
    shown, one, above = found
    said = desk("Type why you disagree, in one sentence. It is an action for {name} then.", name=above.name)
    await prompts.for_text(visit, "disagree", shown, said, argument=one.id)


async def disagree_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Plan it for the next working day; what is too long is asked for again."""
    found = await _doubtful(visit, ask)
    if found is None:
        return
    shown, one, above = found
    words = " ".join(text.split())
    said = visit.translator.say(desk("Disagreement with {name}: {words}", name=one.who, words=words))
    if len(said) > LONGEST:
        most = LONGEST - (len(said) - len(words))
        again = desk("That is too long: at most {count} characters, please.", count=most)
        await prompts.for_text(visit, "disagree", shown, again, argument=one.id)
        return
    hours = visit.deps.hours.get(shown.view.row.site)
    day = working_days.working_day_after(hours, working_days.today(hours, visit.now()))
    deed = PlanAction(said, above.id, day, working_days.reminders(hours, day, visit.now()))
    done = await visit.act(shown, deed)
    visit.place.loose = None
    planned = desk("Planned: {name}, by {day}.", name=above.name, day=calendar_day(day))
    await case_card.changed(visit, done, planned)


async def _doubtful(visit: Visit, ask: Ask) -> tuple[Shown, Referral, LeadCard] | None:
    """The case on the screen, the referral that is meant, and who stands above; None, and all is shown, without it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    names = {str(one.id): one.name for one in await visit.store.leads.roster()}
    one = next((one for one in referrals(shown.view, names) if one.id == ask.argument and one.is_doubtful), None)
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    if one is None or not known.above:
        await _show(visit, shown)
        return None
    return shown, one, known.above[0]
