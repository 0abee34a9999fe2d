"""A text: the label of a button, the words to come back, or an answer."""

from __future__ import annotations

from flows import engine
from flows.heard import Typed
from flows.screens import Screen
from flows.texts import Text
from handlers.reporter import unasked, words
from handlers.reporter.again import current
from handlers.reporter.hear import hear
from handlers.reporter.matching import is_label, plain, pressed_by
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
    offered, screen = _offered(scene)
    said = plain(text)
    matches = tuple(option for option, label in offered if is_label(said, label, scene.tongue))
    if matches:
        await hear(side, scene, Typed(text, matches))
    elif (data := pressed_by(said, screen, scene.tongue)) is not None:
        await pressed(side, scene, data)
    else:
        await hear(side, scene, Typed(text))


def _offered(scene: Scene) -> tuple[tuple[tuple[str, Text], ...], Screen]:
    """The options of the question by id with their labels, and the screen: what was typed may be one of its labels."""
    if scene.draft is None or scene.draft.register is None:
        return (), current(scene)
    return engine.offered(scene.flows, scene.draft, scene.known)
