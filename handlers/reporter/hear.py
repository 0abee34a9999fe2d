"""Something that may answer the question on the screen: one step, one commit, then the next question.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.conversation import danger, engine
from flows.conversation.results import StepResult
from flows.drafts.trusted_adult import findable, names_adult
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, more_screen
from flows.screens.help import help_screen
from flows.values.deeds import SendConcern
from flows.values.draft import Draft, Wrote, careful, is_quiet, new_sitting, stays_readable
from flows.values.inputs import Heard, Pressed, Sent, Typed
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.reporter import tidy, welcome
from handlers.reporter.after_sending import files, first_return, receipt, talk
from handlers.reporter.chat import static_screens, talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import again
from handlers.reporter.send import send
from handlers.telegram.send_queue import SentMessage
from storage.values.errors import AlreadySeen


async def hear(answerer: Answerer, scene: ChatScene, heard: Heard) -> None:
    """Take what was heard as the next step of what is open here; where nothing is, say kindly what can be done.

    After ten quiet minutes nothing older is shown with the next question of an unsent draft. It takes this update's one
    turn: the step is committed, and only then answered.

    Raises:
        AlreadySeen: The update was committed before; nothing is said.
        Conflict: The draft, or the case, was changed at the same moment; nothing was done.
    """
    if scene.talk is not None and scene.talk.taken_down is not None:
        held = await first_return.before_hearing(answerer, scene, heard)
        if held is None:
            return
        scene = held
    draft = scene.draft
    if not scene.begun:
        await _outside(answerer, scene, heard)
    elif draft is None and isinstance(heard, Pressed) and heard.key == "help":
        await help_now(answerer, scene)
    elif draft is None:
        await talk.closed(answerer, scene)
    else:
        if scene.talk is None and is_quiet(draft, scene.situation):
            draft = new_sitting(draft, scene.situation)
        if scene.situation.files:
            scene = files.after_words(scene, heard)
        await _take(answerer, scene, draft, engine.step(scene.flows, draft, heard, scene.situation))


async def _take(answerer: Answerer, scene: ChatScene, draft: Draft, stepped: StepResult) -> None:
    """Commit a step from `draft`, and only then answer it."""
    now = stepped.draft or draft
    if scene.talk is not None:
        if not await talk.append(answerer, scene, scene.talk, stepped):
            return
        now = draft
    elif scene.kept is not None and any(isinstance(deed, SendConcern) for deed in stepped.deeds):
        await send(answerer, scene, scene.kept, draft, stepped)
        return
    elif scene.kept is not None and stepped.draft is not None:
        await answerer.keep(scene, stepped.draft, scene.kept.definition)
        _note_words(scene, draft, stepped.draft)
    else:
        await answerer.deps.store.drafts.drop(scene.arrival, scene.kept)
    await _answer(answerer, scene, now, stepped.said, waits=engine.may_wait(draft, stepped))


def _note_words(scene: ChatScene, before: Draft, now: Draft) -> None:
    """Remember which words this message holds, for the case that it is edited."""
    message = scene.arrival.message_id
    for step, answer in now.answers.items():
        if message is not None and isinstance(answer, Wrote) and answer != before.answers.get(step):
            scene.state.note_written(message, step, len(answer.words) - 1)


async def _answer(answerer: Answerer, scene: ChatScene, draft: Draft, said: Sequence[Screen], *, waits: bool) -> None:
    """Say what a step said; where others may see the device, the answered pair goes away.

    On the page of somebody who is alone the question that was answered stays above the next one.
    """
    scene.state.present = True
    stays = scene.situation.door == "web" and stays_readable(draft)
    if stays:
        said = tuple(replace(screen, private=True) for screen in said)
    moved = scene.draft is None or scene.draft.cursor != draft.cursor
    before, typed = scene.state.live, scene.arrival.message_id
    stood = scene.draft is not None and stays_readable(scene.draft)

    async def after(_: SentMessage) -> None:
        if careful(draft):
            listed = await answerer.deps.store.sent_messages.ids(scene.address) if stood else ()
            await tidy.wipe(answerer, scene, (*listed, before, typed))

    await answerer.answer(scene, said, replace=not (stays and moved), waits=waits, after=after)
    if careful(draft) and scene.state.live == before:  # what was written does not wait for an answer that has to
        await tidy.wipe(answerer, scene, (typed,))


NOT_FOUND = Text("You changed an earlier message. Please write it again as a new one, so that it counts.")


async def edited(answerer: Answerer, scene: ChatScene, text: str) -> Heard | None:
    """Put the new version of a message in place of the old words in a draft; for an open concern, give it to be heard.

    Where nobody knows any more which words the message held, the person is asked to write them anew. The words to come
    back are taken for what they are.
    """
    rest = await receipt.take_unasked(answerer, scene, text)
    if rest is None:
        return None
    if scene.talk is not None:
        return Typed(rest)
    message = scene.arrival.message_id
    where = scene.state.written.get(message) if message is not None else None
    if where is None or scene.kept is None or scene.draft is None:
        await again(answerer, scene, NOT_FOUND)
        return None
    stepped = engine.reworded(scene.flows, scene.draft, scene.situation, step=where[0], index=where[1], text=rest)
    await _take(answerer, scene, scene.draft, stepped)
    return None


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
    help_first = danger.help_for(scene.flows, text, scene.situation)
    first = () if help_first is None else (help_first,)
    if scene.state.talked:
        await answerer.answer(scene, (*first, talk_screens.over()), waits=not first)
    elif scene.state.present or scene.state.live is not None:  # or it was greeted before a restart
        await welcome.greet(answerer, scene, *first, kind=static_screens.not_kept(scene.situation))
    else:
        await welcome.greet(answerer, scene, *first)
    await answerer.deps.store.seen(scene.arrival)


async def help_now(answerer: Answerer, scene: ChatScene) -> None:
    """The numbers to call and the adult to find, from anywhere; the update is committed as seen first.

    Where that fails the dispatcher shows the same numbers, from memory.
    """
    await answerer.deps.store.seen(scene.arrival)
    draft = scene.draft
    known = scene.situation if draft is None else findable(scene.situation, draft)
    await answerer.answer(scene, (help_screen(known, worried=False, register=draft.register if draft else None),))
