"""`/people`: who is in a case and as what, as leads type it; and who of them is in another case of this lead's too.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal, cast

from flows.cases.people import ADDED, GONE, LINKS, LONGEST, MOST, PARTS, Part, Person, Written, people, plain_name
from flows.names.forms import surnames_and_initial
from flows.names.matching import is_same_name
from flows.values.screen import Row, Screen
from flows.values.text import Listed, Text, stacked
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Loose, Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.telegram.updates import Button
from storage.deeds.deed import Deed
from storage.deeds.record.people import AddPerson, TakePersonAway
from storage.desk.names.indexing import Together
from storage.desk.names.tying import Pair
from storage.values import Action, CaseRow, Entry

#: People on one page.
PAGE: Final = 10
_IN_A_LABEL: Final = 40  # characters


async def who(visit: Visit, ask: Ask) -> None:
    """Show who is in the case, what goes across cases, and one question, if there is one; the argument is a page."""
    shown = await prompts.case_for(visit, "people", ask)
    if shown is None:
        return
    number = ask.argument if isinstance(visit.incoming.what, Button) else ""
    together = await _together(visit, shown)
    if together.numbers != {one.number for one in there(shown)}:  # another lead wrote since it was opened
        shown = await case_card.look(visit, shown.reference)
        together = await _together(visit, shown)
    await visit.show(_screen(visit, shown, together, int(number) if number.isdigit() else 0))


async def show(visit: Visit, shown: Shown, *first: Text) -> None:
    """The same after something was done, below `first`."""
    visit.place.loose = None
    visit.place.shown = shown
    screen = _screen(visit, shown, await _together(visit, shown), 0)
    await visit.show(replace(screen, paragraphs=(*first, *screen.paragraphs)))


async def ask_name(visit: Visit, ask: Ask) -> None:
    """Ask whom to add; nothing is done yet."""
    shown = await prompts.case_for(visit, "people", ask)
    if shown is None:
        return
    if len(there(shown)) >= MOST:
        await show(visit, shown, desk("{count} people are written down, and that is the most.", count=MOST))
        return
    await prompts.for_text(visit, "addwho", shown, desk("Type the name, as whole as you know it: one person."))


async def name_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Ask as what; the name is kept in memory, and the buttons hold a digest of it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    name = await prompts.short_enough(visit, "addwho", shown, plain_name(text), LONGEST)
    if name is None:
        return
    visit.place.loose = loose = Loose(name)
    reads = (card.name for card in shown.view.recipients if is_same_name(name, card.name))
    careful = (_careful(one) for one in reads)
    choices = tuple((label, "part", f"{part}.{loose.mark}") for part, label in PARTS.items())
    await prompts.by_buttons(visit, shown, choices, desk("{name}: as what?", name=name), *careful)


async def add(visit: Visit, ask: Ask) -> None:
    """Write the name down that was typed, as what the button says."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    part, _, mark = ask.argument.partition(".")
    loose = visit.place.loose
    if loose is None or loose.mark != mark or part not in PARTS:
        await case_card.show(visit, shown)
        return
    if any((one.name, one.part) == (loose.text, part) for one in there(shown)):
        await show(visit, shown, desk("That is written down already."))
        return
    shown = await _done(
        visit, shown, AddPerson(loose.text, cast("Part", part)), ADDED, {"name": loose.text, "as": part}
    )
    nothing = () if surnames_and_initial(loose.text)[0] else (desk("It is too short to look for it in other cases."),)
    await show(visit, shown, desk("{name} is written down.", name=loose.text), *nothing)


async def choose_gone(visit: Visit, ask: Ask) -> None:
    """Ask who is to be taken away; the argument is a page."""
    shown = await prompts.case_for(visit, "people", ask)
    if shown is None:
        return
    page, further = _page(there(shown), int(ask.argument) if ask.argument.isdigit() else 0)
    choices = [(desk("{name}", name=one.name[:_IN_A_LABEL]), "offwho", str(one.number)) for one in page]
    choices += [(desk("Next page"), "takewho", further)] if further else []
    said = desk("Who does not belong here? What was written stays in the history.")
    await prompts.by_buttons(visit, shown, tuple(choices), said)


