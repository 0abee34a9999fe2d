"""`/share`: a part of a case for a partner, put together one question a screen; nothing is ticked before it is typed.

What is asked next is whatever is missing; then it is shown as she will see it, and sent. See decision 36.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows.values.screen import Press, Screen
from flows.values.text import Text
from handlers.desk.actions import prompts
from handlers.desk.actions.ownership import mark, marked
from handlers.desk.case import case_card, shared
from handlers.desk.chat import share_labels
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.unsent_share import UnsentShare
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.sharing import parts, preview, terms
from storage.deeds.sharing import Share
from storage.desk.sharing.case_shares import CaseSharing
from storage.values import LeadCard
from storage.values.shares import (
    BASES,
    LONGEST_WORDS,
    Basis,
    ChildTold,
    ShareId,
)

#: Shares that can be taken back on one screen, and partners that are offered on it.
_SHOWN: Final = 3
_PARTNERS: Final = 12


async def share(visit: Visit, ask: Ask) -> None:
    """Show what of a case is shared, and ask with whom a part of it is to be."""
    shown = await prompts.case_for(visit, "share", ask)
    if shown is None:
        return
    visit.place.sharing = None
    if parts.last(shown) != shown.view.row.entries:  # something was done to it since it was opened
        shown = await case_card.look(visit, shown.reference)
    if await prompts.words_first(visit, shown):
        return
    await _show(visit, shown)


async def _show(visit: Visit, shown: Shown, *first: Text) -> None:
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    names = {str(one.id): one.name for one in await visit.store.leads.roster()}
    said = [*first, *(shared.one_line(names.get(one.to, "?"), one.until, one.state) for one in known.shares)]
    live = [one for one in known.shares if one.state != "ended"][-_SHOWN:]
    backs = tuple(
        (visit.press(desk("Take back: {name}", name=names.get(one.to, "?")), "takeback", about(shown, one.id)),)
        for one in live
    )
    said.append(_who_is_offered(known))
    rows = tuple((_with(visit, shown, one),) for one in known.partners[:_PARTNERS])
    await visit.show(Screen(tuple(said), (*rows, *backs, prompts.back(visit, shown))))


def _who_is_offered(known: CaseSharing) -> Text:
    if not known.partners:
        return desk("There is nobody to share it with. Partners are invited with /partners.")
    return desk("With whom? Whom the reporter left out, and whom the words name, is not offered.")


def _with(visit: Visit, shown: Shown, one: LeadCard) -> Press:
    named = Text("{name}", "desk", {"name": one.name})
    label = desk("{name}, {title}", name=one.name, title=one.title) if one.title else named
    return visit.press(label, "sharewith", about(shown, mark(one.id)))


async def chosen(visit: Visit, ask: Ask) -> None:
    """Begin with that partner."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    to = marked(known.partners, ask)
    if to is None:
        await _show(visit, shown)
        return
    await _next(visit, shown, UnsentShare(shown.case, to, parts.last(shown), known.tells_child))


async def _unsent(visit: Visit, ask: Ask) -> tuple[Shown, UnsentShare] | None:
    """The case on the screen, and what is put together of it; None, and the first screen is shown, without that."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    unsent = visit.place.sharing
    if unsent is None or unsent.case != shown.case:
        await _show(visit, shown)
        return None
    return shown, unsent


async def _next(visit: Visit, shown: Shown, unsent: UnsentShare, *first: Text) -> None:
    """Keep it, and ask for what is missing; where nothing is, show it as she will see it."""
    visit.place.sharing, visit.place.loose, visit.place.asking = unsent, None, None
    if not unsent.purpose:
        said = desk("Why is it shared with {name}? Type the purpose; she reads it.", name=unsent.to.name)
        await prompts.for_text(visit, "sharewhy", shown, *first, said)
    elif not unsent.question:
        said = desk("What do you ask {name} to do? Type one or two sentences.", name=unsent.to.name)
        await prompts.for_text(visit, "sharefor", shown, *first, said)
    elif not unsent.parted:
        await parts.ask(visit, shown, unsent, *first)
    elif unsent.basis is None:
        bases = tuple((share_labels.BASIS[one], "basis", one) for one in BASES)
        await prompts.by_buttons(visit, shown, bases, *first, desk("On what basis is it shared?"))
    elif unsent.told is None:
        await terms.ask_told(visit, shown, unsent, *first)
    elif unsent.told == "unsafe" and not unsent.why:
        said = desk("Type why it is not safe to tell the child now. It stays in the case.")
        await prompts.for_text(visit, "unsafe", shown, *first, said)
    elif unsent.until is None:
        await terms.ask_until(visit, shown, *first)
    else:
        await preview.show(visit, shown, unsent, unsent.until)


async def why(visit: Visit, ask: Ask) -> None:
    """Ask for the purpose anew."""
    found = await _unsent(visit, ask)
    if found is not None:
        await _next(visit, found[0], replace(found[1], purpose=""))


async def why_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the purpose."""
    found = await _unsent(visit, ask)
    if found is not None:
        await _next(visit, found[0], replace(found[1], purpose=_fitting(text)), *_too_long(text))


