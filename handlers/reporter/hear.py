"""Something that may answer the question on the screen: given to the draft, to the open concern, or to neither."""

from __future__ import annotations

from flows.conversation import engine
from flows.drafts.trusted_adult import findable, names_adult
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, more_screen
from flows.screens.help import help_screen
from flows.values.inputs import Heard, Pressed, Sent, Typed
from handlers.reporter import talk, welcome
from handlers.reporter.chat import static_screens, talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import again
from handlers.reporter.questions import ask
from storage.values.errors import AlreadySeen


async def hear(answerer: Answerer, scene: ChatScene, heard: Heard) -> None:
    """Hand over what was heard; where nothing is open, say kindly what can be done."""
    if scene.talk is not None:
        await talk.hear(answerer, scene, scene.talk, heard)
    elif scene.kept is not None and scene.draft is not None and scene.begun:
        await ask(answerer, scene, scene.kept, scene.draft, heard)
    else:
        await _outside(answerer, scene, heard)


async def _outside(answerer: Answerer, scene: ChatScene, heard: Heard) -> None:
    match heard:
        case Pressed(step, "help") if step == ANYWHERE:
            await help_now(answerer, scene)
        case Pressed(step, "more") if step == ANYWHERE:
            await answerer.deps.store.seen(scene.arrival)
            await answerer.answer(scene, (more_screen(),), waits=True)
        case Pressed(step, "carry_on") if step == ANYWHERE and not scene.state.talked:
            await welcome.carry_on(answerer, scene)
        case Typed(text):
            await _said_outside(answerer, scene, text)
        case Sent(kind):
            await again(answerer, scene, say.NOT_WORDS.get(kind, say.ONLY_WORDS))
        case _:
            await answerer.deps.store.seen(scene.arrival)
            await answerer.answer(scene, (talk_screens.over(),))


async def _said_outside(answerer: Answerer, scene: ChatScene, text: str) -> None:
    """Words before the first question, or after the end: danger is seen, and nothing is dropped in silence.

    The update is committed only afterwards: nothing tells later what became of these words, so after a kill it is said
    again.

    Raises:
        AlreadySeen: It was said before, or the words went into a concern that was open then.
    """
    if await answerer.deps.store.is_seen(scene.arrival):
        raise AlreadySeen
    scene.state.doubted = scene.state.doubted or names_adult(scene.situation, text)
    help_first = engine.help_for(scene.flows, text, scene.situation)
    danger = () if help_first is None else (help_first,)
    if scene.state.talked:
        await answerer.answer(scene, (*danger, talk_screens.over()), waits=not danger)
    elif scene.state.present or scene.state.live is not None:  # or it was greeted before a restart
        await welcome.greet(answerer, scene, *danger, kind=static_screens.not_kept(scene.situation))
    else:
        await welcome.greet(answerer, scene, *danger)
    await answerer.deps.store.seen(scene.arrival)


async def help_now(answerer: Answerer, scene: ChatScene) -> None:
    """The numbers to call and the adult to find, from anywhere."""
    await answerer.deps.store.seen(scene.arrival)
    draft = scene.draft
    known = scene.situation if draft is None else findable(scene.situation, draft)
    await answerer.answer(scene, (help_screen(known, worried=False, register=draft.register if draft else None),))
