"""`/export`: what is held on one person, blacked out where it is about others, handed out as a file by two people.

The lead picks the cases, and says what goes: Hark guesses nobody. What is blacked out is held in memory, then sealed in
each case with the first word. A case never tells that it was handed out together with another one: each has a word of
its own, so that who cannot open one of them learns nothing of it (decision 28).

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flows.cases.redaction import BLACK, Redaction, redacted
from flows.measures.body import PLACES, places_typed
from flows.values.screen import Row, Screen
from flows.values.text import Listed, Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.casework.retention import export_file, export_second
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.values import CaseId
from storage.values.errors import NoSuchCase, Stale

#: Cases in one file.
MOST: Final = 12
_OUT: Final = "out"  # the argument of the button that leaves a case out


async def export(visit: Visit, ask: Ask) -> None:
    """Show what a colleague wants to hand out; else the parts of the case, of which some are to be blacked out."""
    shown = await prompts.case_for(visit, "export", ask)
    if shown is not None:
        await _go_on(visit, await _whole(visit, shown))


async def _go_on(visit: Visit, shown: Shown) -> None:
    """Take a case among those that are handed out, or begin with it alone where it is not one of them."""
    held = _held(visit, shown)
    visit.place.handing = {**held, shown.case: (shown, held[shown.case][1])}
    if await prompts.words_first(visit, shown):
        return
    asked = export_file.asked_for(shown)
    if asked is not None and asked.by != visit.session().lead.id:
        await export_second.show(visit, asked)
        return
    await _parts(visit, shown)


def _held(visit: Visit, shown: Shown) -> Mapping[CaseId, tuple[Shown, Redaction]]:
    """The cases that go into one file with this one; this one alone where it is none of those that were begun with."""
    held = visit.place.handing
    return held if shown.case in held else {shown.case: (shown, Redaction())}


async def _whole(visit: Visit, shown: Shown) -> Shown:
    """Open the case anew where something was done to it since it was opened; that takes this update's one turn."""
    if export_file.last(shown) == shown.view.row.entries:
        return shown
    return await case_card.look(visit, shown.reference)


async def _parts(visit: Visit, shown: Shown) -> None:
    """Show the parts by their numbers, as they would be handed out, and ask what else is to be blacked out."""
    _, redaction = visit.place.handing[shown.case]
    whole = export_file.parts(visit, shown, export_file.last(shown), redaction)
    lines = [
        "\n".join(filter(None, (f"[{number}] {one.heading}", one.words)))
        for number, one in enumerate(redacted(whole, redaction), 1)
    ]
    said = (
        desk("{reference}: what is handed out. Black out what is about others.", reference=shown.reference),
        desk("Type the numbers of parts, such as: 2 5. Or a name or words, which then go wherever they stand."),
        desk("Typed once more, it is back. Spellings, nicknames and pronouns are for you to see: read it to the end."),
    )
    marked = (Text(f"{BLACK} {{words}}", "desk", {"words": " · ".join(redaction.marked)}),) if redaction.marked else ()
    await prompts.for_text(
        visit,
        "export",
        shown,
        *said,
        *marked,
        *_together(visit),
        rows=_ways(visit, shown, outline=any(one.injury for one in whole)),
        verbatim="\n\n".join(lines),
    )


def _together(visit: Visit) -> tuple[Text, ...]:
    """That several cases go into one file, and which."""
    references = tuple(held.reference for held, _ in visit.place.handing.values())
    if len(references) == 1:
        return ()
    return (desk("In one file: {references}. Words that you type go in all of them.", references=Listed(references)),)


def _ways(visit: Visit, shown: Shown, *, outline: bool) -> tuple[Row, ...]:
    others = [held for held, _ in visit.place.handing.values() if held.case != shown.case]
    looking = tuple(
        (visit.press(Text("{reference}", "desk", {"reference": held.reference}), "export", about(held)),)
        for held in others
    )
    leaving = ((visit.press(desk("Leave {reference} out", reference=shown.reference), "another", about(shown, _OUT)),),)
    more = ((visit.press(desk("Another case of this person…"), "another", about(shown)),),)
    return (
        (visit.press(desk("That is all of it"), "purpose", about(shown)),),
        *(((visit.press(desk("Where on the body…"), "outline", about(shown)),),) if outline else ()),
        *(more if len(others) < MOST - 1 else ()),
        *looking,
        *(leaving if others else ()),
    )


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Black out what was typed, or take that back, and show it again: numbers here, words in every case of the file."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    held = _held(visit, shown)
    _, before = held[shown.case]
    after = before.with_typed(text)
    visit.place.handing = {
        case: (one, after if case == shown.case else replace(redaction, marked=after.marked))
        for case, (one, redaction) in held.items()
    }
    await _parts(visit, shown)


