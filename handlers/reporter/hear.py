"""Something that may answer the question on the screen: given to the draft, to the open concern, or to neither."""

from __future__ import annotations

from typing import Final

from flows import engine
from flows import sentences as say
from flows.heard import Heard, Pressed, Sent, Typed
from flows.help_screen import help_screen
from flows.keys import ANYWHERE, more_screen
from flows.to_find import findable, names_adult
from handlers.reporter import begin, pages, talk, talk_pages
from handlers.reporter.again import again
from handlers.reporter.ask import ask
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side
from storage.refusals import AlreadySeen

#: The kind word before the current screen, where something came that is not text and nothing is being asked.
_KIND: Final = {
    "voice": say.NO_VOICE,
    "photo": say.NO_PICTURES,
    "video": say.NO_PICTURES,
    "document": say.NO_FILES,
}


async def hear(side: Side, scene: Scene, heard: Heard) -> None:
    """Hand over what was heard; where nothing is open, say kindly what can be done."""
    if scene.talk is not None:
        await talk.hear(side, scene, scene.talk, heard)
    elif scene.kept is not None and scene.draft is not None and scene.begun:
        await ask(side, scene, scene.kept, scene.draft, heard)
    else:
        await _outside(side, scene, heard)


async def _outside(side: Side, scene: Scene, heard: Heard) -> None:
    match heard:
        case Pressed(step, "help") if step == ANYWHERE:
            await help_now(side, scene)
        case Pressed(step, "more") if step == ANYWHERE:
            await side.deps.store.seen(scene.arrival)
            await side.answer(scene, (more_screen(),), waits=True)
        case Pressed(step, "carry_on") if step == ANYWHERE and not scene.mood.talked:
            await begin.carry_on(side, scene)
        case Typed(text):
            await _said_outside(side, scene, text)
        case Sent(kind):
            await again(side, scene, _KIND.get(kind, say.ONLY_WORDS))
        case _:
            await side.deps.store.seen(scene.arrival)
            await side.answer(scene, (talk_pages.over(),))


async def _said_outside(side: Side, scene: Scene, text: str) -> None:
    """Words before the first question, or after the end: danger is seen, and nothing is dropped in silence.

    The update is committed only afterwards: nothing tells later what became of these words, so after a kill it is said
    again.

    Raises:
        AlreadySeen: It was said before, or the words went into a concern that was open then.
    """
    if await side.deps.store.is_seen(scene.arrival):
        raise AlreadySeen
    scene.mood.doubted = scene.mood.doubted or names_adult(scene.known, text)
    help_first = engine.help_for(scene.flows, text, scene.known)
    danger = () if help_first is None else (help_first,)
    if scene.mood.talked:
        await side.answer(scene, (*danger, talk_pages.over()), waits=not danger)
    elif scene.mood.present or scene.mood.live is not None:  # or it was greeted before a restart
        await begin.greet(side, scene, *danger, kind=pages.not_kept(scene.known))
    else:
        await begin.greet(side, scene, *danger)
    await side.deps.store.seen(scene.arrival)


async def help_now(side: Side, scene: Scene) -> None:
    """The numbers to call and the adult to find, from anywhere."""
    await side.deps.store.seen(scene.arrival)
    draft = scene.draft
    known = scene.known if draft is None else findable(scene.known, draft)
    await side.answer(scene, (help_screen(known, worried=False, register=draft.register if draft else None),))
