"""`/record`: a lead asks, and writes down the words of whoever sits in front of her; the same questions and readers.

It is the reporter's conversation, heard by the lead: the same steps, the same readers screen, the same sending. What is
begun is kept sealed until it is sent, thrown away, or lapses.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Final

from flows.conversation import engine, spoken
from flows.drafts.rulebook import Flows
from flows.duty.deadlines import cover
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import heard_from
from flows.values.deeds import SendConcern
from flows.values.draft import Draft
from flows.values.inputs import Changed, Heard, Pressed, Struck, Tapped, Typed
from flows.values.screen import Press, Row, Screen
from flows.values.situation import Situation
from flows.values.text import ENDONYMS, Text
from handlers.desk.casework.actions.status import clocks_of
from handlers.desk.casework.record import hand_over
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskSaid
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import REGISTER
from storage.values import Kept
from storage.values.errors import NoReaders

_SAME: Final = Text("")
#: Of the buttons of a conversation, those that a lead who hears somebody has no use for.
_NOT_HERE: Final = frozenset({"more"})
_BRIEF: Final = "brief"


async def record(visit: Visit, _: Ask) -> None:
    """Ask who is heard; where something is begun, whether it goes on."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    kept = await visit.store.recordings.get(visit.session())
    if kept is not None:
        rows: tuple[Row, ...] = (
            (visit.press(desk("Carry on"), "recordon", rank="main"),),
            (visit.press(desk("Throw it away"), "saiddrop"), visit.press(desk("Brief"), _BRIEF)),
        )
        await visit.show(Screen((desk("You have begun to take something down. It was not sent."),), rows))
        return
    choices = tuple((visit.press(REGISTER[name], "recordwho", Ask(argument=name)),) for name in spoken.REGISTERS)
    said = (
        desk("Who sits in front of you, or is on the telephone?"),
        desk("You ask, word for word as it stands here, and write the answers as they are said. Nothing of your own."),
        desk("If somebody is in danger now, act first, and write afterwards."),
    )
    await visit.show(Screen(said, (*choices, (visit.press(desk("Brief"), _BRIEF),))))


async def choose_language(visit: Visit, ask: Ask) -> None:
    """Ask in which language the person reads, for the words to come back; where there is one, begin."""
    if ask.argument not in spoken.REGISTERS:
        await record(visit, ask)
        return
    offered = (await _situation(visit)).site.languages
    if len(offered) < 2:
        only = offered[0] if offered else visit.translator.language
        await begin(visit, Ask(argument=f"{ask.argument}.{only}"))
        return
    choices = [visit.press(_language(tag), "recordin", Ask(argument=f"{ask.argument}.{tag}")) for tag in offered]
    rows = tuple(tuple(choices[start : start + 3]) for start in range(0, len(choices), 3))
    await visit.show(Screen((desk("Which language do they read? Their words to come back are in it."),), rows))


def _language(tag: str) -> Text:
    return Text("{language}", "desk", {"language": ENDONYMS.get(tag, tag)})


async def begin(visit: Visit, ask: Ask) -> None:
    """Begin, and ask the first question. The argument is the register and the language.

    It takes this update's one turn. What was begun before goes on instead.
    """
    named, _, language = ask.argument.partition(".")
    session = visit.session()
    kept = await visit.store.recordings.get(session)
    register = next((one for one in spoken.REGISTERS if one == named), None)
    if kept is not None or register is None or language not in visit.deps.translators:
        await record(visit, ask)
        return
    flows, situation = spoken.spoken(visit.deps.flows), await _situation(visit)
    if not situation.roster:
        await visit.show(Screen((desk("Nobody reads at your site yet."),), ((visit.press(desk("Brief"), _BRIEF),),)))
        return
    draft = spoken.begin(flows, register, situation, language)
    await _keep(visit, draft, None)
    await _show(visit, flows, draft, (engine.current(flows, draft, situation),))


async def carry_on(visit: Visit, _: Ask) -> None:
    """Show the question that stands, or what there is to begin with."""
    begun = await _begun(visit)
    if begun is None:
        await record(visit, Ask())
        return
    flows, draft = begun[1:]
    await _show(visit, flows, draft, (engine.current(flows, draft, await _situation(visit)),))


async def typed(visit: Visit, text: str) -> None:
    """Take what was said as the answer to the question on the screen."""
    await _hear(visit, Typed(text))


async def pressed(visit: Visit, ask: Ask) -> None:
    """Take a button of the conversation; its data is the argument. What is none shows the question again."""
    heard = heard_from(ask.argument)
    if isinstance(heard, Tapped | Pressed | Struck | Changed):
        await _hear(visit, heard)
    else:
        await carry_on(visit, ask)


async def end_questions(visit: Visit, _: Ask) -> None:
    """The button [That is enough]: the readers are next. It takes this update's one turn."""
    begun = await _begun(visit)
    if begun is None:
        await record(visit, Ask())
        return
    stored, flows, draft = begun
    situation = await _situation(visit)
    ended = spoken.ended(flows, draft, situation) if spoken.may_end(flows, draft) else draft
    await _keep(visit, ended, stored)
    await _show(visit, flows, ended, (engine.current(flows, ended, situation),))


