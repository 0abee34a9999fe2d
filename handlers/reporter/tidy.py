"""Deleting what stands in the chat: tidying up, leaving quickly, and the pairs of somebody who is not alone.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from collections.abc import Sequence

from flows.values.screen import Screen
from handlers.reporter.chat import static_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene, ChatState
from handlers.reporter.chat.static_screens import current
from storage.values import Address
from storage.values.errors import AlreadySeen


async def ask(answerer: Answerer, scene: ChatScene) -> None:
    """`/tidy`: asks first whether the words are kept, if this chat has shown any or nobody can tell after a restart."""
    await answerer.deps.store.seen(scene.arrival)
    # A restart forgets whether words were shown here: then it is asked, rather than that somebody loses them.
    words_shown = scene.talk is not None or scene.state.talked or not scene.state.present
    await answerer.answer(scene, (static_screens.tidy(words_shown=words_shown),))


async def now(answerer: Answerer, scene: ChatScene) -> None:
    """Delete both sides' messages and say how to clear the rest; an unsent draft stays for its 24 hours.

    The update is committed after the deletion: after a kill in between it is done once more.
    """
    gone = await sweep(answerer, scene)
    answerer.deps.store.talks.leave(scene.address)
    answerer.chat_states.reset(scene.address)
    await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (static_screens.tidied(scene.situation, all_gone=gone),))


async def leave(answerer: Answerer, scene: ChatScene) -> None:
    """Leave quickly: delete the sitting's messages first, close what is open, and leave one neutral line.

    On the web page nothing is left, unless something could not be deleted. The draft stays, and is not shown again
    unasked.
    """
    gone = await sweep(answerer, scene)
    answerer.deps.store.talks.leave(scene.address)
    answerer.chat_states.reset(scene.address)
    await answerer.deps.store.seen(scene.arrival)
    if scene.situation.door == "telegram" or not gone:
        await answerer.answer(scene, (static_screens.neutral(),))


async def sweep(answerer: Answerer, scene: ChatScene) -> bool:
    """Delete every message on the tidy list, and the pressed one; true if the Bot API took it all.

    The update is committed only afterwards: who asked for it may be gone, so after a kill it is done again.

    Raises:
        AlreadySeen: It was done before; what was said since stays.
    """
    if await answerer.deps.store.is_seen(scene.arrival):
        raise AlreadySeen
    await answerer.debouncer.cancel_pending(scene.address)
    await answerer.sender.cancel_pending(scene.address)
    sent = answerer.deps.store.sent_messages
    listed = await sent.ids(scene.address)
    here = (scene.incoming.under, scene.arrival.message_id)
    every = dict.fromkeys((*listed, *(message for message in here if message is not None)))
    gone = await answerer.sender.forget(scene.address, tuple(every))
    answerer.deps.store.pending_answers.answered(scene.state.unanswered)
    await sent.forget(scene.address)
    return gone


async def wipe(answerer: Answerer, scene: ChatScene, messages: Sequence[int | None]) -> None:
    """Delete `messages` now and take them off the tidy list, as after each answer of somebody who is not alone.

    Args:
        answerer: What every story is given.
        scene: The chat. What waits for an answer stays, and so do the messages with the words to come back.
        messages: Ids; None among them are passed over.
    """
    stays = {None, scene.state.live, *scene.state.words_in}
    gone = tuple(message for message in messages if message is not None and message not in stays)
    if gone:
        await answerer.sender.forget(scene.address, gone)
        await answerer.deps.store.sent_messages.forget(scene.address, gone)


async def wipe_live(answerer: Answerer, address: Address, state: ChatState) -> None:
    """Delete the message that waits for an answer, and take it off the tidy list: nothing waits any more."""
    live, state.live = state.live, None
    if live is not None:
        await answerer.sender.forget(address, (live,))
        await answerer.deps.store.sent_messages.forget(address, (live,))


async def stop(answerer: Answerer, scene: ChatScene) -> None:
    """`/stop`: asks before a draft is deleted; closes an open concern in this chat, which stays with its readers."""
    store = answerer.deps.store
    await store.seen(scene.arrival)
    if scene.talk is not None:
        store.talks.leave(scene.address)
        await answerer.answer(scene, (static_screens.closed(),))
        return
    page: Screen = static_screens.stop() if scene.begun else current(scene)
    await answerer.answer(scene, (page,))


async def stop_now(answerer: Answerer, scene: ChatScene) -> None:
    """Delete the draft for good."""
    await answerer.deps.store.drafts.drop(scene.arrival, scene.kept)
    answerer.chat_states.reset(scene.address)
    await answerer.answer(scene, (static_screens.stopped(),), replace=True)
