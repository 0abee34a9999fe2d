"""Sending a concern: sealed and committed first, then the words are shown; and shown again after a crash.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then.
"""

from __future__ import annotations

from dataclasses import replace

from flows.conversation.results import StepResult
from flows.drafts.trusted_adult import findable, without_adult
from flows.screens.receipt import receipt_screen
from flows.values.deeds import SendConcern
from flows.values.draft import Draft, careful, private_device, stays_readable
from flows.values.screen import Copy, Screen
from flows.values.situation import Situation
from flows.values.text import Text
from handlers.reporter import tidy
from handlers.reporter.after_sending import files
from handlers.reporter.chat import first_return_screens, static_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene, ChatState
from handlers.telegram.send_queue import SentMessage, Then
from storage.database import instrumentation
from storage.values import Address, Kept, PendingId, PendingReceipt
from storage.values.errors import NoReaders


async def send(answerer: Answerer, scene: ChatScene, kept: Kept, draft: Draft, stepped: StepResult) -> None:
    """Store the concern and open the talk with it; nothing is said before it is committed.

    Where nobody remains who could open it, nothing is stored, the draft stays, and outside contacts are shown.
    """
    [deed] = [deed for deed in stepped.deeds if isinstance(deed, SendConcern)]
    known = answerer.known_for(scene.situation, deed.urgency)
    clocks = answerer.clocks(known, deed.urgency)
    try:
        sent = await answerer.deps.store.talks.send(scene.arrival, deed, kept, clocks, read_by=known.cover.read_by)
    except NoReaders:
        await answerer.deps.store.seen(scene.arrival)
        await answerer.answer(scene, (static_screens.nobody(known),), replace=True)
        return
    sent.talk.draft = after = stepped.draft or draft
    scene.state.talked = True
    files.note(scene.flows, sent.talk, known.site)
    scene.state.doubt(known, after)
    token = sent.token if private_device(after) else None
    receipt = receipt_screen(
        findable(known, after),
        deed.register,
        sent.words,
        token,
        questions=bool(after.cursor),
        immediate=deed.urgency == "immediate",
    )
    replaced = scene.live
    before = scene.state.live if scene.state.live != replaced else None
    receipt = with_copy(receipt)
    then = then_shown(answerer, scene.address, scene.state, sent.pending)
    screens = (receipt, *stepped.said)
    stays = scene.situation.door == "web" and stays_readable(after)
    if stays:
        screens = tuple(replace(screen, private=True) for screen in screens)
    await answerer.debouncer.cancel_pending(scene.address)
    answerer.receipts.begin(sent.pending)
    await answerer.sender.say(scene.address, screens, scene.translator, replace=None if stays else replaced, then=then)
    if careful(after):
        await tidy.wipe(answerer, scene, (before, scene.arrival.message_id))


async def send_pending_receipts(answerer: Answerer) -> None:
    """Show every receipt that may not have been shown, unless it is on its way; what does not arrive stays.

    The adult to find is left out: whom the person left out is sealed by now. What cannot be delivered is tried again
    after a minute, then ever less often, an hour at most.
    """
    for one in await answerer.deps.store.pending_answers.pending():
        if answerer.receipts.may(one.id, answerer.deps.now()):
            answerer.receipts.begin(one.id)
            try:
                await _send_receipt(answerer, one)
            except Exception:
                answerer.receipts.ended(one.id, answerer.deps.now(), delivered=False)
                raise


async def _send_receipt(answerer: Answerer, one: PendingReceipt) -> None:
    translator = answerer.deps.translators.get(one.language) or answerer.deps.translators["en"]
    known = await answerer.situation(one.address, one.site, translator)
    known = replace(known, cover=replace(known.cover, read_by=one.read_by))
    known = without_adult(known)  # whom the person left out is sealed by now
    screen = first_return_screens.new_words(one.words) if one.renewed else _receipt(known, one)
    screen = with_copy(screen)
    state = answerer.chat_states.of(one.address)
    await answerer.sender.say(one.address, (screen,), translator, then=then_shown(answerer, one.address, state, one.id))


def _receipt(known: Situation, one: PendingReceipt) -> Screen:
    return receipt_screen(known, one.register, one.words, None, questions=False)


def with_copy(screen: Screen) -> Screen:
    """The screen with a button that copies its code, below the way forward."""
    if screen.code is None:
        return screen
    first, *rest = screen.rows
    return replace(screen, rows=(first, (Copy(Text("Copy the words"), screen.code),), *rest))


def then_shown(answerer: Answerer, address: Address, state: ChatState, pending: PendingId) -> Then:
    """Once the Bot API has taken the words, they need not be shown again."""

    async def then(sent: SentMessage) -> None:
        await answerer.note_sent(address, state, sent)
        # The message with the words is nobody's question: it is neither replaced nor deleted until that is asked for.
        state.live, state.words_in = None, frozenset(sent.messages)
        try:
            if sent.delivered:
                instrumentation.reach("send.shown")
                await answerer.deps.store.pending_answers.mark_shown(pending)
        finally:
            answerer.receipts.ended(pending, answerer.deps.now(), delivered=sent.delivered)

    return then
