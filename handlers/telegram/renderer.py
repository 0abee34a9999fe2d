"""A screen becomes what the Bot API is sent: text with explicit entities, buttons, or a field for a secret.

Nothing here has a parse mode: what somebody wrote is never read as markup.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from aiogram.types import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    WebAppInfo,
)

from flows.screens import buttons
from flows.values.screen import Button, Copy, Link, Press, Rank, Row, Screen, Secret, WebApp
from handlers.telegram.languages import Translator, is_plain
from handlers.telegram.text_limits import LABEL, LIST_LABEL, bare, cut, shortened, units

log = logging.getLogger(__name__)

#: UTF-16 units that one message holds (Bot API, `sendMessage`).
FULL: Final = 4096
#: Longest data of a button, in UTF-8 bytes, and longest text behind a copy button, in characters (Bot API).
DATA: Final = 64
COPIED: Final = 256
#: Longest placeholder of a field, in characters (Bot API, `ForceReply`).
_PLACEHOLDER: Final = 64
_BETWEEN: Final = "\n\n"


@dataclass(frozen=True, repr=False)
class Body:
    """One message for `sendMessage` or `editMessageText`; offsets of `entities` are in UTF-16 units.

    At most one of `keyboard` and `field` is there. An edited message can carry the keyboard alone.
    """

    text: str
    entities: list[MessageEntity]
    keyboard: InlineKeyboardMarkup | None = None
    field: ForceReply | None = None

    @property
    def markup(self) -> InlineKeyboardMarkup | ForceReply | None:
        """The `reply_markup` of a message that is sent."""
        return self.field or self.keyboard


@dataclass(frozen=True, repr=False)
class _Block:
    """A run of text that stands on lines of its own; `marks` are places in it, in characters, that are bold."""

    text: str
    kind: Literal["code", "blockquote"] | None = None
    marks: tuple[tuple[int, int], ...] = ()


def messages(screen: Screen, translator: Translator) -> tuple[Body, ...]:
    """Return the messages of a screen in order, at least one; buttons stand under the last.

    The code is one entity, and whole; own words are quoted, character by character as they were written, so that
    nobody can take them for ours. A screen that asks for a secret and has buttons ends in two messages, since the Bot
    API lets one carry only one of both: the last paragraph with the field is the second.
    """
    if screen.secret is None:
        return _pages(_blocks(screen, translator), _keyboard(screen, translator), None)
    field = _field(screen.secret, translator.say(screen.paragraphs[-1]))
    blocks = _blocks(screen, translator)
    keys = _keyboard(screen, translator)
    if keys is None:
        return _pages(blocks, None, field)
    label = len(screen.paragraphs) - 1
    before = [*blocks[:label], *blocks[label + 1 :]] or blocks
    return (*_pages(before, keys, None), *_pages([blocks[label]], None, field))


def _blocks(screen: Screen, translator: Translator) -> list[_Block]:
    blocks = [_Block(translator.say(paragraph)) for paragraph in screen.paragraphs]
    if screen.code:
        blocks.append(_Block(screen.code, "code"))
    blocks += [_Block(translator.say(paragraph)) for paragraph in screen.below]
    if screen.verbatim and screen.verbatim.strip():
        blocks.append(_Block(screen.verbatim, "blockquote", screen.marks))
    return blocks


def _pages(blocks: list[_Block], keyboard: InlineKeyboardMarkup | None, field: ForceReply | None) -> tuple[Body, ...]:
    """Put blocks on as few messages as hold them; only what is longer than a message is cut, and the code never."""
    pages: list[list[_Block]] = [[]]
    for block in _cut(blocks):
        if pages[-1] and _size(pages[-1]) + len(_BETWEEN) + units(block.text) > FULL:
            pages.append([])
        pages[-1].append(block)
    *first, last = pages
    return (*(_body(page) for page in first), _body(last, keyboard, field))


def _cut(blocks: list[_Block]) -> Iterator[_Block]:
    for block in blocks:
        at = 0
        for part in cut(_sound(block.text), FULL):
            yield _Block(part, block.kind, marks_in(block.marks, at, at + len(part)))
            at += len(part)


def marks_in(marks: Iterable[tuple[int, int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return what of `marks` lies from `start` to `end`, counted from `start`; all in characters."""
    inside = ((max(first, start) - start, min(last, end) - start) for first, last in marks)
    return tuple((first, last) for first, last in inside if first < last)


def _size(page: list[_Block]) -> int:
    return sum(units(block.text) for block in page) + len(_BETWEEN) * (len(page) - 1)


