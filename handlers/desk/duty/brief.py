"""The brief at the start of a duty: what is new, unread, overdue and due today; [Start] and [Next case].

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from flows.cases.roles import is_for
from flows.values.ids import READING
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text, Value
from handlers.desk.case import case_card, queue
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from handlers.desk.duty import golive_facts, handover
from handlers.desk.partnership.sharing import partner
from handlers.desk.partnership.together import checkin, thanks
from storage.values import Brief

_DEFAULT_ZONE = "UTC"
_MONTH: Final = timedelta(days=31)


async def brief(visit: Visit, _: Ask) -> None:
    """`/brief`, `/start` at the desk, and the button that leads here."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    visit.place.walked.clear()
    await visit.delete_notices()
    await visit.show(await brief_screen(visit))


async def earlier(visit: Visit, _: Ask) -> None:
    """A button of an earlier session, or one that never was: it does nothing, is counted, and the brief is shown."""
    visit.store.note_refused()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    await visit.show(
        await brief_screen(visit, desk("That button is from an earlier screen. Here is where you are now."))
    )


async def brief_screen(visit: Visit, *first: Text) -> Screen:
    """The brief, after `first` and the wrong PINs there were, which count as told by it.

    A reader who waits is shown her fingerprint instead, and a role that reads nothing no cases.
    """
    session = visit.session()
    misses, lead = visit.store.leads.sessions.pin_misses, session.lead.id
    first += messages.pin_misses(misses.take_unreported(lead), serves=misses.left(lead) > 0)
    if session.lead.waiting:
        return await _waits(visit, *first)
    if session.lead.role == "partner":
        return await _of_partner(visit, *first)
    wrong = (
        *(labels.ALERT[one.kind] for one in await visit.store.alerts.standing(session.lead.id)),
        *_recovered(visit),
    )
    going, lacks = (*await _team(visit), *_going(visit)), await _lacks(visit)
    if session.lead.role not in READING:
        nothing = desk("Nothing is sealed for your role.")
        return Screen((*first, desk("Your desk is open."), *wrong, *lacks, nothing), (*going, _leave(visit)))
    site = visit.deps.sites.get(session.lead.site)
    end = labels.day_end(visit.now(), site.timezone if site else _DEFAULT_ZONE)
    numbers = await visit.store.desk.queues.brief(session, end)
    lines = _lines(numbers) if session.has_pin else (*_lines(numbers), desk("Without a PIN an idle desk locks fully."))
    offered, answers = await handover.offers(visit)
    thanked, read = await thanks.received(visit)
    going += (*await _ending(visit), *await _recorded(visit), *await checkin.waiting(visit), *read)
    start, *rest = _rows(visit, numbers, has_pin=session.has_pin)
    return Screen((*first, *wrong, *lacks, *lines, *offered, *thanked), (start, *answers, *rest[:-1], *going, rest[-1]))


def _recovered(visit: Visit) -> Iterator[Text]:
    """Each use of the recovery key of the last month, for every lead: why, and who was there."""
    for use in visit.store.recovering.uses(_MONTH):
        first, second = use.people
        told: dict[str, Value] = {"day": Moment(use.at, "date"), "first": first, "second": second, "reason": use.reason}
        if use.rehearsal:
            yield desk("{day}: {first} and {second} tried the recovery key, and read nothing. Why: {reason}", **told)
        else:
            yield desk("{day}: {first} and {second} used the recovery key. Why: {reason}", **told)


async def _of_partner(visit: Visit, *first: Text) -> Screen:
    """A partner's desk: how many shares wait for her, and nothing else."""
    listed = await visit.store.shares.listed(visit.session())
    own = (visit.press(desk("Together"), "together"), visit.press(desk("My sign-in"), "account"))
    rows: tuple[Row, ...] = (own, _leave(visit))
    if listed:
        rows = ((visit.press(desk("What is shared with you"), "shares", rank="main"),), *rows)
    thanked, read = await thanks.received(visit)
    said = (*first, desk("Your desk is open."), *partner.waiting(visit, listed), *thanked)
    return Screen(said, (*rows[:-1], *await checkin.waiting(visit), *read, rows[-1]))


