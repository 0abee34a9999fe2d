"""`/share`: a part of a case for a partner, put together one question a screen; nothing is ticked before it is typed.

What is asked next is whatever is missing; then it is shown as she will see it, and sent. See decision 36.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from flows.values.screen import Press, Screen
from flows.values.text import Text, stacked
from handlers.desk.case import case_card, shared
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.casework.actions.status import clocks_of
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.unsent import UnsentShare
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording import share_labels
from handlers.desk.chat.wording.table_lines import of_partner
from handlers.desk.partnership.sharing import parts, preview, terms
from storage.deeds.sharing.share import Share, ShareProposed
from storage.desk.partnership.sharing.case_shares import CaseSharing
from storage.values.shares import BASES, OfferedPartner, Outside, ShareId

#: Shares that can be taken back on one screen, and partners that are offered on it.
_SHOWN: Final = 12
_PARTNERS: Final = 40
#: Characters of a share's id by which its round table is found.
_MARK: Final = 8


async def share(visit: Visit, ask: Ask) -> None:
    """Show what of a case is shared, and ask with whom a part of it is to be."""
    shown = await read_whole(visit, "share", ask)
    if shown is not None:
        await _show(visit, shown)


async def read_whole(visit: Visit, verb: str, ask: Ask) -> Shown | None:
    """Give the case for `verb`, opened anew where something was done to it since; None while words of it are unread."""
    shown = await prompts.case_for(visit, verb, ask)
    if shown is None:
        return None
    visit.place.sharing = None
    if parts.last(shown) != shown.view.row.entries:
        shown = await case_card.look(visit, shown.reference)
    return None if await prompts.words_first(visit, shown) else shown


async def _show(visit: Visit, shown: Shown, *first: Text) -> None:
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    names = {str(one.id): one.name for one in await visit.store.leads.roster()}
    said = list(first)
    for one in known.shares:
        name = names.get(one.to, "?")
        said.append(shared.one_line(name, one.until, one.state))
        if one.state != "ended":
            said += of_partner(shown.view.of_partners.get(one.id, ()), name, visit.now().date())
    live = [one for one in known.shares if one.state != "ended"][-_SHOWN:]
    backs = tuple(
        (visit.press(desk("Take back: {name}", name=names.get(one.to, "?")), "takeback", about(shown, one.id)),)
        for one in live
    )
    offered = {one.card.id for one in known.partners}
    tables = tuple(
        (visit.press(desk("Round table: {name}", name=names.get(one.to, "?")), "shtab", about(shown, one.id[:_MARK])),)
        for one in live
        if one.to in offered
    )
    me = visit.session().lead.id
    said += [_proposal(one, names) for one in known.proposed]
    looks = tuple((_look(visit, shown, one, names),) for one in known.proposed if one.by != me)
    said.append(_who_is_offered(known))
    rows = tuple((_with(visit, shown, one),) for one in known.partners[:_PARTNERS])
    await visit.show(Screen(tuple(said), (*looks, *rows, *tables, *backs, prompts.back(visit, shown))))


def _proposal(one: ShareProposed, names: Mapping[str, str]) -> Text:
    by, name = names.get(one.by, "?"), names.get(one.deed.to, "?")
    return desk("⚠ {by} would share a part with {name}. That takes a second lead.", by=by, name=name)


def _look(visit: Visit, shown: Shown, one: ShareProposed, names: Mapping[str, str]) -> Press:
    label = desk("Look at it: {name}", name=names.get(one.deed.to, "?"))
    return visit.press(label, "sharelook", about(shown, one.deed.meaning))


def _who_is_offered(known: CaseSharing) -> Text:
    if not known.partners:
        return desk("There is nobody to share it with. Partners are invited with /partners.")
    said = desk("With whom? Whom the reporter left out is not offered.")
    if not any(one.two for one in known.partners):
        return said
    two = desk("👥 takes two of you: the words name that person, or it is somebody who lives among families.")
    return stacked([said, two])


def _with(visit: Visit, shown: Shown, one: OfferedPartner) -> Press:
    return visit.press(label_of(one), "sharewith", about(shown, mark(one.card.id)))


def label_of(one: OfferedPartner) -> Text:
    """Name and job of a partner, with a mark where sharing with her takes two."""
    card = one.card
    named = Text("{name}", "desk", {"name": card.name})
    label = desk("{name}, {title}", name=card.name, title=card.title) if card.title else named
    return Text("👥 {label}", "desk", {"label": label}) if one.two else label


async def chosen(visit: Visit, ask: Ask) -> None:
    """Begin with that partner."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    to = marked([one.card for one in known.partners], ask)
    if to is None:
        await _show(visit, shown)
        return
    two = any(one.two for one in known.partners if one.card.id == to.id)
    await ask_next(visit, shown, UnsentShare(shown.case, to, parts.last(shown), known.tells_child, two=two))


async def unsent_of(visit: Visit, ask: Ask) -> tuple[Shown, UnsentShare] | None:
    """The case on the screen, and what is put together of it; None, and the first screen is shown, without that."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    unsent = visit.place.sharing
    if unsent is None or unsent.case != shown.case:
        await _show(visit, shown)
        return None
    return shown, unsent


async def ask_next(visit: Visit, shown: Shown, unsent: UnsentShare, *first: Text) -> None:
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
    elif isinstance(unsent.to, Outside):
        await preview.show_text(visit, shown, unsent, *first)
    elif unsent.until is None:
        await terms.ask_until(visit, shown, *first)
    else:
        visit.place.sharing = unsent = replace(unsent, answer_by=_wanted(visit, shown, unsent.until))
        await preview.show(visit, shown, unsent, *first)


def _wanted(visit: Visit, shown: Shown, until: datetime) -> datetime | None:
    """By when an answer is wanted: by the clock that the case has for a first action, if it began now."""
    row = shown.view.row
    by = clocks_of(visit, row.site, row.urgency).act_by
    return None if by is None else min(by, until)


async def send(visit: Visit, ask: Ask) -> None:
    """Share it as it was shown; where that takes two, a fresh code is asked for first."""
    found = await unsent_of(visit, ask)
    if found is None:
        return
    shown, unsent = found
    deed = preview.deed(visit, shown, unsent)
    if deed is None or (unsent.answer_by is not None and unsent.answer_by <= visit.now()):
        await ask_next(visit, shown, unsent)
        return
    if unsent.two:
        said = desk("{reference}: a part of it for {name}.", reference=shown.reference, name=unsent.to.name)
        await second_word.ask(visit, "sharesend", ask, "", Screen((said,), (prompts.back(visit, shown),)))
        return
    await _send(visit, shown, unsent, deed)


async def confirmed(visit: Visit, ask: Ask, _: str) -> None:
    """Say one's word for what takes two, after a fresh code."""
    found = await unsent_of(visit, ask)
    if found is None:
        return
    shown, unsent = found
    deed = preview.deed(visit, shown, unsent)
    if deed is not None:
        await _send(visit, shown, unsent, deed)


async def _send(visit: Visit, shown: Shown, unsent: UnsentShare, deed: Share) -> None:
    done = await visit.act(shown, deed)
    visit.place.sharing = None
    said = desk("Shared with {name}. You are told when there is an answer.", name=unsent.to.name)
    if unsent.two:
        said = desk("Yours is noted. A second lead has to say so too within a day: /share")
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
