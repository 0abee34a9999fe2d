"""The first return of somebody whose words a lead took down: is this what you said, and words of their own.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from dataclasses import replace

from flows.values.inputs import Heard, Pressed, Typed
from handlers.reporter.after_sending import talk
from handlers.reporter.chat import first_return_screens, talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import after, again
from handlers.reporter.send import then_shown, with_copy
from storage.reporters.first_return import Confirmed
from storage.values.errors import SessionOver


async def answered(answerer: Answerer, scene: ChatScene, answer: Confirmed) -> None:
    """The buttons [Yes] and [Not quite]: the answer is kept, the new words are shown, and then how far it is.

    It takes this update's one turn; nothing is said before it is committed. One that asks for nothing any more gets the
    current screen.
    """
    open_talk = scene.talk
    if open_talk is None or open_talk.taken_down is None:
        await again(answerer, scene)
        return
    if not await _confirm(answerer, scene, answer):
        return
    first, *more = talk.screens(answerer, open_talk, *await talk.look(answerer, scene, open_talk))
    own = () if answer == "yes" else (first_return_screens.own_words(open_talk.register),)
    await answerer.answer(scene, (first, *more[:-1], after(own, more[-1])))


async def before_hearing(answerer: Answerer, scene: ChatScene, heard: Heard) -> ChatScene | None:
    """Hold what comes before the question is answered; the scene to go on with, or None once it is dealt with.

    Somebody who writes instead of tapping says it in their own words: then it is not quite what was taken down. Help is
    there as always.
    """
    if scene.talk is None or scene.talk.taken_down is None:
        return scene
    if isinstance(heard, Typed):
        own = replace(scene.incoming, arrival=replace(scene.arrival, update_id=-scene.arrival.update_id))
        if not await _confirm(answerer, replace(scene, incoming=own), "not_quite"):
            return None
        await talk.look(answerer, scene, scene.talk)
        return replace(scene, draft=scene.talk.draft, flows=answerer.versions.flows)
    if isinstance(heard, Pressed) and heard.key == "help":
        return scene
    await again(answerer, scene)
    return None


async def _confirm(answerer: Answerer, scene: ChatScene, answer: Confirmed) -> bool:
    """Keep the answer, and show the new words; false where the talk is over, and that is said."""
    if scene.talk is None:
        return False
    try:
        renewed = await answerer.deps.store.first_return.confirm(
            scene.arrival, scene.talk, answer, scene.translator.language
        )
    except SessionOver:
        await answerer.answer(scene, (talk_screens.over(),))
        return False
    scene.state.talked = scene.state.present = True
    then = then_shown(answerer, scene.address, scene.state, renewed.pending)
    await answerer.debouncer.cancel_pending(scene.address)
    answerer.receipts.begin(renewed.pending)
    screen = with_copy(first_return_screens.new_words(renewed.words))
    await answerer.sender.say(scene.address, (screen,), scene.translator, then=then)
    return True
