"""`/goals`: what leads and partners want together, who has it, how it is measured, until when, and how far it is.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeAlias

from flows.cases.roles import is_for
from flows.together.goals import STEPS
from flows.values.ids import LeadId
from flows.values.screen import Press, Row, Screen
from flows.values.text import Text
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat import permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.partnership.together import goal_card, typed
from storage.cases.answers_json import Object
from storage.desk.partnership.together.goals import GoalView
from storage.values import LeadCard
from storage.values.errors import NotOffered

#: Shows a goal after a sentence.
Shown: TypeAlias = Callable[[Visit, GoalView, Text], Awaitable[None]]

#: Goals on one screen.
_SHOWN: Final = 8
#: Actions with buttons on one screen, and people on one.
_WITH_BUTTONS: Final = 2
_PEOPLE: Final = 10
_OUTS: Final = 3
#: Characters of a goal's id in the argument of a button.
ID: Final = 16

#: What is done together: the commands that are offered, with what their buttons say.
_OFFERED: Final[tuple[tuple[str, Text], ...]] = (
    ("goals", desk("Goals")),
    ("checkin", desk("Check-in")),
    ("thanks", desk("Thanks")),
    ("table", desk("Round tables")),
    ("evaluate", desk("This term")),
    ("board", desk("You said, we did")),
)

GONE: Final = desk("There is no such goal, or you take no part in it.")


async def together(visit: Visit, _: Ask) -> None:
    """Offer what her role has of what is done together: the way from the brief."""
    visit.place.asking = visit.place.loose = None
    role = visit.session().lead.role
    presses = [visit.press(label, name) for name, label in _OFFERED if permissions.COMMANDS[name].rule.is_for(role)]
    rows = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    said = desk("What leads and partners do together. No case is in it.")
    await visit.show(Screen((said,), (*rows, (visit.press(desk("Brief"), "brief"),))))


async def goals(visit: Visit, ask: Ask) -> None:
    """List those in which she takes part, open ones first, eight on a screen."""
    await visit.forget_typed()
    await show_all(visit, begin=int(ask.argument) if ask.argument.isdecimal() else 0)


async def show_all(visit: Visit, *first: Text, begin: int = 0) -> None:
    """Show the list from number `begin` on, after `first`."""
    visit.place.asking = visit.place.loose = visit.place.goal = None
    listed = await visit.store.together.goals.listed(visit.session())
    shown = list(enumerate(listed, 1))[begin : begin + _SHOWN]
    said = [goal_card.line(number, one) for number, one in shown]
    none = desk("There is no goal yet. What do you want to reach together?")
    opens = [
        visit.press(desk("Goal {number}", number=number), "goal", Ask(argument=one.goal.id)) for number, one in shown
    ]
    rows: list[Row] = [tuple(opens[at : at + 4]) for at in range(0, len(opens), 4)]
    more = visit.press(desk("Further goals"), "goals", Ask(argument=str(begin + _SHOWN)))
    rows += [(more,)] if len(listed) > begin + _SHOWN else []
    new = (visit.press(desk("New goal"), "goalnew"),) if _leads(visit) else ()
    await visit.show(Screen((*first, *(said or [none])), (*rows, (*new, visit.press(desk("Brief"), "brief")))))


async def goal(visit: Visit, ask: Ask) -> None:
    """Show one goal, with what can be done to it."""
    await visit.forget_typed()
    view = await found(visit, ask)
    if view is not None:
        await show(visit, view)


async def found(visit: Visit, ask: Ask) -> GoalView | None:
    """Give the goal that a button is about; None, and the list is shown, where she takes no part in one."""
    view = await visit.store.together.goals.find(visit.session(), ask.argument[:ID])
    if view is None:
        await show_all(visit, GONE)
    return view


async def show(visit: Visit, view: GoalView, *first: Text) -> None:
    """Show a goal after `first`."""
    visit.place.asking = visit.place.loose = visit.place.goal = None
    said = (*first, *goal_card.lines(view, typed.today(visit)))
    await visit.show(Screen(said, (*_rows(visit, view), (visit.press(desk("All goals"), "goals"),))))


def _rows(visit: Visit, view: GoalView) -> tuple[Row, ...]:
    standing, own = view.goal, visit.session().lead.id
    ask, leads = Ask(argument=standing.id), _leads(visit)
    moves = visit.press(desk("How far is it?"), "goalstep", ask, rank="main")
    step = (moves,) if (leads or standing.owner == own) and not standing.dropped else ()
    if not standing.is_open:
        return (step,) if step else ()
    ends = [
        (
            visit.press(desk("Done: {number}", number=number), "goaldone", Ask(argument=f"{standing.id}{one.number}")),
            visit.press(
                desk("Not done, because: {number}", number=number),
                "goalundone",
                Ask(argument=f"{standing.id}{one.number}"),
            ),
        )
        for number, one in enumerate(standing.actions, 1)
        if leads or one.owner == own
    ]
    who = (
        visit.press(desk("Invite a partner"), "goalguest", ask),
        visit.press(desk("Another owner"), "goalhand", ask),
        visit.press(desk("Put away"), "goaldrop", ask),
    )
    return (
        (*step, visit.press(desk("Add an action"), "goalact", ask)),
        *ends[:_WITH_BUTTONS],
        (visit.press(desk("Round table"), "tablesee", ask),),
        *((who,) if leads else ()),
    )


async def ask_step(visit: Visit, ask: Ask) -> None:
    """Ask how far it is, in five steps; or take the one whose button was pressed."""
    view = await found(visit, ask)
    if view is None:
        return
    chosen = ask.argument[ID:]
    if chosen in {str(step) for step in goal_card.STEP}:
        await write(visit, view, desk("Noted."), {"kind": "step", "step": int(chosen)})
        return
    steps = [
        visit.press(
            Text("{bar} {step}", "desk", {"bar": "■" * step + "□" * (STEPS - step), "step": label}),
            "goalstep",
            Ask(argument=f"{view.goal.id}{step}"),
        )
        for step, label in goal_card.STEP.items()
    ]
    rows = tuple(tuple(steps[at : at + 2]) for at in range(0, len(steps), 2))
    said = desk("How far is it? {what}", what=view.goal.what)
    await visit.show(Screen((said,), (*rows, back(visit, view))))


async def invite(visit: Visit, ask: Ask) -> None:
    """Ask which partner is to take part; or let in the one whose button was pressed, who then reads all of the goal."""
    view = await found(visit, ask)
    if view is not None:
        offered = await visit.store.together.goals.offered(visit.session())
        fitting = [one for one in offered if one.role == "partner" and one.id not in view.members]
        said = desk("Which partner is to take part? She reads all that is written of this goal, and no case.")
        nobody = desk("There is no further partner at your site.")
        outs = tuple((_out(visit, view, card),) for card in _guests(view))
        await _somebody(visit, ask, view, fitting, "guest", said if fitting else nobody, rows=outs)


def _guests(view: GoalView) -> list[LeadCard]:
    """The partners who can be taken out: all who take part but for an owner."""
    cards = (card for card in view.members.values() if card.role == "partner" and card.id != view.goal.owner)
    return sorted(cards, key=lambda card: card.name)[:_OUTS]


def _out(visit: Visit, view: GoalView, card: LeadCard) -> Press:
    label = desk("Go on without {name}", name=card.name)
    return visit.press(label, "goalout", Ask(argument=view.goal.id + mark(card.id)))


async def take_out(visit: Visit, ask: Ask) -> None:
    """Take a partner out of a goal; what she read stays read."""
    view = await found(visit, ask)
    if view is None:
        return
    who = marked(_guests(view), Ask(argument=ask.argument[ID:]))
    if who is None:
        await show(visit, view)
        return
    said = desk("{name} takes no part any more. What was read stays read.", name=who.name)
    await write(visit, view, said, {"kind": "out", "gone": who.id})


async def hand_over(visit: Visit, ask: Ask) -> None:
    """Ask whose goal it is to be; or give it to the one whose button was pressed."""
    view = await found(visit, ask)
    if view is not None:
        offered = await visit.store.together.goals.offered(visit.session())
        fitting = [one for one in offered if one.id != view.goal.owner]
        await _somebody(visit, ask, view, fitting, "owner", desk("Whose goal is it to be?"))


async def _somebody(
    visit: Visit,
    ask: Ask,
    view: GoalView,
    offered: list[LeadCard],
    kind: str,
    said: Text,
    rows: tuple[Row, ...] = (),
) -> None:
    verb = "goalguest" if kind == "guest" else "goalhand"
    who = marked(offered, Ask(argument=ask.argument[ID:]))
    if who is not None:
        await write(visit, view, desk("Noted: {name}.", name=who.name), {"kind": kind, "who": who.id})
        return
    presses = [
        visit.press(Text("{name}", "desk", {"name": one.name}), verb, Ask(argument=f"{view.goal.id}{mark(one.id)}"))
        for one in offered[:_PEOPLE]
    ]
    names = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    await visit.show(Screen((said,), (*names, *rows, back(visit, view))))


async def drop(visit: Visit, ask: Ask) -> None:
    """Ask whether it is to be put away; or do it. Nothing of it is deleted."""
    view = await found(visit, ask)
    if view is None:
        return
    if ask.argument[ID:] == "y":
        await write(visit, view, desk("Put away."), {"kind": "drop"})
        return
    said = desk("Put away “{what}”? It stays on the list, and nothing can be added to it.", what=view.goal.what)
    yes = visit.press(desk("Yes, put it away"), "goaldrop", Ask(argument=f"{view.goal.id}y"))
    await visit.show(Screen((said,), ((yes,), back(visit, view))))


async def write(
    visit: Visit, view: GoalView, done: Text, *said: Object, tell: Collection[LeadId] = (), shown: Shown | None = None
) -> None:
    """Write something of a goal, and show it as it is then; where that may not be, that is said, with the goal.

    Args:
        visit: The update at the desk.
        view: The goal as it was shown.
        done: What is said once it is written.
        said: What is written.
        tell: Who is told of a round table.
        shown: Shows the goal afterwards, after a sentence; its card, if it is left out.
    """
    try:
        await visit.store.together.goals.write(visit.session(), visit.arrival, view.goal.id, *said, tell=tell)
    except NotOffered:
        done = desk("That is not possible as the goal stands now. Nothing was done.")
    after = await visit.store.together.goals.find(visit.session(), view.goal.id)
    await ((shown or show)(visit, after, done) if after is not None else show_all(visit, GONE))


def back(visit: Visit, view: GoalView) -> Row:
    """The way back to the goal."""
    return (visit.press(desk("Back to the goal"), "goal", Ask(argument=view.goal.id)),)


def _leads(visit: Visit) -> bool:
    return is_for(visit.session().lead.role, "begin_goal")
