"""A text: the label of a button, the words to come back, or an answer."""

from __future__ import annotations

from flows import engine
from flows.heard import Typed
from handlers.reporter import words
from handlers.reporter.again import current
from handlers.reporter.hear import hear
from handlers.reporter.matching import pressed_by, same
from handlers.reporter.pressed import pressed
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side
from storage.sealing.receipt import WORDS


async def typed(side: Side, scene: Scene, text: str) -> None:
    """Take a text for what it most likely is; words that are asked for are never taken for anything else."""
    if scene.mood.asked_words:
        await words.come_back(side, scene, text)
        return
    matches = _choices(scene, text)
    if matches:
        await hear(side, scene, Typed(text, matches))
    elif (data := pressed_by(text, current(scene), scene.tongue)) is not None:
        await pressed(side, scene, data)
    elif _looks_like_words(text) and scene.draft is None and scene.talk is None:
        await words.try_back(side, scene, text)
    else:
        await hear(side, scene, Typed(text))


def _choices(scene: Scene, text: str) -> tuple[str, ...]:
    """The options of the question whose label was typed."""
    if scene.draft is None or scene.draft.register is None:
        return ()
    offered = engine.choices(scene.flows, scene.draft, scene.known)
    return tuple(option for option, label in offered if same(text, scene.tongue.say(label)))


def _looks_like_words(text: str) -> bool:
    """Eight words of letters only: worth a try, since a restart forgets that they were asked for."""
    parts = text.replace("-", " ").split()
    return len(parts) == WORDS and all(part.isalpha() for part in parts)