async def take_away(visit: Visit, ask: Ask) -> None:
    """Take that person away; the history says so."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    gone = next((one for one in there(shown) if str(one.number) == ask.argument), None)
    if gone is None:
        await case_card.show(visit, shown)
        return
    detail = {"person": str(gone.number), "name": gone.name, "as": gone.part}
    shown = await _done(visit, shown, TakePersonAway(gone.number), GONE, detail)
    await show(visit, shown, desk("{name} is taken away.", name=gone.name))


async def same(visit: Visit, ask: Ask) -> None:
    """The button [Same person]."""
    await _judged(visit, ask, "same", desk("Kept, in both cases: the same person."))


async def different(visit: Visit, ask: Ask) -> None:
    """The button [Not the same]."""
    await _judged(visit, ask, "different", desk("Kept, in both cases: not the same person."))


def there(shown: Shown) -> tuple[Person, ...]:
    """Who is in the case on the screen."""
    done = ((entry.number, entry.action) for entry in shown.view.entries)
    return people(Written(number, action.what, action.detail) for number, action in done if action is not None)


async def _together(visit: Visit, shown: Shown) -> Together:
    return await visit.store.desk.names.together(visit.session(), shown.case, there(shown))


async def _judged(visit: Visit, ask: Ask, tie: Literal["same", "different"], said: Text) -> None:
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    here, other, number = (*ask.argument.split("."), "", "")[:3]
    if not (here.isdigit() and number.isdigit()):
        await case_card.show(visit, shown)
        return
    found = await visit.store.desk.find(visit.session(), other)
    pair = Pair(shown.case, found, int(here), int(number))
    await visit.store.desk.tie(visit.session(), visit.arrival, pair, tie)
    await show(visit, shown, said)


async def _done(visit: Visit, shown: Shown, deed: Deed, what: str, detail: Mapping[str, str]) -> Shown:
    """Do it, and give the case on the screen with that entry as its last: it was opened in an update of before."""
    done: CaseRow = await visit.act(shown, deed)
    entry = Entry(done.entries, visit.now(), visit.session().lead, "action", action=Action(what, detail))
    return replace(shown, view=replace(shown.view, row=done, entries=(*shown.view.entries, entry)))


def _screen(visit: Visit, shown: Shown, together: Together, number: int) -> Screen:
    everybody = there(shown)
    page, further = _page(everybody, number)
    lines = [desk("{name} · {part}", name=one.name, part=PARTS[one.part]) for one in page]
    listed = stacked(lines) if lines else desk("Nobody is written down yet. Hark guesses nobody.")
    said = [desk("{reference}: who is in it", reference=shown.reference), listed, *_across(everybody, together)]
    add_or_take = [visit.press(desk("Add somebody"), "addwho", about(shown))]
    if everybody:
        add_or_take.append(visit.press(desk("Take somebody away"), "takewho", about(shown)))
    rows: list[Row] = [tuple(add_or_take)]
    if further:
        rows.append((visit.press(desk("Next page"), "people", about(shown, further)),))
    if together.open:
        question, asked = _question(visit, shown, everybody, together)
        said.append(question)
        rows = [*asked, *rows]
    links = visit.press(desk("Link to another case"), "tie", about(shown))
    return Screen(tuple(said), (*rows, (links,), prompts.back(visit, shown)))


def _page(everybody: tuple[Person, ...], number: int) -> tuple[tuple[Person, ...], str]:
    """The people of a page, from 0, and the number of the next one; empty behind the last."""
    begin = number * PAGE if number * PAGE < len(everybody) else 0
    end = begin + PAGE
    return everybody[begin:end], str(end // PAGE) if end < len(everybody) else ""


def _across(everybody: tuple[Person, ...], together: Together) -> Iterator[Text]:
    """Who is the same person elsewhere, and which cases belong to this one."""
    names = {one.number: one.name for one in everybody}
    for number, hit in together.same[:PAGE]:
        yield desk(
            "{name}: the same person is in /case_{reference}, as {part}.",
            name=names[number],
            reference=hit.reference,
            part=PARTS[hit.part],
        )
    yield from linked(together)


def linked(together: Together) -> Iterator[Text]:
    """Which cases belong to one, and how."""
    for one in together.linked[:PAGE]:
        ties = Listed(tuple(LINKS[tie] for tie in one.ties))
        yield desk("Linked: /case_{reference}. {ties}.", reference=one.reference, ties=ties)


def _question(
    visit: Visit, shown: Shown, everybody: tuple[Person, ...], together: Together
) -> tuple[Text, tuple[Row, ...]]:
    """The first of the questions that nobody has answered, and its buttons."""
    number, hit = together.open[0]
    name = next(one.name for one in everybody if one.number == number)
    ask = about(shown, f"{number}.{hit.reference}.{hit.number}")
    question = desk(
        "Also in {reference}, as {part}: {name}. Is it the same person?",
        reference=hit.reference,
        part=PARTS[hit.part],
        name=name,
    )
    answers = (visit.press(desk("Same person"), "samewho", ask), visit.press(desk("Not the same"), "notsame", ask))
    there = desk("Open {reference}", reference=hit.reference)
    return question, (answers, (visit.press(there, "open", Ask(hit.reference)),))


def _careful(name: str) -> Text:
    return desk("{name} reads this case. If it is about that person, go back and choose Who may read first.", name=name)
