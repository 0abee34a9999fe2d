"""Greeting, the site and the language: everything before the first question."""

from __future__ import annotations

from dataclasses import replace

from flows import engine, opening
from flows.draft import Draft
from flows.ids import Register, SiteId
from flows.screens import Screen
from flows.sentences import OLD_SCREEN
from flows.texts import Text
from handlers.chat import Wrote
from handlers.reporter import pages
from handlers.reporter.again import after, again, current
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side

#: How a site's deep link begins: `/start s-SITE`.
_LINK = "s-"


async def start(side: Side, scene: Scene, rest: str = "") -> None:
    """`/start`, alone or by a site's link: greet, or offer *Carry on / Start new* where something is open.

    A link never loses a draft: its site counts once the person starts anew.
    """
    linked = SiteId(rest.removeprefix(_LINK)) if rest.startswith(_LINK) else None
    site = linked if linked in side.deps.sites else None
    if site is not None:
        scene.mood.site = site
    if scene.begun:
        await side.deps.store.seen(scene.arrival)
        await _back(side, scene)
    elif site is not None and site != scene.known.site.id:
        await _lay(side, scene, site=site)
    else:
        await side.deps.store.seen(scene.arrival)
        await greet(side, scene)


async def greet(side: Side, scene: Scene, *first: Screen, kind: tuple[Text, ...] = (), replaced: bool = False) -> None:
    """Say the opening screen after `first`, with the sentences `kind` on it; the chat is present from here on."""
    scene.mood.present = True
    screens = (*first, after(kind, opening.opening(scene.known)))
    await side.answer(scene, screens, replace=replaced, waits=not first)


async def take_up(side: Side, scene: Scene) -> None:
    """What came was committed by an earlier life of the process, maybe without an answer: help first, then the way on.

    Where nothing stands in the chat any more, somebody left quickly or tidied up: nothing is said of what is begun.
    """
    what = scene.arrived.what
    help_first = engine.help_for(scene.flows, what.text, scene.known) if isinstance(what, Wrote) else None
    screens = () if help_first is None else (help_first,)
    if scene.begun and scene.mood.live is not None:
        if scene.draft is not None and scene.draft.interrupted:
            screens = (current(scene),)
        screens = (*screens, pages.welcome_back())
    if screens:
        scene.mood.present = True
        await side.answer(scene, screens)


async def new(side: Side, scene: Scene) -> None:
    """Discard the draft and leave the open concern, since the person asked for it, and greet."""
    await side.deps.store.drafts.drop(scene.arrival, scene.kept)
    side.deps.store.talks.leave(scene.address)
    scene.mood.talked = False
    if scene.draft is not None and scene.begun:
        scene.mood.doubt(scene.known, scene.draft)
    if scene.mood.site is None:
        scene.mood.site = scene.known.site.id
    await greet(side, await side.scene(scene.arrived), replaced=True)


async def ask_new(side: Side, scene: Scene) -> None:
    """`/new`: greet, or ask first where something would be lost."""
    await side.deps.store.seen(scene.arrival)
    if scene.begun:
        await _back(side, scene)
    else:
        await greet(side, scene)


async def carry_on(side: Side, scene: Scene) -> None:
    """Go on where the chat stands; a draft begins a new sitting, in which nothing written before is shown."""
    scene.mood.present = True
    if scene.draft is not None and scene.kept is not None and scene.talk is None:
        draft = opening.new_sitting(scene.draft, scene.known)
        await side.keep(scene, draft, scene.kept.definition)
        scene = replace(scene, draft=draft)
    else:
        await side.deps.store.seen(scene.arrival)
    await side.answer(scene, (current(scene),), replace=True)


async def register(side: Side, scene: Scene, chosen: Register) -> None:
    """Begin the conversation of the register, at the site and in the language that stand."""
    if scene.begun or not scene.known.roster:
        await again(side, scene, *(() if not scene.begun else (OLD_SCREEN,)))
        return
    book = side.deps.book
    draft = replace(opening.begin(book.flows, chosen, scene.known), doubted=scene.mood.doubted)
    await side.keep(scene, draft, book.text(draft.definition))
    scene.mood.present = True
    await side.answer(scene, (engine.current(book.flows, draft, scene.known),), replace=True)


async def language(side: Side, scene: Scene, tag: str) -> None:
    """Go on in the language `tag`, at the very question that stands."""
    if tag not in side.deps.tongues:
        await again(side, scene, OLD_SCREEN)
        return
    scene.mood.language = tag
    if scene.talk is None:
        await _lay(side, scene, language=tag)
        return
    await side.deps.store.seen(scene.arrival)
    fresh = await side.scene(scene.arrived)
    await side.answer(fresh, (current(fresh),), replace=True)


async def languages(side: Side, scene: Scene) -> None:
    """`/language`: all languages, each in its own name."""
    await side.deps.store.seen(scene.arrival)
    await side.answer(scene, (opening.languages(scene.known),), waits=True)


async def _lay(side: Side, scene: Scene, *, site: SiteId | None = None, language: str | None = None) -> None:
    """Keep the site or language that was chosen, so that a restart does not lose it, and show where we are."""
    now = scene.known.now
    old = scene.draft or Draft(None, scene.tongue.language, scene.known.site.id, "", now, now)
    draft = replace(old, site=site or old.site, language=language or old.language)
    text = scene.kept.definition if scene.kept else ""
    await side.keep(scene, draft, text)
    scene.mood.present = True
    fresh = await side.scene(scene.arrived)
    await side.answer(fresh, (current(fresh),), replace=language is not None)


async def _back(side: Side, scene: Scene) -> None:
    """Offer to carry on or to start anew, neutrally: nothing of what was written, and no topic."""
    scene.mood.present = True
    await side.answer(scene, (pages.welcome_back(),), waits=True)
