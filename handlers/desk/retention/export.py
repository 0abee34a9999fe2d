"""`/export`: what is held on one person, blacked out where it is about others, handed out as a file by two people.

The lead picks the case, and says what goes: Hark guesses nobody. What is blacked out is held in memory, then sealed in
the case with the first word; the text itself is kept nowhere, and made again for the second.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile

from flows.cases.redaction import BLACK, Part, Redaction, composed, digest_of, read_redaction, redacted
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.actions import prompts, second_word
from handlers.desk.case import case_card, words
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.telegram import failures
from storage.deeds.export import Export, export_meant

#: How long the file stays in the chat.
STAYS: Final = timedelta(minutes=5)
_LANGUAGE: Final = "en"  # two people have to mean the same text, whatever language they read


@dataclass(frozen=True)
class _Asked:
    """What somebody wants to hand out, as the case tells of it."""

    by: str
    purpose: str = field(repr=False)
    redaction: Redaction
    upto: int
    digest: str


async def export(visit: Visit, ask: Ask) -> None:
    """Show what a colleague wants to hand out; else the parts of the case, of which some are to be blacked out."""
    shown = await prompts.case_for(visit, "export", ask)
    if shown is None:
        return
    shown = await _whole(visit, shown)
    if await prompts.words_first(visit, shown):
        return
    asked = _asked(shown)
    if asked is not None and asked.by != visit.session().lead.id:
        await _second(visit, shown, asked)
        return
    await _parts(visit, shown)


async def _whole(visit: Visit, shown: Shown) -> Shown:
    """Open the case anew where something was done to it since it was opened; that takes this update's one turn."""
    if _last(shown) == shown.view.row.entries:
        return shown
    return await case_card.look(visit, shown.reference)


def _last(shown: Shown) -> int:
    return max((entry.number for entry in shown.view.entries), default=0)


def _asked(shown: Shown) -> _Asked | None:
    """The latest of the first words that stand, with what it was about."""
    words_given = shown.view.row.glance.proposed.items()
    standing = {digest: word.by for what, word in words_given if (digest := export_meant(what))}
    for entry in reversed(shown.view.entries):
        done = entry.action
        if done is not None and done.what == "ask_export" and (by := standing.get(done.detail["digest"])):
            told = done.detail
            redaction = read_redaction(told["redaction"])
            return _Asked(by, told["reason"], redaction, int(told["upto"]), told["digest"])
    return None


def _redaction(visit: Visit, shown: Shown) -> Redaction:
    held = visit.place.redaction
    return held[1] if held is not None and held[0] == shown.case else Redaction()


async def _parts(visit: Visit, shown: Shown) -> None:
    """Show the parts by their numbers, as they would be handed out, and ask what else is to be blacked out."""
    redaction = _redaction(visit, shown)
    lines = [
        "\n".join(filter(None, (f"[{number}] {one.heading}", one.words)))
        for number, one in enumerate(redacted(_all(visit, shown, _last(shown)), redaction), 1)
    ]
    said = (
        desk("{reference}: what is handed out. Black out what is about others.", reference=shown.reference),
        desk("Type the numbers of parts, such as: 2 5. Or a name or words, which then go wherever they stand."),
        desk("Typed once more, it is back. Spellings, nicknames and pronouns are for you to see: read it to the end."),
    )
    marked = (Text(f"{BLACK} {{words}}", "desk", {"words": " · ".join(redaction.marked)}),) if redaction.marked else ()
    rows = ((visit.press(desk("That is all of it"), "purpose", about(shown)),),)
    await prompts.for_text(visit, "export", shown, *said, *marked, rows=rows, verbatim="\n\n".join(lines))


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Black out what was typed, or take that back, and show it again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    visit.place.redaction = (shown.case, _redaction(visit, shown).with_typed(text))
    await _parts(visit, shown)


