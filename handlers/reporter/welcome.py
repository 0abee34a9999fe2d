"""Everything before the first question: greeting, site, language, and `/privacy`.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then. It raises
`DefinitionError` too, where the text that a draft was begun with can no longer be read.
"""

from __future__ import annotations

from dataclasses import replace

from flows.conversation import danger, engine
from flows.screens import welcome
from flows.screens.copy import OLD_SCREEN
from flows.values.draft import Draft, new_sitting
from flows.values.ids import Register, SiteId
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.reporter.chat import static_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import after, again, current
from handlers.telegram.updates import Wrote

#: How a site's deep link begins: `/start s-SITE`.
_LINK = "s-"
#: Entries of the board on one screen.
_SHOWN = 5


async def start(answerer: Answerer, scene: ChatScene, rest: str = "") -> None:
    """`/start`, alone or by a site's link: greet, or offer *Carry on / Start new* where something is open.

    A link never loses a draft: its site counts once the person starts anew. One of no site is counted, and else none.
    """
    linked = SiteId(rest.removeprefix(_LINK)) if rest.startswith(_LINK) else None
    site = linked if linked in answerer.deps.sites else None
    if linked != site:
        answerer.deps.store.note_refused()
    if site is not None:
        scene.state.site = site
    if scene.begun:
        await answerer.deps.store.seen(scene.arrival)
        await _back(answerer, scene)
    elif site is not None and site != scene.situation.site.id:
        await _lay(answerer, scene, site=site)
    else:
        await answerer.deps.store.seen(scene.arrival)
        await greet(answerer, scene)


async def greet(
    answerer: Answerer, scene: ChatScene, *first: Screen, kind: tuple[Text, ...] = (), replaced: bool = False
) -> None:
    """Say the opening screen after `first`, with the sentences `kind` on it; the chat is present from here on.

    Nothing is committed by it: whoever calls it has done that, or does it afterwards.
    """
    scene.state.present = True
    screens = (*first, after(kind, welcome.opening(scene.situation)))
    await answerer.answer(scene, screens, replace=replaced, waits=not first)


async def take_up(answerer: Answerer, scene: ChatScene) -> None:
    """What came was committed by an earlier life of the process, maybe without an answer: help first, then the way on.

    Where nothing stands in the chat any more, somebody left quickly or tidied up: nothing is said of what is begun.
    """
    what = scene.incoming.what
    help_first = danger.help_for(scene.flows, what.text, scene.situation) if isinstance(what, Wrote) else None
    screens = () if help_first is None else (help_first,)
    if scene.begun and scene.state.live is not None:
        if scene.draft is not None and scene.draft.interrupted:
            screens = (current(scene),)
        screens = (*screens, static_screens.welcome_back())
    if screens:
        scene.state.present = True
        await answerer.answer(scene, screens)


async def new(answerer: Answerer, scene: ChatScene) -> None:
    """Discard the draft and leave the open concern, since the person asked for it, and greet.

    A sent concern stays as it is; only its receipt opens it again.
    """
    await answerer.deps.store.drafts.drop(scene.arrival, scene.kept)
    answerer.deps.store.talks.leave(scene.address)
    scene.state.talked = False
    if scene.draft is not None and scene.begun:
        scene.state.doubt(scene.situation, scene.draft)
    if scene.state.site is None:
        scene.state.site = scene.situation.site.id
    await greet(answerer, await answerer.scene(scene.incoming), replaced=True)


async def ask_new(answerer: Answerer, scene: ChatScene) -> None:
    """`/new`: greet, or ask first where something would be lost."""
    await answerer.deps.store.seen(scene.arrival)
    if scene.begun:
        await _back(answerer, scene)
    else:
        await greet(answerer, scene)


async def carry_on(answerer: Answerer, scene: ChatScene) -> None:
    """Go on where the chat stands; a draft begins a new sitting, in which nothing written before is shown.

    It takes this update's one turn, and raises `Conflict` where the draft was changed at the same moment.
    """
    scene.state.present = True
    if scene.draft is not None and scene.kept is not None and scene.talk is None:
        draft = new_sitting(scene.draft, scene.situation)
        await answerer.keep(scene, draft, scene.kept.definition)
        scene = replace(scene, draft=draft)
    else:
        await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (current(scene),), replace=True)


async def register(answerer: Answerer, scene: ChatScene, chosen: Register) -> None:
    """Begin the conversation of the register, at the site and in the language that stand.

    Where something is open already, or nobody can read at the site, the current screen is said again.
    """
    if scene.begun or not scene.situation.roster:
        await again(answerer, scene, *(() if not scene.begun else (OLD_SCREEN,)))
        return
    versions = answerer.versions
    draft = replace(welcome.begin(versions.flows, chosen, scene.situation), doubted=scene.state.doubted)
    await answerer.keep(scene, draft, versions.text(draft.definition))
    scene.state.present = True
    await answerer.answer(scene, (engine.current(versions.flows, draft, scene.situation),), replace=True)


async def language(answerer: Answerer, scene: ChatScene, tag: str) -> None:
    """Go on in the language `tag`, at the very question that stands."""
    if tag not in answerer.deps.translators:
        await again(answerer, scene, OLD_SCREEN)
        return
    scene.state.language = tag
    if scene.talk is None:
        await _lay(answerer, scene, language=tag)
        return
    await answerer.deps.store.seen(scene.arrival)
    fresh = await answerer.scene(scene.incoming)
    await answerer.answer(fresh, (current(fresh),), replace=True)


async def languages(answerer: Answerer, scene: ChatScene) -> None:
    """`/language`: all languages, each in its own name."""
    await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (welcome.languages(scene.situation),), waits=True)


async def _lay(
    answerer: Answerer, scene: ChatScene, *, site: SiteId | None = None, language: str | None = None
) -> None:
    """Keep the site or language that was chosen, so that a restart does not lose it, and show where we are."""
    now = scene.situation.now
    old = scene.draft or Draft(None, scene.translator.language, scene.situation.site.id, "", now, now)
    draft = replace(old, site=site or old.site, language=language or old.language)
    text = scene.kept.definition if scene.kept else ""
    await answerer.keep(scene, draft, text)
    scene.state.present = True
    fresh = await answerer.scene(scene.incoming)
    await answerer.answer(fresh, (current(fresh),), replace=language is not None)


async def _back(answerer: Answerer, scene: ChatScene) -> None:
    """Offer to carry on or to start anew, neutrally: nothing of what was written, and no topic."""
    scene.state.present = True
    await answerer.answer(scene, (static_screens.welcome_back(),), waits=True)


async def show_privacy(answerer: Answerer, scene: ChatScene) -> None:
    """Say the site's facts; nothing else changes."""
    await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (static_screens.privacy(scene.situation),), waits=True)


async def show_changed(answerer: Answerer, scene: ChatScene) -> None:
    """Say what stands on the site's board, the newest first; nothing else changes."""
    await answerer.deps.store.seen(scene.arrival)
    standing = answerer.deps.store.together.board.standing.get(scene.situation.site.id, ())[:_SHOWN]
    await answerer.answer(scene, (static_screens.changed([(one.said, one.did) for one in standing]),), waits=True)
