"""Coming back with the words, typed or by the button that carries them."""

from __future__ import annotations

from flows.engine import help_for, more_questions
from flows.opening import reopened
from flows.screens import Screen
from flows.texts import Text
from handlers.reporter import talk_pages, tidy
from handlers.reporter.again import after
from handlers.reporter.reopen import may_notice
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side
from storage.refusals import Crowded, Throttled
from storage.sealing.receipt import Slip
from storage.sealing.receipt_reading import find_receipt
from storage.talking.session import TalkSession

#: Something was said beside the words: who reads it is known only now, so it was not taken.
_REST = Text("You wrote more than your words. I did not pass that on. You can write it again now.")


async def ask(side: Side, scene: Scene) -> None:
    """`/return`: the next text is taken for the words."""
    await side.deps.store.seen(scene.arrival)
    scene.mood.asked_words = True
    await side.answer(scene, (talk_pages.ask_words(),))


async def come_back(side: Side, scene: Scene, words: str) -> None:
    """Open what the words or the button's token stand for, and show how far it is.

    The message that held the words is deleted whatever they were.
    """
    scene.mood.present = True
    try:
        found = await side.deps.store.talks.open(scene.arrival, words)
    except (Throttled, Crowded) as refusal:
        page = talk_pages.crowded() if isinstance(refusal, Crowded) else talk_pages.too_many()
        await side.answer(scene, (*_danger(scene, words), page))
        await tidy.wipe(side, scene, (scene.arrival.message_id,))
        return
    if found is None or isinstance(found, Slip):
        page = talk_pages.unknown() if found is None else talk_pages.slip(found)
        scene.mood.asked_words = found is not None
        await side.answer(scene, (*_danger(scene, words), page))
    else:
        scene.mood.asked_words = False
        await _show(side, scene, found, words)
    await tidy.wipe(side, scene, (scene.arrival.message_id,))


def _danger(scene: Scene, words: str) -> tuple[Screen, ...]:
    """The help screen first, if what came instead of the words calls for it."""
    found = help_for(scene.flows, words, scene.known)
    return () if found is None else (found,)


async def _show(side: Side, scene: Scene, talk: TalkSession, words: str) -> None:
    scene.mood.talked = scene.mood.present = True
    seen = await side.deps.store.talks.view(talk)
    known = await side.known(scene.address, talk.site, scene.tongue)
    talk.draft = reopened(
        scene.flows,
        seen.register,
        known,
        answers=seen.answers,
        raised=seen.rules,
        sent_at=seen.sent_at,
        recipients=seen.recipients,
        messages=seen.messages,
    )
    scene.mood.doubt(known, talk.draft)
    questions = bool(more_questions(scene.flows, talk.draft, known).cursor)
    offer = may_notice(scene.flows, talk.draft, known)
    first, *more = talk_pages.view(seen, known, questions=questions, offer_notice=offer)
    beside = find_receipt(words)
    if beside is not None and beside.rest:
        first = after((_REST,), first)
    await side.answer(scene, (*_danger(scene, words), first, *more))