async def _waits(visit: Visit, *first: Text) -> Screen:
    """The desk of a reader who waits for two leads to say yes: her fingerprint, which she reads out to them."""
    own = await visit.store.leads.fingerprint(visit.session())
    said = desk("Read this to them, so that they know whom they let in: {digits}", digits=own)
    return Screen((*first, messages.waits(), said), (_leave(visit),))


async def _team(visit: Visit) -> tuple[Row, ...]:
    """The way to `/team`, while somebody or a key waits there."""
    team = visit.store.leads.team_view
    if is_for(visit.session().lead.role, "confirm") and (await team.waiting() or await team.key_waits()):
        return ((visit.press(desk("Somebody waits for two of you"), "team"),),)
    return ()


async def _lacks(visit: Visit) -> tuple[Text, ...]:
    """What a live site has come to lack: people who can be told, and who have unlocked lately."""
    site = visit.session().lead.site
    if site not in visit.store.live.standing.sites:
        return ()
    lacks = await golive_facts.broken(visit.store, site, visit.now().date(), visit.deps.ways)
    return tuple(labels.lack(lack) for lack in lacks)


async def _ending(visit: Visit) -> tuple[Row, ...]:
    """The way to `/ending`, while there is such a case of hers."""
    count = len(await visit.store.desk.ending(visit.session()))
    if not count:
        return ()
    return ((visit.press(desk("Time is over, or held: {count}", count=count), "ending"),),)


async def _recorded(visit: Visit) -> tuple[Row, ...]:
    """The way to what she has begun to take down, and to words that wait to be handed over."""
    recordings, session = visit.store.recordings, visit.session()
    if not is_for(session.lead.role, "record"):
        return ()
    begun = await recordings.get(session) is not None
    waiting = len(await recordings.to_hand_over(session))
    return (
        *(((visit.press(desk("Begun to take down, not sent"), "record"),),) if begun else ()),
        *(((visit.press(desk("Words to hand over: {count}", count=waiting), "words_over"),),) if waiting else ()),
    )


def _going(visit: Visit) -> tuple[Row, ...]:
    """The way to `/golive`, for whoever may decide, while there is something to decide."""
    lead, live = visit.session().lead, visit.store.live
    if not is_for(lead.role, "golive") or (lead.site in live.standing.sites and live.waiting(lead.site) is None):
        return ()
    return ((visit.press(desk("Going live"), "golive"),),)


def _lines(counts: Brief) -> tuple[Text, ...]:
    if not counts.open:
        return (desk("Your desk is open. Nothing is waiting."),)
    numbers = {"new": counts.new, "unread": counts.unread, "overdue": counts.overdue, "today": counts.due_today}
    return (
        desk("Your desk is open."),
        Text("New: {new} · unread: {unread} · overdue: {overdue} · due today: {today}", "desk", numbers),
        Text("{count} open case.", "desk", plural="{count} open cases.", count=counts.open),
    )


def _rows(visit: Visit, counts: Brief, *, has_pin: bool) -> tuple[Row, ...]:
    queue = visit.press(desk("Queue"), "queue")
    first: Row = (queue, visit.press(desk("Take down words"), "record"))
    rows: list[Row] = [first]
    if counts.first is not None:
        rows = [(visit.press(desk("Start"), "open", Ask(counts.first.reference), rank="main"),), first]
    rows.append((visit.press(desk("On duty"), "oncall"), visit.press(desk("Hand over"), "handover")))
    together, own = visit.press(desk("Together"), "together"), visit.press(desk("My sign-in"), "account")
    rows.append((together, own) if has_pin else (together, visit.press(desk("Set a PIN"), "pin"), own))
    return (*rows, _leave(visit))


def _leave(visit: Visit) -> Row:
    return (visit.press(desk("Lock"), "lock"),)


async def next_case(visit: Visit, _: Ask) -> None:
    """Open the next case; after the last, the brief, from where it begins again.

    It takes this update's one turn, in which the opening is logged; at the brief nothing is committed.
    """
    visit.place.asking = None
    await visit.delete_notices()
    row = await queue.after_page(visit)
    if row is not None:
        await case_card.show(visit, await case_card.look(visit, row.reference))
        return
    visit.place.shown = visit.place.loose = None
    visit.place.walked.clear()
    await visit.show(await brief_screen(visit, desk("That was the last one in the queue.")))
