"""The words to come back: typed, tapped, or typed where nobody asked, then deleted and kept nowhere (decision 16).

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from flows.conversation.danger import help_for
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.reporter import tidy
from handlers.reporter.after_sending.talk import look, screens
from handlers.reporter.chat import first_return_screens, talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import after, again
from handlers.telegram.updates import Button, Command, Wrote
from storage.reporters.session import TalkSession
from storage.sealing.receipts.reading import find_receipt, find_slip
from storage.sealing.receipts.receipt import Slip
from storage.values.errors import AlreadySeen, Crowded, Throttled

#: Something was said beside the words: who reads it is known only now, so it was not taken.
_REST = Text("You wrote more than your words. I did not pass that on. You can write it again now.")


async def ask_receipt(answerer: Answerer, scene: ChatScene) -> None:
    """`/return`: the next text is taken for the words, whatever else it may be; a restart forgets that."""
    await answerer.deps.store.seen(scene.arrival)
    scene.state.asked_words = True
    await answerer.answer(scene, (talk_screens.ask_words(),))


async def come_back(answerer: Answerer, scene: ChatScene, words: str) -> None:
    """Open what the words or the button's token stand for, and show how far it is.

    The message that held the words is deleted whatever they were.
    """
    scene.state.present = True
    try:
        found = await answerer.deps.store.talks.open(scene.arrival, words)
    except (Throttled, Crowded) as refusal:
        page = talk_screens.crowded() if isinstance(refusal, Crowded) else talk_screens.too_many()
        await answerer.answer(scene, (*_danger(scene, words), page))
        await tidy.wipe(answerer, scene, (scene.arrival.message_id,))
        return
    if found is None or isinstance(found, Slip):
        page = talk_screens.unknown() if found is None else talk_screens.slip(found)
        scene.state.asked_words = found is not None
        if found is not None and isinstance(scene.incoming.what, Button):  # nobody mistypes what a button holds
            answerer.deps.store.note_refused()
        await answerer.answer(scene, (*_danger(scene, words), page))
    else:
        scene.state.asked_words = False
        await _show(answerer, scene, found, words)
    await tidy.wipe(answerer, scene, (scene.arrival.message_id,))


def _danger(scene: ChatScene, words: str) -> tuple[Screen, ...]:
    """The help screen first, if what came instead of the words calls for it."""
    found = help_for(scene.flows, words, scene.situation)
    return () if found is None else (found,)


async def _show(answerer: Answerer, scene: ChatScene, talk: TalkSession, words: str) -> None:
    scene.state.talked = scene.state.present = True
    if talk.taken_down is not None:  # what is read of it is read once that is answered
        first, *more = first_return_screens.is_this_it(talk.taken_down, talk.register)
    else:
        first, *more = screens(answerer, talk, *await look(answerer, scene, talk))
    beside = find_receipt(words)
    if beside is not None and beside.rest:
        first = after((_REST,), first)
    await answerer.answer(scene, (*_danger(scene, words), first, *more))


_THEIRS = Text("Those were your words to come back. I took them off the screen. I did not pass them on.")
_HOW = Text("To open what you sent before, write /return first.")
_ALMOST = Text("That looked like your words to come back. I took it off the screen. I did not pass it on.")
_IF_NOT = Text("If it was something else, please write it again in a sentence.")


async def take_unasked(answerer: Answerer, scene: ChatScene, text: str) -> str | None:
    """Take a receipt, or what is one but for a slip, out of a text, and return what else was said in it.

    That is `text` itself where it holds neither, and nothing is done; and None where nothing is left to be heard.

    Raises:
        AlreadySeen: It was taken before.
    """
    found = find_receipt(text)
    if found is None and find_slip(text) is None:
        return text
    if scene.state.asked_words or not scene.begun:
        await come_back(answerer, scene, text)
    elif found is None:
        await _set_aside(answerer, scene, _ALMOST, _IF_NOT)
    elif not found.rest:
        await _set_aside(answerer, scene, _THEIRS, _HOW)
    else:
        if await answerer.deps.store.is_seen(scene.arrival):
            raise AlreadySeen
        await _delete(answerer, scene)
        await answerer.answer(scene, (Screen((_THEIRS,)),))
        return found.rest
    return None


async def delete_if_secret(answerer: Answerer, scene: ChatScene) -> None:
    """Delete what came if it holds a receipt or nearly one: whoever took it may not have come so far.

    It looks into commands and captions too, and is of no effect where the message is gone already.
    """
    what = scene.incoming.what
    text = what.text if isinstance(what, Wrote | Command) else scene.incoming.caption
    if find_receipt(text) is not None or find_slip(text) is not None:
        await _delete(answerer, scene)


async def _set_aside(answerer: Answerer, scene: ChatScene, *said: Text) -> None:
    await again(answerer, scene, *said)
    await _delete(answerer, scene)


async def _delete(answerer: Answerer, scene: ChatScene) -> None:
    await tidy.wipe(answerer, scene, (scene.arrival.message_id,))