async def throw_away(visit: Visit, _: Ask) -> None:
    """Delete what was begun; nothing is kept of it, and nobody reads it. It takes this update's one turn."""
    session = visit.session()
    await visit.store.recordings.drop(session, visit.arrival, await visit.store.recordings.get(session))
    await _gone(visit)


async def _hear(visit: Visit, heard: Heard) -> None:
    begun = await _begun(visit)
    if begun is None:
        await record(visit, Ask())
        return
    kept, flows, draft = begun
    stepped = engine.step(flows, draft, heard, await _situation(visit))
    if stepped.draft is None:
        await visit.store.recordings.drop(visit.session(), visit.arrival, kept)
        await _gone(visit)
        return
    deed = next((one for one in stepped.deeds if isinstance(one, SendConcern)), None)
    if deed is not None:
        await _send(visit, flows, deed, kept, draft)
        return
    await _keep(visit, stepped.draft, kept)
    await _show(visit, flows, stepped.draft, stepped.said)


async def _send(visit: Visit, flows: Flows, deed: SendConcern, kept: Kept, draft: Draft) -> None:
    """Send it, and offer the words. Where nobody remains who could open it, nothing is sent and the draft stays."""
    session = visit.session()
    clocks = clocks_of(visit, deed.site, deed.urgency)
    try:
        await visit.store.recordings.send(session, visit.arrival, deed, kept, clocks)
    except NoReaders:
        await _show(visit, flows, draft, (engine.current(flows, draft, await _situation(visit)),))
        return
    visit.place.asking = None
    await hand_over.offer(
        visit,
        desk("It is kept, and sent to those who had a tick. You read it only if you are one of them."),
        desk("Your name stands on it: taken down by {name}.", name=session.lead.name),
    )


async def _gone(visit: Visit) -> None:
    visit.place.asking = None
    said = desk("Nothing was sent, and what was written is gone.")
    await visit.show(Screen((said,), ((visit.press(desk("Brief"), _BRIEF),),)))


async def _begun(visit: Visit) -> tuple[Kept, Flows, Draft] | None:
    """What was begun, with the conversations as they are spoken: those of today, whatever they were then."""
    kept = await visit.store.recordings.get(visit.session())
    if kept is None:
        return None
    flows = spoken.spoken(visit.deps.flows)
    name = flows.of_register(kept.draft.register or "12_17").name
    return kept, flows, replace(kept.draft, definition=name)


async def _keep(visit: Visit, draft: Draft, kept: Kept | None) -> None:
    """Commit the draft with the name of its conversation. It takes this update's one turn."""
    text = json.dumps([draft.definition, "spoken"])
    bound = replace(draft, definition=sha256(text.encode()).hexdigest())
    await visit.store.recordings.keep(visit.session(), visit.arrival, bound, text, kept)


async def _situation(visit: Visit) -> Situation:
    """The world at the lead's own site, as a reporter's conversation may know it."""
    site = visit.deps.sites.get(visit.session().lead.site) or visit.deps.sites[visit.deps.home]
    offered = tuple(tag for tag in site.languages if tag in visit.deps.translators)
    now, language = visit.now(), visit.translator.language
    readers = await visit.store.leads.readers(site.id)
    practice = site.practice or site.id not in visit.store.live.standing.sites
    here = replace(site, languages=offered, practice=practice)
    covered = cover(visit.deps.hours.get(site.id), now)
    return Situation(now, language, visit.address.door, here, readers, covered)


async def _show(visit: Visit, flows: Flows, draft: Draft, screens: Iterable[Screen]) -> None:
    """Show screens of the conversation at the desk: read out by the lead, with the desk's own ways below."""
    visit.place.asking = AskSaid()
    *before, last = screens
    head = desk("Taking down · read out what stands here, and write what is said, word for word.")
    shown = [replace(one, rows=(), urgent=False) for one in before]
    rows = (*_rows(visit, last.rows), *_own_rows(visit, flows, draft))
    shown.append(replace(last, paragraphs=(head, *last.paragraphs), rows=rows, urgent=False))
    await visit.show(*shown)


def _rows(visit: Visit, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The buttons of a conversation as buttons of this desk, without those that are of no use here."""
    changed = (tuple(_pressed(visit, one) for one in row if isinstance(one, Press) and _is_here(one)) for row in rows)
    return tuple(row for row in changed if row)


def _is_here(press: Press) -> bool:
    heard = heard_from(press.data)
    if isinstance(heard, Pressed):
        return heard.key not in _NOT_HERE
    return isinstance(heard, Tapped | Struck | Changed)


def _pressed(visit: Visit, press: Press) -> Press:
    wrapped = visit.press(_SAME, "said", Ask(argument=press.data), press.rank or buttons.rank(press.data))
    return replace(wrapped, label=press.label, checked=press.checked)


def _own_rows(visit: Visit, flows: Flows, draft: Draft) -> tuple[Row, ...]:
    enough = ((visit.press(say.ENOUGH, "saidenough"),),) if spoken.may_end(flows, draft) else ()
    return (*enough, (visit.press(desk("Put it aside"), _BRIEF), visit.press(desk("Throw it away"), "saiddrop")))