async def ask_purpose(visit: Visit, ask: Ask) -> None:
    """Ask who gets it and what for."""
    shown = await prompts.case_for(visit, "export", ask)
    if shown is None:
        return
    said = (
        desk("Type who gets it, and what for. It stands in the file, in the case and in the audit."),
        desk("A second lead has to read it and to say so too, within a day, with /export."),
    )
    await prompts.for_text(visit, "purpose", shown, *said)


async def purpose_typed(visit: Visit, ask: Ask, purpose: str) -> None:
    """Ask for a code, before the first word."""
    shown = await case_card.on_screen(visit, ask)
    if shown is not None:
        said = desk("{reference} is handed out: {purpose}", reference=shown.reference, purpose=purpose)
        await second_word.ask(visit, "purpose", ask, purpose, Screen((said,), (prompts.back(visit, shown),)))


async def first_confirmed(visit: Visit, ask: Ask, purpose: str) -> None:
    """Say the first word, after a fresh code: the others are told, and nothing is handed out yet."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    redaction, upto = _redaction(visit, shown), _last(shown)
    text = _text(visit, shown, _Asked("", purpose, redaction, upto, ""))
    done = await visit.act(shown, Export(purpose, redaction.written(), upto, digest_of(text)))
    visit.place.redaction = None
    await case_card.changed(visit, done, desk("Yours is noted. A second lead has to say so too, with /export."))


async def _second(visit: Visit, shown: Shown, asked: _Asked) -> None:
    """Show the very text to whoever is to say so too, and ask for a code."""
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    text = _text(visit, shown, asked)
    if digest_of(text) != asked.digest:
        said = desk("What {name} meant reads otherwise by now. Please begin again.", name=names.get(asked.by, "?"))
        await visit.show(Screen((said,), (prompts.back(visit, shown),)))
        return
    said = desk("{name} would hand this out. Read it to the end: is nothing in it about others?", name=names[asked.by])
    screen = Screen((said,), (prompts.back(visit, shown),), verbatim=text)
    await second_word.ask(visit, "export", about(shown), asked.digest, screen)


async def second_confirmed(visit: Visit, ask: Ask, digest: str) -> None:
    """Say the second word, after a fresh code, and hand the file out, for five minutes."""
    shown = await case_card.on_screen(visit, ask)
    asked = _asked(shown) if shown is not None else None
    if shown is None or asked is None or asked.digest != digest:
        return
    text = _text(visit, shown, asked)
    done = await visit.act(shown, Export(asked.purpose, asked.redaction.written(), asked.upto, digest_of(text)))
    await case_card.changed(visit, done, desk("It is handed out below, for five minutes. The others are told."))
    await _send(visit, shown, text)


async def _send(visit: Visit, shown: Shown, text: str) -> None:
    """Send the file; its name is made of the case's reference, six letters and digits, and of nothing anybody wrote."""
    await visit.sender.admit(visit.address, urgent=True)
    try:
        sent = await visit.deps.bots[visit.address.door].send_document(
            visit.address.chat_id,
            BufferedInputFile(text.encode(), f"record-{shown.reference}.txt"),
            parse_mode=None,
            protect_content=False,
        )
    except AiogramError as error:
        failures.log_error(error)
        await visit.add(Screen((desk("The file could not be sent. /export hands it out again, with a new code."),)))
        return
    await visit.remember((sent.message_id,), STAYS)


def _all(visit: Visit, shown: Shown, upto: int) -> tuple[Part, ...]:
    return words.record_parts(shown.view, upto, visit.reasons, visit.deps.translators[_LANGUAGE])


def _text(visit: Visit, shown: Shown, asked: _Asked) -> str:
    """The text as it is handed out."""
    site = visit.deps.sites.get(shown.view.row.site)
    first = (
        f"{site.name if site else shown.view.row.site}: record {shown.reference}",
        f"Handed out to and for: {asked.purpose}",
        f"{BLACK} stands where something is about other people, or where the law keeps it back.",
    )
    return composed(first, _all(visit, shown, asked.upto), asked.redaction)
