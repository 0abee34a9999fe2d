"""`/status` and `/urgency`: only moves that triage allows; a reason is asked; the clocks follow.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final, cast

from flows.cases import triage
from flows.cases.triage import is_open
from flows.duty.deadlines import due
from flows.values.ids import SiteId, Urgency
from flows.values.text import Text
from handlers.desk.case import case_card, kept_until
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from storage.deeds.status import SetStatus
from storage.deeds.triage import SetUrgency
from storage.values import URGENCIES, Clocks, Status


def clocks_of(visit: Visit, site: SiteId, urgency: Urgency) -> Clocks:
    """The clocks of `urgency` if they begin now; without hours, `flows.duty.deadlines` says what holds.

    Args:
        visit: For the time and the sites' hours.
        site: The case's site.
        urgency: The one that it is to have.
    """
    times = due(visit.deps.hours.get(site), urgency, visit.now())
    return Clocks(times.acknowledge_by, times.act_by)


async def urgency(visit: Visit, ask: Ask) -> None:
    """Ask how urgent it is."""
    shown = await prompts.case_for(visit, "urgency", ask)
    if shown is None:
        return
    now = shown.view.row.urgency
    choices = tuple((_label(one), "urge", one) for one in URGENCIES if one != now)
    await prompts.by_buttons(
        visit, shown, choices, desk("It is {urgency} now. How urgent is it?", urgency=labels.URGENCY[now])
    )


async def chosen(visit: Visit, ask: Ask) -> None:
    """Ask for the reason."""
    shown = await prompts.case_for(visit, "urgency", ask)
    if shown is None or ask.argument not in URGENCIES:
        return
    label = labels.URGENCY[ask.argument]
    said = desk("From now on: {urgency}. Type the reason.", urgency=label)
    await prompts.for_text(visit, "urge", shown, said, argument=ask.argument)


async def typed_urgency(visit: Visit, ask: Ask, reason: str) -> None:
    """Set it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    to = cast("Urgency", ask.argument)
    due = clocks_of(visit, row.site, to)
    done = await visit.act(shown, SetUrgency(to, due, reason))
    await case_card.changed(visit, done, desk("The urgency is {urgency} now.", urgency=labels.URGENCY[to]))


def _label(one: Urgency) -> Text:
    return Text("{sign} {urgency}", "desk", {"sign": labels.SIGN[one], "urgency": labels.URGENCY[one]})


#: These have a command of their own.
_APART: Final = frozenset({"new", "closed", "reopened"})


def moves_offered(now: Status) -> tuple[Status, ...]:
    """The statuses that `/status` offers."""
    return tuple(to for to in triage.moves(now) if to not in _APART)


def wants_reason(to: Status) -> bool:
    """Whether a lead has to say why a case goes there."""
    return any(triage.needs_reason(command) for command, status in triage.COMMANDS.items() if status == to)


def may_close(now: Status) -> bool:
    """Whether a case that stands there can be closed: only one that a human has taken up."""
    return "closed" in triage.moves(now)


async def status(visit: Visit, ask: Ask) -> None:
    """Ask for the next status."""
    shown = await prompts.case_for(visit, "status", ask)
    if shown is None:
        return
    now = shown.view.row.status
    choices = tuple((labels.STATUS[to], "move", to) for to in moves_offered(now))
    await prompts.by_buttons(
        visit, shown, choices, desk("It is: {status}. Where does it stand now?", status=labels.STATUS[now])
    )


async def move(visit: Visit, ask: Ask) -> None:
    """Set it on the case as it was shown; where a reason is wanted, ask for it first.

    A status that is not offered from the present one shows the card. Nothing ends while words are unread.
    """
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    to = _offered(shown, ask)
    if to is None:
        await case_card.show(visit, shown)
    elif not is_open(to) and await prompts.words_first(visit, shown):
        return
    elif wants_reason(to):
        said = desk("From now on: {status}. Type the reason.", status=labels.STATUS[to])
        await prompts.for_text(visit, "move", shown, said, argument=to)
    else:
        await _set(visit, shown, to, "")


async def typed_status(visit: Visit, ask: Ask, reason: str) -> None:
    """Set it, with the reason."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    to = _offered(shown, ask)
    if to is not None:
        await _set(visit, shown, to, reason)


def _offered(shown: Shown, ask: Ask) -> Status | None:
    return next((to for to in moves_offered(shown.view.row.status) if to == ask.argument), None)


async def _set(visit: Visit, shown: Shown, to: Status, reason: str) -> None:
    until = None if is_open(to) else kept_until.until_of(kept_until.kept(visit, shown.view.row, ""))
    done = await visit.act(shown, SetStatus(to, reason, until))
    visit.place.loose = None
    await case_card.changed(visit, done, desk("The status is: {status}.", status=labels.STATUS[to]))
