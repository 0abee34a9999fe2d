"""A message that was changed after it was sent: a new version, never a silent change of what others may have read."""

from __future__ import annotations

from flows import engine
from flows.heard import Typed
from flows.texts import Text
from handlers.reporter import talk, unasked
from handlers.reporter.again import again
from handlers.reporter.ask import take
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side

NOT_FOUND = Text("You changed an earlier message. Please write it again as a new one, so that it counts.")


async def edited(side: Side, scene: Scene, text: str) -> None:
    """Take the new version: appended to an open concern, put in place of the old words in a draft.

    Where nobody knows any more which words the message held, the person is asked to write them anew. The words to come
    back are taken for what they are.
    """

    async def change(rest: str) -> None:
        await _changed(side, scene, rest)

    if not await unasked.take(side, scene, text, change):
        await _changed(side, scene, text)


async def _changed(side: Side, scene: Scene, text: str) -> None:
    message = scene.arrival.message_id
    where = scene.mood.written.get(message) if message is not None else None
    if scene.talk is not None:
        await talk.hear(side, scene, scene.talk, Typed(text))
    elif where is None or scene.kept is None or scene.draft is None:
        await again(side, scene, NOT_FOUND)
    else:
        stepped = engine.reworded(scene.flows, scene.draft, scene.known, step=where[0], index=where[1], text=text)
        await take(side, scene, scene.kept, scene.draft, stepped)
