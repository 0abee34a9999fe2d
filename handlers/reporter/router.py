"""What a reporter does, sorted to its story; a text is the label of a button, the words to come back, or an answer.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then. It raises
`DefinitionError` too, where the text that a draft was begun with can no longer be read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from flows.conversation import engine
from flows.values.inputs import Heard, Sent, Typed
from flows.values.screen import Press, Screen
from flows.values.text import Text, Value
from handlers.reporter import welcome
from handlers.reporter.after_sending import files, receipt
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import current
from handlers.reporter.commands import commanded, pressed
from handlers.reporter.hear import edited, hear
from handlers.telegram.bot_commands import REPORTER
from handlers.telegram.languages import Translator, is_plain
from handlers.telegram.updates import Blocked, Button, Command, IncomingUpdate, Wrote
from storage.sealing.receipts.receipt import SHORTEST_TEXT
from storage.values.errors import AlreadySeen


async def take(answerer: Answerer, incoming: IncomingUpdate) -> None:
    """Take an update, from its commit to its answer; one that was committed before is only taken up again.

    Raises:
        Conflict: Another update of the chat was committed first; nothing was done.
        Unavailable: The database cannot be read or written.
        Tampered: Something of the chat, or of the roster, is not the one that was kept.
        SessionOver: The talk ended while the update was taken; nothing was added.
        DefinitionError: The text that the draft was begun with can no longer be read.
    """
    loaded = answerer.chat_states.of(incoming.address).loaded
    scene = await answerer.scene(incoming)
    try:
        heard = await read(answerer, scene)
        if heard is not None:
            await hear(answerer, scene, heard)
        if isinstance(incoming.what, Sent):
            await receipt.delete_if_secret(answerer, scene)
    except AlreadySeen:
        if not loaded:
            scene = await answerer.scene(incoming)
            await welcome.take_up(answerer, scene)
            await receipt.delete_if_secret(answerer, scene)


async def read(answerer: Answerer, scene: ChatScene) -> Heard | None:
    """Give what an update says to the question on the screen; None once what else it wants is done."""
    match scene.incoming.what:
        case Command() as command if command.name in REPORTER:
            await commanded(answerer, scene, command)
        case Command() as command:  # anything else that begins with a slash is text
            scene.state.asked_words = False
            return await _typed(answerer, scene, command.text)
        case Button(data=data):
            return await pressed(answerer, scene, data)
        case Wrote(text, edited=True):
            return await edited(answerer, scene, text)
        case Wrote(text):
            return await _typed(answerer, scene, text)
        case Sent() as sent:
            return None if await files.take(answerer, scene) else sent
        case Blocked(is_blocked):
            await _blocked(answerer, scene, is_blocked=is_blocked)
    return None


async def _typed(answerer: Answerer, scene: ChatScene, text: str) -> Heard | None:
    """Take a text for what it most likely is, and give what is to be heard; None once it is done.

    Words that are asked for are never taken for anything else.
    """
    if scene.state.asked_words:
        await receipt.come_back(answerer, scene, text)
        return None
    if len(text) >= SHORTEST_TEXT or not text.isascii():  # or it holds no receipt, and is not nearly one
        rest = await receipt.take_unasked(answerer, scene, text)
        if rest is None:
            return None
        text = rest
    offered, screen = _offered(scene)
    said = plain(text)
    matches = tuple(option for option, label in offered if is_label(said, label, scene.translator))
    data = None if matches else pressed_by(said, screen, scene.translator)
    return Typed(text, matches) if data is None else await pressed(answerer, scene, data)


def _offered(scene: ChatScene) -> tuple[tuple[tuple[str, Text], ...], Screen]:
    """The options of the question by id with their labels, and the screen: what was typed may be one of its labels."""
    if scene.draft is None or scene.draft.register is None:
        return (), current(scene)
    return engine.offered(scene.flows, scene.draft, scene.situation)


def pressed_by(words: str, screen: Screen, translator: Translator) -> str | None:
    """The data of the only button of `screen` whose label is `words` (see `plain`), or None for none or several.

    So somebody who types what a button says is understood, and whoever might mean two buttons is not guessed at.
    """
    found = [press.data for press in presses(screen) if is_label(words, press.label, translator)]
    return found[0] if len(found) == 1 else None


def presses(screen: Screen) -> Iterable[Press]:
    """The buttons of a screen that come back to us, in order."""
    return (button for row in screen.rows for button in row if isinstance(button, Press))


def is_label(words: str, label: Value, translator: Translator) -> bool:
    """Whether `label` says `words`, which are as `plain` gives them; no label says nothing."""
    if not isinstance(label, Text):
        return bool(words) and plain(str(label)) == words
    said = translator.say(label)
    return bool(words) and (_known_plain(said) if is_plain(label) else plain(said)) == words


@lru_cache(maxsize=1_000)
def _known_plain(label: str) -> str:
    """A sentence of ours alone: nothing that somebody wrote stays in memory."""
    return plain(label)


def plain(words: str) -> str:
    """Words without case, diacritics, marks and punctuation; letters, digits and single spaces are left."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    kept = (char if char.isalnum() else " " for char in apart if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


async def _blocked(answerer: Answerer, scene: ChatScene, *, is_blocked: bool) -> None:
    """Somebody who blocks the bot has left: nothing stays open, and no greeting follows. No lead is reached there."""
    store = answerer.deps.store
    lead = await store.leads.last_chats.bound(scene.address) if is_blocked else None
    await store.seen(scene.arrival)
    if is_blocked:
        store.talks.leave(scene.address)
        answerer.chat_states.reset(scene.address)
    if lead is not None:
        await store.channels.tried(lead, scene.address.door, taken=False)
