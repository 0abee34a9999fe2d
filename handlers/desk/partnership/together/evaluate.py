"""`/evaluate`, each term: six statements, what should change, and what the term before came to beside the goals.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from flows.cases.roles import is_for
from flows.measures.terms import Period
from flows.together.checkin import in_lots
from flows.together.evaluation import LEAST, LONGEST, STATEMENTS, Evaluation
from flows.together.goals import LONGEST as LONGEST_GOAL
from flows.values.screen import Row, Screen
from flows.values.text import Text, Value
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.unsent import UnsavedGoal
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import calendar_day
from handlers.desk.partnership.together import goal_card, new_goal, typed
from storage.values.errors import NotOffered

_STATEMENT: Final = (
    desk("I knew who does what."),
    desk("I was answered in time."),
    desk("My view counted, also when we disagreed."),
    desk("The child's voice was in what we decided."),
    desk("We did what we said."),
    desk("I would work like this again."),
)
_STEP: Final[Mapping[int, Text]] = {
    1: desk("Not at all"),
    2: desk("Hardly"),
    3: desk("Partly"),
    4: desk("Mostly"),
    5: desk("Fully"),
}
#: Goals, and things to change, on one screen.
_GOALS: Final = 8
_CHANGES: Final = 4


async def evaluate(visit: Visit, _: Ask) -> None:
    """Show what the term before came to, and offer to answer for this one."""
    await visit.forget_typed()
    await _show(visit)


async def _show(visit: Visit, *first: Text) -> None:
    visit.place.asking = visit.place.loose = None
    visit.place.steps = ()
    said, rows = await _before(visit)
    if await visit.store.together.evaluations.is_given(visit.session(), _term(visit)):
        said.append(desk("You have answered for this term. Thank you."))
    else:
        said.append(
            desk(
                "Six statements, then what should change. It is kept without your name. The leads read all answers "
                "together, next term, if there are {least} or more.",
                least=LEAST,
            )
        )
        rows = ((visit.press(desk("Begin"), "evalstep", rank="main"),), *rows)
    await visit.show(Screen((*first, *said), (*rows, (visit.press(desk("Brief"), "brief"),))))


async def _before(visit: Visit) -> tuple[list[Text], tuple[Row, ...]]:
    """What the term before came to, beside the goals, for leads; each thing to change with the way to a new goal."""
    if not is_for(visit.session().lead.role, "begin_goal"):
        return [], ()
    before = _before_this(visit)
    result = await visit.store.together.evaluations.result(visit.session(), before)
    since, until = calendar_day(before.begin), calendar_day(before.end)
    said = [desk("The term before, from {since} until {until}:", since=since, until=until)]
    listed = (await visit.store.together.goals.listed(visit.session()))[:_GOALS]
    said += [goal_card.line(number, one) for number, one in enumerate(listed, 1)]
    if result is None:
        return [*said, desk("Fewer than {least} answered, so nothing is shown.", least=LEAST)], ()
    said.append(desk("About {count} answered. The middle answer to each:", count=in_lots(result.answers)))
    said += [
        Text("{statement} {step}", "desk", {"statement": _STATEMENT[number], "step": _STEP[step]})
        for number, step in enumerate(result.middle)
    ]
    changes = result.changes[:_CHANGES]
    said += [desk("To change, {number}: “{words}”", number=number, words=one) for number, one in enumerate(changes, 1)]
    presses = tuple(
        visit.press(desk("Make a goal of {number}", number=number), "evalgoal", Ask(argument=str(number)))
        for number in range(1, len(changes) + 1)
    )
    return said, tuple(presses[at : at + 2] for at in range(0, len(presses), 2))


def _term(visit: Visit) -> Period:
    """The term of her own site that it is."""
    return visit.deps.terms_of(visit.session().lead.site).term_of(typed.today(visit))


def _before_this(visit: Visit) -> Period:
    return visit.deps.terms_of(visit.session().lead.site).term_of(_term(visit).begin - timedelta(days=1))


async def step(visit: Visit, ask: Ask) -> None:
    """Take a step for the statement that was shown, and show the next; after the last, ask what should change.

    The argument is the statement's number from 0 and the step; a button of an earlier one changes nothing.
    """
    number, chosen = ask.argument[:1], ask.argument[1:]
    if number == str(len(visit.place.steps)) and chosen in {str(one) for one in _STEP}:
        visit.place.steps = (*visit.place.steps, int(chosen))
    done = len(visit.place.steps)
    if done >= STATEMENTS:
        await _ask_change(visit)
        return
    presses = [visit.press(label, "evalstep", Ask(argument=f"{done}{one}")) for one, label in _STEP.items()]
    rows: tuple[Row, ...] = (tuple(presses[:3]), tuple(presses[3:]), (visit.press(desk("Begin again"), "evaluate"),))
    told: dict[str, Value] = {"number": done + 1, "all": STATEMENTS, "statement": _STATEMENT[done]}
    await visit.show(Screen((Text("{number} of {all}: {statement}", "desk", told),), rows))


async def _ask_change(visit: Visit, *first: Text) -> None:
    said = desk("What should we change next term? Type it without names.")
    rows = (
        (visit.press(desk("Nothing to add"), "evalchange"),),
        (visit.press(desk("Begin again"), "evaluate"),),
    )
    await typed.ask(visit, "evalchange", "", *first, said, rows=rows)


async def without_change(visit: Visit, _: Ask) -> None:
    """Keep the answer without anything to change."""
    await _keep(visit, "")


async def change_typed(visit: Visit, _: Ask, text: str) -> None:
    """Keep it with what should change; more than 300 characters, or a known name, are asked for again."""

    async def again(said: Text) -> None:
        await _ask_change(visit, said)

    words = await typed.words(visit, text, LONGEST, again)
    if words is not None:
        await _keep(visit, words)


async def _keep(visit: Visit, change: str) -> None:
    try:
        await visit.store.together.evaluations.give(
            visit.session(), visit.arrival, Evaluation(visit.place.steps, change), _term(visit)
        )
    except NotOffered:
        await _show(visit, desk("That was not kept: it is not whole, or you have answered for this term."))
        return
    await _show(visit, desk("Kept, without your name."))


async def make_goal(visit: Visit, ask: Ask) -> None:
    """Begin a goal with what should change, as somebody wrote it."""
    result = await visit.store.together.evaluations.result(visit.session(), _before_this(visit))
    changes = result.changes[:_CHANGES] if result is not None else ()
    number = int(ask.argument) if ask.argument.isdecimal() else 0
    if not 0 < number <= len(changes):
        await _show(visit)
        return
    words = changes[number - 1]
    fits = len(words) <= LONGEST_GOAL and not await visit.store.together.known_names.are_in(visit.session(), words)
    await new_goal.go_on(visit, UnsavedGoal(words if fits else ""))
