"""What is on the screen now, so that it can be shown again after anything unexpected."""

from __future__ import annotations

from dataclasses import replace

from flows import engine
from flows.opening import opening
from flows.screens import Screen
from flows.texts import Text
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side


def current(scene: Scene) -> Screen:
    """The question that waits, what can be done with an open concern, or the greeting."""
    if scene.draft is not None and scene.draft.register is not None:
        return engine.current(scene.flows, scene.draft, scene.known)
    return opening(scene.known)


def after(texts: tuple[Text, ...], screen: Screen) -> Screen:
    """`screen` with sentences before it."""
    return replace(screen, paragraphs=(*texts, *screen.paragraphs))


async def again(side: Side, scene: Scene, *texts: Text) -> None:
    """Say the current screen again after `texts`, as a new message; nothing was changed."""
    await side.deps.store.seen(scene.arrival)
    await side.answer(scene, (after(texts, current(scene)),), waits=True)
