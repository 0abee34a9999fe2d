"""`/privacy`: who runs this, who reads, how long it is kept."""

from __future__ import annotations

from handlers.reporter import pages
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side


async def show(side: Side, scene: Scene) -> None:
    """Say the site's facts; nothing else changes."""
    await side.deps.store.seen(scene.arrival)
    await side.answer(scene, (pages.privacy(scene.known),), waits=True)
