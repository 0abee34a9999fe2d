"""A text: the label of a button, the words to come back, or an answer."""

from __future__ import annotations

from flows import engine
from flows.heard import Typed
from handlers.reporter import unasked, words
from handlers.reporter.again import current
from handlers.reporter.hear import hear
from handlers.reporter.matching import pressed_by, same
from handlers.reporter.pressed import pressed
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side


async def typed(side: Side, scene: Scene, text: str) -> None:
    """Take a text for what it most likely is; words that are asked for are never taken for anything else."""
    if scene.mood.asked_words:
        await words.come_back(side, scene, text)
        return

    async def hear_rest(rest: str) -> None:
        await _taken(side, scene, rest)

    if not await unasked.take(side, scene, text, hear_rest):
        await _taken(side, scene, text)


async def _taken(side: Side, scene: Scene, text: str) -> None:
    matches = _choices(scene, text)
    if matches:
        await hear(side, scene, Typed(text, matches))
    elif (data := pressed_by(text, current(scene), scene.tongue)) is not None:
        await pressed(side, scene, data)
    else:
        await hear(side, scene, Typed(text))


def _choices(scene: Scene, text: str) -> tuple[str, ...]:
    """The options of the question whose label was typed."""
    if scene.draft is None or scene.draft.register is None:
        return ()
    offered = engine.choices(scene.flows, scene.draft, scene.known)
    return tuple(option for option, label in offered if same(text, scene.tongue.say(label)))
