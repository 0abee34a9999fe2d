"""The second person of `/export`: reads the very text that a colleague would hand out, and hands it out.

Whatever else that colleague would hand out for the same purpose, of what this lead can open, is in the same text.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from flows.cases.redaction import digest_of
from flows.measures.charts import NotDrawn
from flows.values.ids import LeadId
from flows.values.screen import Screen
from flows.values.text import Listed, Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.casework.retention import export_file, export_paper
from handlers.desk.casework.retention.export_file import Asked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.values.errors import Stale


async def show(visit: Visit, asked: Asked) -> None:
    """Show the very text to whoever is to say so too, and ask for a code."""
    shown = asked.shown
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    if digest_of(export_file.text(visit, asked)) != asked.digest:
        said = desk("What {name} meant reads otherwise by now. Please begin again.", name=names.get(asked.by, "?"))
        await visit.show(Screen((said,), (prompts.back(visit, shown),)))
        return
    all_asked = (asked, *await _others(visit, asked))
    for one in all_asked:
        if await prompts.words_first(visit, one.shown):
            return
    visit.place.handing = {one.shown.case: (one.shown, one.redaction) for one in all_asked}
    meant = desk("{name} would hand this out. Read it to the end: is nothing in it about others?", name=names[asked.by])
    screen = Screen(
        (meant, *_references(all_asked)),
        (prompts.back(visit, shown),),
        verbatim=export_file.whole_text(visit, all_asked),
    )
    await second_word.ask(visit, "export", about(shown), _digests(all_asked), screen)


async def confirmed(visit: Visit, ask: Ask, digests: str) -> None:
    """Say the second word for all of them in one turn, after a fresh code, and hand the file out, for five minutes."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    all_asked = [asked for held, _ in visit.place.handing.values() if (asked := export_file.asked_for(held))]
    if _digests(all_asked) != digests:  # the case was opened anew meanwhile, or others were handed out
        await visit.show(Screen((desk("Nothing was done: please begin again."),), (prompts.back(visit, shown),)))
        return
    try:
        done = await visit.act_together([(one.shown, one.deed(visit)) for one in all_asked])
    except Stale:
        if len(all_asked) == 1:
            raise
        await tell_changed(visit, [one.shown for one in all_asked])
        return
    visit.place.handing = {}
    own = next(row for row in done if row.id == all_asked[0].shown.case)
    await case_card.changed(visit, own, desk("It is handed out below, for five minutes. The others are told."))
    # Six letters and digits, and nothing that anybody wrote.
    await export_file.send(visit, f"record-{own.reference}", await _files(visit, all_asked))


async def _files(visit: Visit, all_asked: Sequence[Asked]) -> tuple[tuple[str, bytes], ...]:
    """The paper to print, the text and the table; where no paper can be drawn, that is said and the text is first."""
    plain = ("txt", export_file.whole_text(visit, all_asked).encode())
    table = ("csv", export_paper.table(visit, all_asked))
    try:
        drawn = await visit.deps.draw(export_paper.paper(visit, all_asked))
    except NotDrawn:
        await visit.add(Screen((desk("The PDF could not be made now. The text file has all that would be in it."),)))
        return plain, table
    return ("pdf", drawn), plain, table


async def tell_changed(visit: Visit, shown: Sequence[Shown]) -> None:
    """Say that nothing was done since one of several cases is not as it was, with the way to each."""
    said = desk("One of these cases is not as you saw it any more, so nothing was done. Look at each again:")
    rows = tuple(
        (visit.press(Text("{reference}", "desk", {"reference": one.reference}), "export", Ask(one.reference)),)
        for one in shown
    )
    await visit.show(Screen((said,), rows))


async def _others(visit: Visit, asked: Asked) -> list[Asked]:
    """Open what else the same colleague would hand out for the same purpose; that each was opened is logged."""
    found = []
    for reference in await visit.store.desk.asked_exports(visit.session(), asked.shown.case, LeadId(asked.by)):
        other = export_file.asked_for(await case_card.look_beside(visit, reference))
        same = other is not None and (other.by, other.purpose) == (asked.by, asked.purpose)
        if other is not None and same and digest_of(export_file.text(visit, other)) == other.digest:
            found.append(other)
    return found


def _references(asked: Sequence[Asked]) -> tuple[Text, ...]:
    if len(asked) == 1:
        return ()
    references = tuple(one.shown.reference for one in asked)
    return (desk("In one file: {references}.", references=Listed(references)),)


def _digests(asked: Sequence[Asked]) -> str:
    return " ".join(one.digest for one in asked)
