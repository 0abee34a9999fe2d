"""Deleting what stands in the chat: tidying up, leaving quickly, and the pairs of somebody who is not alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.draft import Draft
from flows.receipt_screen import careful, stays_readable
from flows.screens import Screen
from handlers.lines import Spoken
from handlers.reporter import pages
from handlers.reporter.again import current
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side
from storage.refusals import AlreadySeen


async def ask(side: Side, scene: Scene) -> None:
    """`/tidy`: asks first whether the words are kept, if this chat has shown any."""
    await side.deps.store.seen(scene.arrival)
    # A restart forgets whether words were shown here: then it is asked, rather than that somebody loses them.
    words_shown = scene.talk is not None or scene.mood.talked or not scene.mood.present
    await side.answer(scene, (pages.tidy(words_shown=words_shown),))


async def now(side: Side, scene: Scene) -> None:
    """Delete both sides' messages and say how to clear the rest; an unsent draft stays for its 24 hours."""
    gone = await sweep(side, scene)
    side.deps.store.talks.leave(scene.address)
    side.moods.reset(scene.address)
    await side.deps.store.seen(scene.arrival)
    await side.answer(scene, (pages.tidied(scene.known, all_gone=gone),))


async def leave(side: Side, scene: Scene) -> None:
    """Leave quickly: delete the sitting's messages first, close what is open, and leave one neutral line."""
    gone = await sweep(side, scene)
    side.deps.store.talks.leave(scene.address)
    side.moods.reset(scene.address)
    await side.deps.store.seen(scene.arrival)
    if scene.known.door == "telegram" or not gone:
        await side.answer(scene, (pages.neutral(),))


async def sweep(side: Side, scene: Scene) -> bool:
    """Delete every message on the tidy list, and the pressed one; true if the Bot API took it all.

    The update is committed only afterwards: who asked for it may be gone, so after a kill it is done again.

    Raises:
        AlreadySeen: It was done before; what was said since stays.
    """
    if await side.deps.store.is_seen(scene.arrival):
        raise AlreadySeen
    await side.calm.still(scene.address)
    await side.mouth.still(scene.address)
    spoken = side.deps.store.spoken
    listed = await spoken.ids(scene.address)
    here = (scene.arrived.under, scene.arrival.message_id)
    every = dict.fromkeys((*listed, *(message for message in here if message is not None)))
    gone = await side.mouth.forget(scene.address, tuple(every))
    side.deps.store.unspoken.answered(scene.mood.unanswered)
    await spoken.forget(scene.address)
    return gone


async def wipe(side: Side, scene: Scene, messages: Sequence[int | None]) -> None:
    """Delete `messages` now and take them off the tidy list, as after each answer of somebody who is not alone."""
    stays = {None, scene.mood.live, *scene.mood.words_in}
    gone = tuple(message for message in messages if message is not None and message not in stays)
    if gone:
        await side.mouth.forget(scene.address, gone)
        await side.deps.store.spoken.forget(scene.address, gone)


async def speak(side: Side, scene: Scene, draft: Draft, said: Sequence[Screen], *, waits: bool) -> None:
    """Say what a step said; where others may see the device, the answered pair goes away.

    On the page of somebody who is alone the question that was answered stays above the next one.
    """
    scene.mood.present = True
    stays = scene.known.door == "web" and stays_readable(draft)
    if stays:
        said = tuple(replace(screen, private=True) for screen in said)
    moved = scene.draft is None or scene.draft.cursor != draft.cursor
    before, typed = scene.mood.live, scene.arrival.message_id
    stood = scene.draft is not None and stays_readable(scene.draft)

    async def after(_: Spoken) -> None:
        if careful(draft):
            listed = await side.deps.store.spoken.ids(scene.address) if stood else ()
            await wipe(side, scene, (*listed, before, typed))

    await side.answer(scene, said, replace=not (stays and moved), waits=waits, after=after)
    if careful(draft) and scene.mood.live == before:  # what was written does not wait for an answer that has to
        await wipe(side, scene, (typed,))


async def stop(side: Side, scene: Scene) -> None:
    """`/stop`: asks before a draft is deleted; closes an open concern in this chat."""
    store = side.deps.store
    await store.seen(scene.arrival)
    if scene.talk is not None:
        store.talks.leave(scene.address)
        await side.answer(scene, (pages.closed(),))
        return
    page: Screen = pages.stop() if scene.begun else current(scene)
    await side.answer(scene, (page,))


async def stop_now(side: Side, scene: Scene) -> None:
    """Delete the draft for good."""
    await side.deps.store.drafts.drop(scene.arrival, scene.kept)
    side.moods.reset(scene.address)
    await side.answer(scene, (pages.stopped(),), replace=True)
