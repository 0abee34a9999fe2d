"""The questions before sending: one step, one commit, then the next question; an edited message is a new version."""

from __future__ import annotations

from flows.conversation import engine
from flows.conversation.rate_limit import may_wait
from flows.conversation.results import StepResult
from flows.screens.welcome import is_quiet, new_sitting
from flows.values.deeds import SendConcern
from flows.values.draft import Draft, Wrote
from flows.values.inputs import Heard, Typed
from flows.values.text import Text
from handlers.reporter import receipt, talk, tidy
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import again
from handlers.reporter.send import send
from storage.values import Kept


async def ask(answerer: Answerer, scene: ChatScene, kept: Kept, draft: Draft, heard: Heard) -> None:
    """Take what was heard as the draft's next step; after ten quiet minutes nothing older is shown with it."""
    if is_quiet(draft, scene.situation):
        draft = new_sitting(draft, scene.situation)
    stepped = engine.step(scene.flows, draft, heard, scene.situation)
    await take(answerer, scene, kept, draft, stepped)


async def take(answerer: Answerer, scene: ChatScene, kept: Kept, draft: Draft, stepped: StepResult) -> None:
    """Commit a step of the unsent draft, and only then speak."""
    if any(isinstance(deed, SendConcern) for deed in stepped.deeds):
        await send(answerer, scene, kept, draft, stepped)
        return
    if stepped.draft is None:
        await answerer.deps.store.drafts.drop(scene.arrival, kept)
    else:
        await answerer.keep(scene, stepped.draft, kept.definition)
        _note_words(scene, draft, stepped.draft)
    await tidy.speak(answerer, scene, stepped.draft or draft, stepped.said, waits=may_wait(draft, stepped))


def _note_words(scene: ChatScene, before: Draft, now: Draft) -> None:
    """Remember which words this message holds, for the case that it is edited."""
    message = scene.arrival.message_id
    for step, answer in now.answers.items():
        if message is not None and isinstance(answer, Wrote) and answer != before.answers.get(step):
            scene.state.note_written(message, step, len(answer.words) - 1)


NOT_FOUND = Text("You changed an earlier message. Please write it again as a new one, so that it counts.")


async def edited(answerer: Answerer, scene: ChatScene, text: str) -> None:
    """Take the new version: appended to an open concern, put in place of the old words in a draft.

    Where nobody knows any more which words the message held, the person is asked to write them anew. The words to come
    back are taken for what they are.
    """

    async def change(rest: str) -> None:
        await _changed(answerer, scene, rest)

    if not await receipt.take_unasked(answerer, scene, text, change):
        await _changed(answerer, scene, text)


async def _changed(answerer: Answerer, scene: ChatScene, text: str) -> None:
    message = scene.arrival.message_id
    where = scene.state.written.get(message) if message is not None else None
    if scene.talk is not None:
        await talk.hear(answerer, scene, scene.talk, Typed(text))
    elif where is None or scene.kept is None or scene.draft is None:
        await again(answerer, scene, NOT_FOUND)
    else:
        stepped = engine.reworded(scene.flows, scene.draft, scene.situation, step=where[0], index=where[1], text=text)
        await take(answerer, scene, scene.kept, scene.draft, stepped)