async def ask_outline(visit: Visit, ask: Ask) -> None:
    """Ask where on an outline the words about an injury belong, by numbers: nothing of it is guessed."""
    shown = await prompts.case_for(visit, "export", ask)
    if shown is not None:
        await _ask_outline(visit, shown)


async def _ask_outline(visit: Visit, shown: Shown, *first: Text) -> None:
    said = (
        desk("Where is the injury? Type the numbers, such as: 10 24. Typed once more, one is taken back."),
        desk("Left and right are the person's own. The numbers stand on an outline in the PDF, and in the text."),
    )
    lines = (f"{number} {visit.translator.say(one.name)}" for number, one in enumerate(PLACES, 1))
    await prompts.for_text(visit, "outline", shown, *first, *said, verbatim="\n".join(lines))


async def outline_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the numbers, and show the parts again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    found, held = places_typed(text), _held(visit, shown)
    if found is None:
        await _ask_outline(visit, shown, desk("Those are no numbers of this list."))
        return
    own, redaction = held[shown.case]
    visit.place.handing = {**held, shown.case: (own, replace(redaction, places=redaction.places ^ found))}
    visit.place.loose = None
    await _parts(visit, shown)


async def ask_another(visit: Visit, ask: Ask) -> None:
    """Ask for the reference of a further case that goes into the same file; or leave the one on the screen out."""
    shown = await prompts.case_for(visit, "export", ask)
    if shown is None:
        return
    others = {case: held for case, held in visit.place.handing.items() if case != shown.case}
    if ask.argument == _OUT and others:
        visit.place.handing = others
        await _go_on(visit, await case_card.look(visit, next(iter(others.values()))[0].reference))
        return
    said = (
        desk("Type the reference of the other case. You need to be able to open it, and it is opened now."),
        desk("Whoever reads only one of them learns nothing of the other."),
    )
    await prompts.for_text(visit, "another", shown, *said)


async def another_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Open it, and show its parts; what is marked in the others is marked here too. It takes this update's one turn."""
    first = await case_card.on_screen(visit, ask)
    if first is None:
        return
    held = _held(visit, first)
    try:
        shown = await case_card.look(visit, text)
    except NoSuchCase:
        await prompts.for_text(visit, "another", first, messages.no_such_case(), desk("Type the reference once more."))
        return
    _, redaction = held[first.case]
    visit.place.handing = {**held, shown.case: held.get(shown.case, (shown, Redaction(marked=redaction.marked)))}
    visit.place.loose = None
    await _go_on(visit, shown)


async def ask_purpose(visit: Visit, ask: Ask) -> None:
    """Ask who gets it and what for."""
    shown = await prompts.case_for(visit, "export", ask)
    if shown is None:
        return
    if shown.case not in visit.place.handing:  # an old button: what would be handed out was not on the screen
        await _go_on(visit, await _whole(visit, shown))
        return
    said = (
        desk("Type who gets it, and what for. It stands in the file, in the case and in the audit."),
        desk("A second lead has to read it and to say so too, within a day, with /export."),
    )
    await prompts.for_text(visit, "purpose", shown, *said, *_seconds(visit))


def _seconds(visit: Visit) -> tuple[Text, ...]:
    """Who can be the second one for all of several cases."""
    views = [shown.view for shown, _ in visit.place.handing.values()]
    if len(views) < 2:
        return ()
    mine = visit.session().lead.id
    shared = set.intersection(*({(card.id, card.name) for card in view.recipients} for view in views))
    names = tuple(sorted(name for lead, name in shared if lead != mine))
    if names:
        return (desk("All of them can be opened, and said so in one go, by: {names}.", names=Listed(names)),)
    return (desk("Nobody else can open all of them: each is handed out by somebody who can open it."),)


async def purpose_typed(visit: Visit, ask: Ask, purpose: str) -> None:
    """Ask for a code, before the first word."""
    shown = await case_card.on_screen(visit, ask)
    if shown is not None:
        references = tuple(held.reference for held, _ in _held(visit, shown).values())
        said = desk("Handed out of {references}: {purpose}", references=Listed(references), purpose=purpose)
        await second_word.ask(visit, "purpose", ask, purpose, Screen((said,), (prompts.back(visit, shown),)))


async def first_confirmed(visit: Visit, ask: Ask, purpose: str) -> None:
    """Say the first word for all of them, after a fresh code: the others are told, and nothing is handed out yet."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    wished = [export_file.wished(visit, one, purpose, redaction) for one, redaction in _held(visit, shown).values()]
    try:
        done = await visit.act_together([(one.shown, one.deed(visit)) for one in wished])
    except Stale:
        if len(wished) == 1:
            raise
        await export_second.tell_changed(visit, [one.shown for one in wished])
        return
    visit.place.handing = {}
    own = next(row for row in done if row.id == shown.case)
    await case_card.changed(visit, own, desk("Yours is noted. A second lead has to say so too, with /export."))