def _body(page: list[_Block], keyboard: InlineKeyboardMarkup | None = None, field: ForceReply | None = None) -> Body:
    entities = []
    offset = 0
    for block in page:
        length = units(block.text)
        if block.kind is not None:
            entities.append(MessageEntity(type=block.kind, offset=offset, length=length))
        entities += _bold(block, offset)
        offset += length + len(_BETWEEN)
    return Body(_BETWEEN.join(block.text for block in page), entities, keyboard, field)


def _bold(block: _Block, offset: int) -> Iterator[MessageEntity]:
    for first, last in block.marks:
        before, length = units(block.text[:first]), units(block.text[first:last])
        yield MessageEntity(type="bold", offset=offset + before, length=length)


def _sound(text: str) -> str:
    """`text` without halves of surrogate pairs, which no JSON of the Bot API's can carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def keyboard(rows: tuple[Row, ...], translator: Translator) -> InlineKeyboardMarkup | None:
    """Return the buttons as the Bot API takes them, or None where none is left.

    A button that the Bot API would refuse is left out, and that is in the log: the message with the others has to
    arrive.
    """
    kept = _rows(rows, translator, LABEL)
    return InlineKeyboardMarkup(inline_keyboard=kept) if kept else None


def _keyboard(screen: Screen, translator: Translator) -> InlineKeyboardMarkup | None:
    """The same with what a screen says of itself to the page; it is not the Bot API's, and only the page is told."""
    marks = ("private", "beside", "keep_device", "file")
    told = {name: True for name in marks if getattr(screen, name)}
    if not told:
        return keyboard(screen.rows, translator)
    kept = _rows(screen.rows, translator, LIST_LABEL if screen.beside else LABEL)
    return InlineKeyboardMarkup.model_validate({"inline_keyboard": kept, **told}) if kept else None


def _rows(rows: tuple[Row, ...], translator: Translator, longest: int) -> list[list[InlineKeyboardButton]]:
    made = [[made for button in row if (made := _button(button, translator, longest))] for row in rows]
    return [row for row in made if row]


def _button(button: Button, translator: Translator, longest: int) -> InlineKeyboardButton | None:
    """The button, or None for one that the Bot API would refuse: the message with all the others must still arrive."""
    label = shortened(" ".join(_sound(translator.say(button.label)).split()), longest)
    match button:
        case Press(data=data, checked=checked) if label and 0 < len(data.encode()) <= DATA:
            rank = button.rank or buttons.rank(data)
            if checked is not None:
                return _tick(label, data, checked=checked)
            return _known_press(label, data, rank) if is_plain(button.label) else _press(label, data, rank)
        case Copy(text=text) if label and 0 < len(text) <= COPIED:
            return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=text))
        case Link(url=url) if label and url.startswith(("https://", "http://", "tg://")):
            return InlineKeyboardButton(text=label, url=url)
        case WebApp(url=url) if label and url.startswith("https://"):
            return InlineKeyboardButton(text=label, web_app=WebAppInfo(url=url))
        case _:
            log.error("a button was left out: its label, data or address does not fit")
            return None


@lru_cache(maxsize=1_000)
def _known_press(label: str, data: str, rank: Rank) -> InlineKeyboardButton:
    """A button whose label is a sentence of ours alone: nothing that somebody wrote stays in memory."""
    return _press(label, data, rank)


def _press(label: str, data: str, rank: Rank) -> InlineKeyboardButton:
    """The button in its rank: one colour on either door (Bot API, `style`); what else there is only the page draws."""
    if rank == "main":
        return InlineKeyboardButton(text=label, callback_data=data, style="primary")
    if rank == "choice":
        return InlineKeyboardButton(text=label, callback_data=data)
    # Not the Bot API's: Telegram passes over it.
    return InlineKeyboardButton.model_validate({"text": label, "callback_data": data, "variant": rank})


def _tick(label: str, data: str, *, checked: bool) -> InlineKeyboardButton:
    """A row that is ticked or not; Telegram knows none and passes over it: there the label alone says so."""
    return InlineKeyboardButton.model_validate({"text": label, "callback_data": data, "checked": checked})


def _field(secret: Secret, label: str) -> ForceReply:
    """The field for a secret, by the convention of the web chat's page: `<kind>: <label>`."""
    line = " ".join(bare(_sound(label)).split())
    placeholder = shortened(f"{secret}: {line}", _PLACEHOLDER)
    return ForceReply(force_reply=True, input_field_placeholder=placeholder)
