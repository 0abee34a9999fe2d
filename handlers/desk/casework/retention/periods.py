"""`/retention`, how long a case is kept, and another date for it; and `/hold`, which nothing destroys it under.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.cases.retention import NOTICE, instant, read_birth, read_date
from flows.cases.triage import is_open
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.case import case_card, kept_until
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.deeds.leaving.retention import DELETING, LIFTING, Hold, KeepLonger, KeepShorter, LiftHold, shortened_to
from storage.values import CaseRow

_NEVER = "never"


async def retention(visit: Visit, ask: Ask) -> None:
    """Show until when the case is kept, why, and what is under way; with the ways to change that."""
    shown = await prompts.case_for(visit, "retention", ask)
    if shown is not None:
        await _show(visit, shown)


async def _show(visit: Visit, shown: Shown) -> None:
    view, row = shown.view, shown.view.row
    said = [desk("{reference}: how long it is kept.", reference=shown.reference)]
    if is_open(row.status):
        said.append(desk("It is open. Its time is fixed when it is closed."))
    else:
        said.append(kept_until.stands(visit, view))
    if row.retention.held:
        said.append(desk("It is held: nothing destroys it. Why: {reason}", reason=kept_until.held_by(view)))
    if row.retention.told is not None and not is_open(row.status):
        day = Moment(row.retention.told + NOTICE, "date")
        said.append(desk("It is to be destroyed. From {day} on two of you can say so: /delete", day=day))
    said += await _first_words(visit, row)
    await visit.show(Screen(tuple(said), (*_rows(visit, shown), prompts.back(visit, shown))))


def _rows(visit: Visit, shown: Shown) -> tuple[Row, ...]:
    row, ask = shown.view.row, about(shown)
    hold = visit.press(desk("Lift the hold") if row.retention.held else desk("Hold it"), "legal", ask)
    if is_open(row.status):
        return ((hold,),)
    return ((visit.press(desk("Another date"), "until", ask), hold), (visit.press(desk("Delete"), "delete", ask),))


async def _first_words(visit: Visit, row: CaseRow) -> list[Text]:
    names = {card.id: card.name for card in await visit.store.leads.roster()}
    told = {DELETING: desk("that it is destroyed"), LIFTING: desk("that the hold is lifted")}
    said = []
    for what, word in row.glance.proposed.items():
        month = shortened_to(what)
        meant = told.get(what) if month is None else desk("that it is kept until {month}", month=month)
        if meant is not None:
            name = names.get(word.by, "?")
            said.append(desk("{name} has said {what}; a second has to say so within a day.", name=name, what=meant))
    return said


async def ask_date(visit: Visit, ask: Ask) -> None:
    """Ask for another date, with the reason."""
    shown = await prompts.case_for(visit, "until", ask)
    if shown is None:
        return
    if is_open(shown.view.row.status):
        await _show(visit, shown)
        return
    await _ask_date(visit, shown)


async def _ask_date(visit: Visit, shown: Shown, *first: Text) -> None:
    said = (
        *first,
        kept_until.stands(visit, shown.view),
        desk("Type the month and why, such as: 2060-01 her brother is at this school"),
        desk("Or the child's year of birth and how you know, such as: born 2014 by the register"),
        desk("“never” and why: it is kept until somebody gives a date. A later date takes you, an earlier one two."),
    )
    await prompts.for_text(visit, "until", shown, *said)


@dataclass(frozen=True)
class _Wish:
    until: datetime | None
    reason: str


def _read(visit: Visit, shown: Shown, text: str) -> _Wish | None:
    """What was typed: a month, `never` or `born` and a year, and then the reason; None where it is not that."""
    first, _, rest = text.strip().partition(" ")
    if first.lower() == "born":
        year, _, rest = rest.strip().partition(" ")
        born = read_birth(f"born {year}", visit.now())
        outcome = kept_until.closing_outcome(shown.view)
        found = None if born is None else kept_until.kept(visit, shown.view.row, outcome, born)
        return _Wish(kept_until.until_of(found), rest.strip()) if found and rest.strip() else None
    day = read_date(first)
    if not rest.strip() or (day is None and first.lower() != _NEVER):
        return None
    return _Wish(None if day is None else instant(day), rest.strip())


async def date_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Keep it for longer; for an earlier date a fresh code is asked for first, and it takes two."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    wish = _read(visit, shown, text)
    if wish is None:
        await _ask_date(visit, shown, desk("That could not be read: a month, or born and a year, and then why."))
        return
    if _is_earlier(shown.view.row, wish):
        month = kept_until.month(wish.until) if wish.until else _NEVER
        said = desk("{reference}: kept until {month} only.", reference=shown.reference, month=month)
        await second_word.ask(visit, "until", ask, text, Screen((said,), (prompts.back(visit, shown),)))
        return
    done = await visit.act(shown, KeepLonger(wish.until, wish.reason))
    await case_card.changed(visit, done, kept_until.kept_line(wish.until, desk("“{words}”", words=wish.reason)))


async def date_confirmed(visit: Visit, ask: Ask, text: str) -> None:
    """Say one's word for an earlier date, after a fresh code."""
    shown = await case_card.on_screen(visit, ask)
    wish = _read(visit, shown, text) if shown is not None else None
    if shown is None or wish is None or wish.until is None:
        return
    done = await visit.act(shown, KeepShorter(wish.until, wish.reason))
    if done.retention.until == wish.until:
        said = kept_until.kept_line(wish.until, desk("“{words}”", words=wish.reason))
    else:
        said = desk("Yours is noted. A second lead has to give the same month within a day: /retention")
    await case_card.changed(visit, done, said)


def _is_earlier(row: CaseRow, wish: _Wish) -> bool:
    now = row.retention.until
    return wish.until is not None and (now is None or wish.until < now)


async def hold(visit: Visit, ask: Ask) -> None:
    """Ask why the case is held, or why that is over."""
    shown = await prompts.case_for(visit, "legal", ask)
    if shown is None:
        return
    if shown.view.row.retention.held:
        said = (
            desk("It is held: nothing destroys it. Why: {reason}", reason=kept_until.held_by(shown.view)),
            desk("Type why that is over. It takes two of you."),
        )
    else:
        said = (
            desk("Under a hold nothing destroys a case, whatever its date: a court, the police or an inquiry asks."),
            desk("Type the reason. Two of you can lift it."),
        )
    await prompts.for_text(visit, "legal", shown, *said)


async def hold_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Hold it; to lift a hold a fresh code is asked for first, and it takes two."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    if shown.view.row.retention.held:
        said = desk("{reference}: the hold is lifted.", reference=shown.reference)
        await second_word.ask(visit, "legal", ask, reason, Screen((said,), (prompts.back(visit, shown),)))
        return
    done = await visit.act(shown, Hold(reason))
    await case_card.changed(visit, done, desk("It is held. Nothing destroys it until two of you have lifted that."))


async def lift_confirmed(visit: Visit, ask: Ask, reason: str) -> None:
    """Say one's word for lifting the hold, after a fresh code."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    done = await visit.act(shown, LiftHold(reason))
    if done.retention.held:
        said = desk("Yours is noted. A second lead has to lift it too, within a day: /hold")
    else:
        said = desk("The hold is lifted.")
    await case_card.changed(visit, done, said)