async def question(visit: Visit, ask: Ask) -> None:
    """Ask anew for what is asked of her."""
    found = await _unsent(visit, ask)
    if found is not None:
        await _next(visit, found[0], replace(found[1], question=""))


async def question_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take what is asked of her."""
    found = await _unsent(visit, ask)
    if found is not None:
        await _next(visit, found[0], replace(found[1], question=_fitting(text)), *_too_long(text))


async def choose_parts(visit: Visit, ask: Ask) -> None:
    """Ask for the parts anew, with those that are chosen already; or take them as they are shown."""
    found = await _unsent(visit, ask)
    if found is None:
        return
    shown, unsent = found
    agreed = bool(ask.argument)
    nothing = agreed and not parts.copied(visit, shown, unsent)
    said = (desk("Nothing is left of it. Choose at least one part that is not blacked out as a whole."),)
    await _next(visit, shown, replace(unsent, parted=agreed and not nothing), *(said if nothing else ()))


async def parts_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take numbers, which go in and out, or words that are blacked out."""
    found = await _unsent(visit, ask)
    if found is not None:
        await _next(visit, found[0], parts.with_typed(found[1], text))


async def basis(visit: Visit, ask: Ask) -> None:
    """Take the basis."""
    found = await _unsent(visit, ask)
    if found is not None:
        chosen: Basis | None = next((one for one in BASES if one == ask.argument), None)
        await _next(visit, found[0], replace(found[1], basis=chosen))


async def told(visit: Visit, ask: Ask) -> None:
    """Take whether the child knows."""
    found = await _unsent(visit, ask)
    if found is not None:
        one: ChildTold | None = next((one for one in share_labels.CHILD_TOLD if one == ask.argument), None)
        await _next(visit, found[0], replace(found[1], told=one, why=""))


async def unsafe(visit: Visit, ask: Ask) -> None:
    """Ask anew why the child is not told."""
    found = await _unsent(visit, ask)
    if found is not None:
        await _next(visit, found[0], replace(found[1], why=""))


async def unsafe_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take why the child is not told."""
    found = await _unsent(visit, ask)
    if found is not None:
        await _next(visit, found[0], replace(found[1], why=_fitting(text)), *_too_long(text))


async def until(visit: Visit, ask: Ask) -> None:
    """Take the number of days; or ask for another day, or for all of it anew."""
    found = await _unsent(visit, ask)
    if found is None:
        return
    shown, unsent = found
    if ask.argument == terms.OTHER:
        await terms.ask_day(visit, shown)
    elif ask.argument in {str(days) for days in terms.DAYS}:
        await _next(visit, shown, replace(unsent, until=visit.now() + timedelta(days=int(ask.argument))))
    else:
        await _next(visit, shown, replace(unsent, until=None))


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take the last day; one that does not do is asked for again."""
    found = await _unsent(visit, ask)
    if found is None:
        return
    shown, unsent = found
    ends = terms.end_of(visit, shown, text)
    if ends is None:
        await terms.ask_day(visit, shown, desk("That is no day within the next 90 days."))
        return
    await _next(visit, shown, replace(unsent, until=ends))


async def send(visit: Visit, ask: Ask) -> None:
    """Share it as it was shown."""
    found = await _unsent(visit, ask)
    if found is None:
        return
    shown, unsent = found
    if unsent.until is None or unsent.basis is None or unsent.told is None or not unsent.parted:
        await _next(visit, shown, unsent)
        return
    content = preview.content(visit, shown, unsent, unsent.until)
    numbers = tuple(sorted(unsent.chosen))
    deed = Share(unsent.to.id, content, numbers, unsent.upto, unsent.basis, unsent.told, unsent.why)
    done = await visit.act(shown, deed)
    visit.place.sharing = None
    said = desk("Shared with {name}. You are told when there is an answer.", name=unsent.to.name)
    await case_card.changed(visit, done, said)


async def take_back(visit: Visit, ask: Ask) -> None:
    """Destroy the key of a share."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    wanted, version = ShareId(ask.argument), shown.view.row.version
    shares = visit.store.desk.shares
    done = await shares.take_back(visit.session(), visit.arrival, shown.case, version, wanted)
    await case_card.changed(visit, done, desk("Taken back: its key is destroyed. What was read stays read."))


def _fitting(text: str) -> str:
    """The words, or nothing where they are too long."""
    return text.strip() if len(text.strip()) <= LONGEST_WORDS else ""


def _too_long(text: str) -> tuple[Text, ...]:
    if _fitting(text):
        return ()
    return (desk("That is too long: at most {count} characters, please.", count=LONGEST_WORDS),)
