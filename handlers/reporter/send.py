"""Sending a concern: sealed and committed first, then the words are shown; and shown again after a crash."""

from __future__ import annotations

from dataclasses import replace

from flows.deeds import SendConcern
from flows.draft import Draft
from flows.receipt_screen import careful, private_device, receipt_screen, stays_readable
from flows.said import Stepped
from flows.screens import Copy, Screen
from flows.texts import Text
from flows.to_find import findable, without_adult
from handlers.lines import Spoken, Then
from handlers.reporter import pages, tidy
from handlers.reporter.mood import Mood
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side
from storage import failpoints
from storage.refusals import NoReaders
from storage.values import Address, Kept, Unspoken, UnspokenId


async def send(side: Side, scene: Scene, kept: Kept, draft: Draft, stepped: Stepped) -> None:
    """Store the concern and open the talk with it; nothing is said before it is committed.

    Where nobody remains who could open it, nothing is stored, the draft stays, and outside contacts are shown.
    """
    [deed] = [deed for deed in stepped.deeds if isinstance(deed, SendConcern)]
    known = side.known_for(scene.known, deed.urgency)
    clocks = side.clocks(known, deed.urgency)
    try:
        sent = await side.deps.store.talks.send(scene.arrival, deed, kept, clocks, read_by=known.cover.read_by)
    except NoReaders:
        await side.deps.store.seen(scene.arrival)
        await side.answer(scene, (pages.nobody(known),), replace=True)
        return
    sent.talk.draft = after = stepped.draft or draft
    scene.mood.talked = True
    scene.mood.doubt(known, after)
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
    before = scene.mood.live if scene.mood.live != replaced else None
    receipt = with_copy(receipt)
    then = _then(side, scene.address, scene.mood, sent.unspoken)
    screens = (receipt, *stepped.said)
    stays = scene.known.door == "web" and stays_readable(after)
    if stays:
        screens = tuple(replace(screen, private=True) for screen in screens)
    await side.calm.still(scene.address)
    side.receipts.begin(sent.unspoken)
    await side.mouth.say(scene.address, screens, scene.tongue, replace=None if stays else replaced, then=then)
    if careful(after):
        await tidy.wipe(side, scene, (before, scene.arrival.message_id))


async def speak_unspoken(side: Side) -> None:
    """Show every receipt that may not have been shown, unless it is on its way; what does not arrive stays."""
    for one in await side.deps.store.unspoken.pending():
        if side.receipts.may(one.id, side.deps.now()):
            side.receipts.begin(one.id)
            try:
                await _speak_one(side, one)
            except Exception:
                side.receipts.ended(one.id, side.deps.now(), delivered=False)
                raise


async def _speak_one(side: Side, one: Unspoken) -> None:
    tongue = side.deps.tongues.get(one.language) or side.deps.tongues["en"]
    known = await side.known(one.address, one.site, tongue)
    known = replace(known, cover=replace(known.cover, read_by=one.read_by))
    known = without_adult(known)  # whom the person left out is sealed by now
    screen = with_copy(receipt_screen(known, one.register, one.words, None, questions=False))
    mood = side.moods.of(one.address)
    await side.mouth.say(one.address, (screen,), tongue, then=_then(side, one.address, mood, one.id))


def with_copy(screen: Screen) -> Screen:
    """The screen with a button that copies its code, below the way forward."""
    if screen.code is None:
        return screen
    first, *rest = screen.rows
    return replace(screen, rows=(first, (Copy(Text("Copy the words"), screen.code),), *rest))


def _then(side: Side, address: Address, mood: Mood, unspoken: UnspokenId) -> Then:
    """Once the Bot API has taken the words, they need not be shown again."""

    async def then(spoken: Spoken) -> None:
        await side.spoken(address, mood, spoken)
        # The message with the words is nobody's question: it is neither replaced nor deleted until that is asked for.
        mood.live, mood.words_in = None, frozenset(spoken.messages)
        try:
            if spoken.delivered:
                failpoints.reach("send.shown")
                await side.deps.store.unspoken.spoken(unspoken)
        finally:
            side.receipts.ended(unspoken, side.deps.now(), delivered=spoken.delivered)

    return then
