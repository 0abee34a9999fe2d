"""What leads and a partner do together while Hark is killed: actions, people, goals, and a view at a round table.

Each time it is the next of these, since to come so far takes longer than to do it. What was on a screen as kept is in
the case, or in the goal, once (`promises.audit`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from typing import Final, TypeAlias

from bot.demo.sample_school import SampleLead
from tests.faults.acts import Act, Stage
from tests.faults.people import NOT_SAVED, Lead, says
from tests.faults.promises import kept_open
from tests.faults.sharing_acts import joined_partner

_NUMBERS = count(1)
_FIRST: Final = 0  # the lead who reads what is about no adult here
_FRIDAY: Final = 4
_PARTNER: Final = "Nurse Okafor, School nurse"
_CORNER: Final = "A quiet corner at lunch"


@dataclass(frozen=True)
class Deed:
    """The last press of something, typed unless it is a button; what is on the screen then; what is promised by it."""

    lead: Lead
    press: str
    shown: str
    promised: str

    @property
    def is_shown(self) -> bool:
        return any(self.shown in one.text for one in self.lead.person.heard)


#: Leads up to a deed.
Way: TypeAlias = Callable[["Together", Stage], Awaitable[Deed]]


class Together:
    """One thing after the other that a lead, or a partner with her, says is kept."""

    name = "works together with others"
    partner: SampleLead | None = None

    def __init__(self, ways: Sequence[Way] = ()) -> None:
        self._ways: Iterator[Way] = cycle(ways or WAYS)
        self.deed: Deed
        self.shown = False

    async def ready(self, stage: Stage) -> None:
        self.deed, self.shown = await next(self._ways)(self, stage), False
        await stage.quiet()

    async def do(self, stage: Stage) -> None:
        life, deed = stage.lives.lived, self.deed
        person = deed.lead.person
        await presses(deed.lead, deed.press)
        await stage.until(person, lambda: deed.is_shown, life)
        self.shown = deed.is_shown  # a start empties what desks showed before it
        await person.settled()
        self.shown |= deed.is_shown

    async def after(self, stage: Stage) -> None:
        """Whoever saw that it is kept is believed, and so is who saw that it is not."""
        if self.shown:
            stage.promises.taken.add(self.deed.promised)
        elif self.deed.lead.person.sees(NOT_SAVED):
            stage.promises.refused.add(self.deed.promised)

    async def at_a_table(self, stage: Stage) -> SampleLead:
        """A partner who sits at a round table on a goal; the first time she joins for that."""
        if self.partner is not None:
            return self.partner
        await stage.lives.kill()
        async with kept_open(stage.lives) as store:
            self.partner = await joined_partner(store, stage.lives.now())
        stage.lives.ahead += 60  # a code counts once
        await stage.lives.begin()
        lead = await stage.at_desk(_FIRST)
        deed = await begins(stage, lead, _CORNER, _PARTNER, 100)
        await comes_to(lead, deed.press, deed.shown)
        stage.promises.taken.add(deed.promised)
        await taps(lead, "Round table", "Plan a round table")
        await comes_to(lead, working_day(stage), "Those who meet are told")
        return self.partner


async def plan(_: Together, stage: Stage) -> Deed:
    """The lead plans an action, for the first day that is offered."""
    return await planned(await at_a_case(stage))


async def done(_: Together, stage: Stage) -> Deed:
    """The lead says that an action is done."""
    lead, text = await with_an_action(stage)
    return Deed(lead, "Done: 1", "Noted as done.", f"done: {text}")


async def undone(_: Together, stage: Stage) -> Deed:
    """The lead says why an action is not done."""
    lead, text = await with_an_action(stage)
    await taps(lead, "Not done, because: 1")
    return Deed(lead, "It is not wanted any more.", "Noted as not done.", f"not_done: {text}")


async def person(_: Together, stage: Stage) -> Deed:
    """The lead writes down who is in a case."""
    lead = await at_a_case(stage)
    await says(lead.person, f"/people {await stage.newest()}")
    await taps(lead, "Add somebody")
    name = f"Zelda Quagmire {letters(next(_NUMBERS))}"
    await says(lead.person, name)
    await lead.person.wait_for(lambda: "the child" in lead.person.buttons)
    return Deed(lead, "the child", f"{name} is written down.", f"person: {name}")


async def goal(_: Together, stage: Stage) -> Deed:
    """The lead begins a goal."""
    what = f"{_CORNER}, number {next(_NUMBERS)}"
    return await begins(stage, await stage.at_desk(_FIRST), what, "It is mine", 200)


async def view(act: Together, stage: Stage) -> Deed:
    """The partner says how she sees it, at the round table."""
    partner = await act.at_a_table(stage)
    nurse = Lead(await stage.tab(start=None), partner)
    await nurse.unlocks(stage.lives.now())
    await says(nurse.person, "/table")
    await taps(nurse, "Table 1", "My view")
    await nurse.person.wait_to_see("How do you see it?")
    text = f"It is too loud there, number {next(_NUMBERS)}"
    # Her latest view takes the place of the one before.
    stage.promises.taken -= {said for said in stage.promises.taken if said.startswith("view: ")}
    return Deed(nurse, text, f"“{text}”", f"view: {text}")


async def at_a_case(stage: Stage) -> Lead:
    """The lead at a new case."""
    await stage.told(about_an_adult=False)
    lead = await stage.at_desk(_FIRST)
    await says(lead.person, f"/case_{await stage.newest()}")
    return lead


async def planned(lead: Lead) -> Deed:
    """Up to the day of an action in the case on the screen."""
    text = f"Ring the bus company, number {next(_NUMBERS)}"
    await says(lead.person, f"/action {text}")
    await taps(lead, "I do it")
    days = (await lead.person.wait_to_see("By when?")).buttons
    return Deed(lead, days[0].text, f"▫ {text}", f"plan: {text}")


async def with_an_action(stage: Stage) -> tuple[Lead, str]:
    """The lead at a case with an open action, and its words."""
    lead = await at_a_case(stage)
    deed = await planned(lead)
    await comes_to(lead, deed.press, deed.shown)
    stage.promises.taken.add(deed.promised)
    await says(lead.person, "/action")
    await lead.person.wait_for(lambda: "Done: 1" in lead.person.buttons)
    return lead, deed.promised.removeprefix("plan: ")


async def begins(stage: Stage, lead: Lead, what: str, owner: str, days: int) -> Deed:
    """Up to the day of a goal."""
    await says(lead.person, "/goals")
    await taps(lead, "New goal")
    for typed, asked in ((what, "How can you tell"), ("Nobody eats alone", "Whose goal is it?")):
        await comes_to(lead, typed, asked)
    await taps(lead, owner)
    await lead.person.wait_to_see("Until when?")
    day = datetime.fromtimestamp(stage.lives.now(), UTC).date() + timedelta(days=days)
    return Deed(lead, day.isoformat(), "The goal is kept.", f"goal: {what}")


async def taps(lead: Lead, *labels: str) -> None:
    """Tap one button after the other, each once it is there."""
    for label in labels:
        await lead.person.tap(label)
        await lead.person.settled()


async def presses(lead: Lead, press: str) -> None:
    """Tap the button of that label, or type it where there is none."""
    await (lead.person.tap(press) if press in lead.person.buttons else lead.person.type(press))


async def comes_to(lead: Lead, press: str, shown: str) -> None:
    """Do that, and wait until the bot says so."""
    await presses(lead, press)
    await lead.person.wait_to_see(shown)


def working_day(stage: Stage) -> str:
    """The first weekday after this one."""
    day = datetime.fromtimestamp(stage.lives.now(), UTC).date() + timedelta(days=1)
    while day.weekday() > _FRIDAY:
        day += timedelta(days=1)
    return day.isoformat()


def letters(number: int) -> str:
    """A word for a number: a name has no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}").capitalize()


WAYS: Final[Sequence[Way]] = (plan, view, done, person, goal, undone)

TOGETHER_ACTS: Final[tuple[type[Act], ...]] = (Together,)
