"""The questions before sending: one step, one commit, and only then the next question."""

from __future__ import annotations

from flows import engine
from flows.deeds import SendConcern
from flows.draft import Draft, Wrote
from flows.heard import Heard
from flows.opening import is_quiet, new_sitting
from flows.pace import may_wait
from flows.said import Stepped
from handlers.reporter import tidy
from handlers.reporter.scene import Scene
from handlers.reporter.send import send
from handlers.reporter.side import Side
from storage.values import Kept


async def ask(side: Side, scene: Scene, kept: Kept, draft: Draft, heard: Heard) -> None:
    """Take what was heard as the draft's next step; after ten quiet minutes nothing older is shown with it."""
    if is_quiet(draft, scene.known):
        draft = new_sitting(draft, scene.known)
    stepped = engine.step(scene.flows, draft, heard, scene.known)
    await take(side, scene, kept, draft, stepped)


async def take(side: Side, scene: Scene, kept: Kept, draft: Draft, stepped: Stepped) -> None:
    """Commit a step of the unsent draft, and only then speak."""
    if any(isinstance(deed, SendConcern) for deed in stepped.deeds):
        await send(side, scene, kept, draft, stepped)
        return
    if stepped.draft is None:
        await side.deps.store.drafts.drop(scene.arrival, kept)
    else:
        await side.keep(scene, stepped.draft, kept.definition)
        _note_words(scene, draft, stepped.draft)
    await tidy.speak(side, scene, stepped.draft or draft, stepped.said, waits=may_wait(draft, stepped))


def _note_words(scene: Scene, before: Draft, now: Draft) -> None:
    """Remember which words this message holds, for the case that it is edited."""
    message = scene.arrival.message_id
    for step, answer in now.answers.items():
        if message is not None and isinstance(answer, Wrote) and answer != before.answers.get(step):
            scene.mood.note_written(message, step, len(answer.words) - 1)
