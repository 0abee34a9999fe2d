"""The words to come back, typed where nobody asked for them: never kept as words, deleted, and answered (decision 16).

Where nothing is open they open what they stand for. Where something is, they are set aside, and whatever else was
written beside them is heard.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from flows.screens import Screen
from flows.texts import Text
from handlers.chat import Command, Wrote
from handlers.reporter import tidy, words
from handlers.reporter.again import again
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side
from storage.refusals import AlreadySeen
from storage.sealing.receipt_reading import find_receipt, find_slip

_THEIRS = Text("Those were your words to come back. I took them off the screen. I did not pass them on.")
_HOW = Text("To open what you sent before, write /return first.")
_ALMOST = Text("That looked like your words to come back. I took it off the screen. I did not pass it on.")
_IF_NOT = Text("If it was something else, please write it again in a sentence.")


async def take(side: Side, scene: Scene, text: str, hear: Callable[[str], Awaitable[None]]) -> bool:
    """Take `text` if it holds a receipt, or is one but for a slip; false, and nothing is done, for all other texts.

    `hear` is given what else was said in it, if anything was.

    Raises:
        AlreadySeen: It was taken before.
    """
    found = find_receipt(text)
    if found is None and find_slip(text) is None:
        return False
    if scene.mood.asked_words or not scene.begun:
        await words.come_back(side, scene, text)
    elif found is None:
        await _set_aside(side, scene, _ALMOST, _IF_NOT)
    elif not found.rest:
        await _set_aside(side, scene, _THEIRS, _HOW)
    else:
        if await side.deps.store.is_seen(scene.arrival):
            raise AlreadySeen
        await _delete(side, scene)
        await side.answer(scene, (Screen((_THEIRS,)),))
        await hear(found.rest)
    return True


async def delete_if_secret(side: Side, scene: Scene) -> None:
    """Delete what came if it holds a receipt or nearly one: whoever took it may not have come so far."""
    what = scene.arrived.what
    text = what.text if isinstance(what, Wrote | Command) else scene.arrived.caption
    if find_receipt(text) is not None or find_slip(text) is not None:
        await _delete(side, scene)


async def _set_aside(side: Side, scene: Scene, *said: Text) -> None:
    await again(side, scene, *said)
    await _delete(side, scene)


async def _delete(side: Side, scene: Scene) -> None:
    await tidy.wipe(side, scene, (scene.arrival.message_id,))
