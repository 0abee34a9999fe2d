"""`/checkin`, weekly: what moved, what is mine, what all of us did about, and one tap for how it is going.

No reference, name of a case or category is in it. Own numbers are exact, those of all in lots of five.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from flows.cases.roles import is_for
from flows.together.checkin import CHECK_INS, CheckIn, Week, week_of, week_together
from flows.values.screen import Row, Screen
from flows.values.text import Text, Value
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.partnership.together import goal_card, thanks, typed
from storage.desk.partnership.together.goals import GoalView

_HOW: Final[Mapping[CheckIn, Text]] = {
    "on_track": desk("On track"),
    "help": desk("Need help"),
    "not_now": desk("Not this week"),
}
_WEEK: Final = timedelta(days=7)
_CASES: Final = 50  # of hers that are looked at for an answer that is owed


async def checkin(visit: Visit, _: Ask) -> None:
    """Show the check-in of this week."""
    await visit.forget_typed()
    await _show(visit)


async def waiting(visit: Visit) -> tuple[Row, ...]:
    """The way from the brief to the check-in, until she has said how it is going this week."""
    if not await visit.store.together.checkins.waits(visit.session(), week_of(typed.hours(visit), visit.now())):
        return ()
    return ((visit.press(desk("Your weekly check-in"), "checkin"),),)


async def say(visit: Visit, ask: Ask) -> None:
    """Keep how it is going."""
    how = next((one for one in CHECK_INS if one == ask.argument), None)
    if how is None:
        await _show(visit)
        return
    await visit.store.together.checkins.say(
        visit.session(), visit.arrival, week_of(typed.hours(visit), visit.now()), how
    )
    said = [desk("Noted for this week: {how}.", how=_HOW[how])]
    if how == "help":
        said.append(desk("The other leads are told that somebody needs help, and not who."))
    await _show(visit, *said)


async def _show(visit: Visit, *first: Text) -> None:
    visit.place.asking = visit.place.loose = None
    session, hours = visit.session(), typed.hours(visit)
    monday, today = week_of(hours, visit.now()), typed.today(visit)
    views = await visit.store.together.goals.listed(session)
    week = week_together((one.goal for one in views), session.lead.id, today, visit.now())
    said = [*_of_goals(week, views), await _own(visit, week)]
    last = await visit.store.together.checkins.totals(session, monday - _WEEK)
    if last is not None:
        said += [_of_all(week), _last(last)]
    thanked, read = await thanks.received(visit)
    own = await visit.store.together.checkins.own(session, monday)
    asked = [desk("How is it going? “Need help” tells the other leads that somebody needs help, and not who.")]
    if own is not None:
        asked = [desk("You said this week: {how}. You can say otherwise.", how=_HOW[own]), *asked]
    how = tuple(visit.press(label, "checkhow", Ask(argument=one)) for one, label in _HOW.items())
    rows = (how, *read, (visit.press(desk("Goals"), "goals"), visit.press(desk("Brief"), "brief")))
    await visit.show(Screen((*first, *said, *thanked, *asked), rows))


def _of_goals(week: Week, views: tuple[GoalView, ...]) -> Iterator[Text]:
    if not week.goals:
        yield desk("There is no goal yet that you take part in.")
        return
    yield desk("This week together: goals that moved: {moved} of {goals}.", moved=week.moved, goals=week.goals)
    members = {one.goal.id: one.members for one in views}
    for goal in week.reached:
        owner = goal_card.name(members[goal.id], goal.owner)
        yield desk("“{what}” is done. Thank you, {owner}.", what=goal.what, owner=owner)


async def _own(visit: Visit, week: Week) -> Text:
    """Her own numbers, exact: a partner has shares, a lead cases."""
    session, store, today = visit.session(), visit.store, typed.today(visit)
    due, late = week.own_due, week.own_late
    if not is_for(session.lead.role, "plan"):
        waiting = sum(one.state in {"sent", "opened"} for one in await store.shares.listed(session))
        numbers: dict[str, Value] = {"due": due, "late": late, "shares": waiting}
        return Text("Yours: actions due {due}, late {late} · shares to answer {shares}", "desk", numbers)
    rows = await store.desk.own_actions(session)
    actions = [one for row in rows for one in row.actions if one.owner and one.owner.id == session.lead.id]
    due += sum(today <= one.due < today + _WEEK for one in actions)
    late += sum(one.due < today for one in actions)
    mine = (await store.desk.queues.page(session, "mine", limit=_CASES, counted=False)).rows
    numbers = {"due": due, "late": late, "waiting": sum(row.unread for row in mine)}
    return Text("Yours: actions due {due}, late {late} · reporters who wait for an answer {waiting}", "desk", numbers)


def _of_all(week: Week) -> Text:
    return desk("All of us, in goals: actions done {done}, late {late}", done=_about(week.done), late=_about(week.late))


def _last(totals: Mapping[CheckIn, int]) -> Text:
    said: dict[str, Value] = {one: _about(count) for one, count in totals.items()}
    return Text("Last week: on track {on_track} · need help {help} · not this week {not_now}", "desk", said)


def _about(count: int) -> Text:
    return desk("about {count}", count=count) if count else desk("fewer than 5")
