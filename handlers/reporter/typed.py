"""A text: the label of a button, the words to come back, or an answer.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then. It raises
`DefinitionError` too, where the text that a draft was begun with can no longer be read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from flows.conversation import engine
from flows.values.inputs import Heard, Typed
from flows.values.screen import Press, Screen
from flows.values.text import Text, Value
from handlers.reporter import receipt
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import current
from handlers.reporter.pressed import pressed
from handlers.telegram.languages import Translator


def presses(screen: Screen) -> Iterable[Press]:
    """The buttons of a screen that come back to us, in order."""
    return (button for row in screen.rows for button in row if isinstance(button, Press))


def plain(words: str) -> str:
    """Words without case, diacritics, marks and punctuation; letters, digits and single spaces are left."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    kept = (char if char.isalnum() else " " for char in apart if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def is_label(words: str, label: Value, translator: Translator) -> bool:
    """Whether `label` says `words`, which are as `plain` gives them; no label says nothing."""
    if not isinstance(label, Text):
        return bool(words) and plain(str(label)) == words
    said = translator.say(label)
    return bool(words) and (_known_plain(said) if label.is_plain else plain(said)) == words


def pressed_by(words: str, screen: Screen, translator: Translator) -> str | None:
    """The data of the only button of `screen` whose label is `words` (see `plain`), or None for none or several.

    So somebody who types what a button says is understood, and whoever might mean two buttons is not guessed at.
    """
    found = [press.data for press in presses(screen) if is_label(words, press.label, translator)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=1_000)
def _known_plain(label: str) -> str:
    """A sentence of ours alone: nothing that somebody wrote stays in memory."""
    return plain(label)


async def typed(answerer: Answerer, scene: ChatScene, text: str) -> Heard | None:
    """Take a text for what it most likely is, and give what is to be heard; None once it is done.

    Words that are asked for are never taken for anything else.
    """
    if scene.state.asked_words:
        await receipt.come_back(answerer, scene, text)
        return None
    rest = await receipt.take_unasked(answerer, scene, text)
    if rest is None:
        return None
    offered, screen = _offered(scene)
    said = plain(rest)
    matches = tuple(option for option, label in offered if is_label(said, label, scene.translator))
    data = None if matches else pressed_by(said, screen, scene.translator)
    return Typed(rest, matches) if data is None else await pressed(answerer, scene, data)


def _offered(scene: ChatScene) -> tuple[tuple[tuple[str, Text], ...], Screen]:
    """The options of the question by id with their labels, and the screen: what was typed may be one of its labels."""
    if scene.draft is None or scene.draft.register is None:
        return (), current(scene)
    return engine.offered(scene.flows, scene.draft, scene.situation)
