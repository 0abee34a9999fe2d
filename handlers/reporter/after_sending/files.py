"""A file that a reporter sends after sending: offered, asked about, and only then fetched and added to the case.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from dataclasses import replace

from flows.danger.files import MOST_FILES, is_intimate
from flows.drafts.rulebook import Flows
from flows.screens import copy as say
from flows.screens.files import NOT_TAKEN, bare_screen, fits, send_now
from flows.screens.files import not_here as not_here_screen
from flows.values.inputs import Heard, Typed
from flows.values.situation import Site
from handlers.reporter.chat import talk_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import after, again, current
from handlers.telegram.received_files import NotTaken
from storage.reporters.session import TalkSession
from storage.values import ReporterView
from storage.values.errors import SessionOver


def note(flows: Flows, talk: TalkSession, site: Site, seen: ReporterView | None = None) -> None:
    """Note in an open talk how many files may still be added; none where the site takes none.

    Args:
        flows: Those of today.
        talk: The open talk.
        site: Of the concern.
        seen: The case as its reporter reads it; None where it was sent just now.
    """
    talk.files = max(0, MOST_FILES - (seen.files if seen else 0)) if site.files else 0
    talk.intimate = is_intimate(flows.phrases, seen.messages if seen else ())


def may_add(flows: Flows, talk: TalkSession) -> bool:
    """Tell whether a file may be added to an open talk now."""
    if talk.taken_down is not None or talk.draft is None or talk.intimate:
        return False
    return talk.files > 0 and fits(flows, talk.draft)


def after_words(scene: ChatScene, heard: Heard) -> ChatScene:
    """Offer no file any more where what was just written rules it out: before the answer to it is put together."""
    if scene.talk is None or not isinstance(heard, Typed) or not is_intimate(scene.flows.phrases, (heard.text,)):
        return scene
    scene.talk.intimate = True
    return replace(scene, situation=replace(scene.situation, files=False))


def _offering(scene: ChatScene) -> TalkSession | None:
    """The open talk, where a file may be added to it now."""
    return scene.talk if scene.talk is not None and may_add(scene.flows, scene.talk) else None


async def begin(answerer: Answerer, scene: ChatScene) -> None:
    """The button [Send a file]: ask whether anybody is bare in it; where none is offered, show where we are."""
    if _offering(scene) is None:
        await again(answerer, scene)
        return
    await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (bare_screen(),), replace=True)


async def not_here(answerer: Answerer, scene: ChatScene) -> None:
    """*Yes* and *Not sure*: nothing is fetched; where to report it, and help."""
    if scene.draft is None:
        await again(answerer, scene)
        return
    await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (not_here_screen(scene.situation, scene.draft),), replace=True)


async def ask(answerer: Answerer, scene: ChatScene) -> None:
    """*No*: ask for the file; the next one that comes is fetched."""
    if _offering(scene) is None:
        await again(answerer, scene)
        return
    await answerer.deps.store.seen(scene.arrival)
    scene.state.asked_file = True
    await answerer.answer(scene, (send_now(),), replace=True)


async def take(answerer: Answerer, scene: ChatScene) -> bool:
    """Take what is no text for the file that was asked for; false, and nothing is done, where none may come here.

    One that nobody asked about is not fetched, and the way to send it is said. It is one turn, and what was sent is
    taken out of the chat.
    """
    talk, file = _offering(scene), scene.incoming.file
    if talk is None or file is None:
        return False
    if not scene.state.asked_file:
        await again(answerer, scene, say.ASK_BEFORE_FILES)
        return True
    try:
        taken = await answerer.deps.received.take(answerer.deps.bots[scene.address.door], answerer.deps.draw, file)
    except NotTaken as refused:
        scene.state.asked_file = False
        await _forget(answerer, scene)
        await again(answerer, scene, NOT_TAKEN[refused.why])
        return True
    try:
        clocks = answerer.clocks(scene.situation, "routine" if scene.draft is None else scene.draft.urgency)
        kept = await answerer.deps.store.talks.add(scene.arrival, talk, [taken], clocks)
    except SessionOver:
        scene.state.asked_file = False
        await _forget(answerer, scene)
        await answerer.answer(scene, (talk_screens.over(),))
        return True
    scene.state.unanswered.append(kept.unanswered)
    scene.state.asked_file = False  # only now: where it could not be kept, it can be sent once more
    talk.files -= 1
    gone = await _forget(answerer, scene)
    said = (say.FILE_ADDED, say.FILE_CLEARED) if gone else (say.FILE_ADDED,)
    scene = replace(scene, situation=replace(scene.situation, files=talk.files > 0))
    await answerer.answer(scene, (after(said, current(scene)),))
    return True


async def _forget(answerer: Answerer, scene: ChatScene) -> bool:
    """Take what was sent out of the chat, and at our own door out of its memory; true if the Bot API took it."""
    message = scene.arrival.message_id
    return message is not None and await answerer.sender.forget(scene.address, (message,))
