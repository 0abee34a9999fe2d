"""What a person does on the page, turned into updates for the bot; a long text is cut as Telegram's clients do."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import regex

from bot.webchat.base.protocol import TEXT_CHARS, UPLOAD_KEPT_SECONDS, JsonObject
from bot.webchat.bot_api.call import Upload
from bot.webchat.bot_api.sending import chat_wire, document_wire, person_wire, photo_wire, without_reply
from bot.webchat.chat.chats import Chat, Input, KeptMessage
from bot.webchat.chat.files import StoredFile, image_size
from bot.webchat.chat.state import WebChatState
from bot.webchat.markup.entities import units, with_found

# A letter as people see it (Unicode Annex 29). `\X` alone counts the flags before each flag anew, which is quadratic
# in a row of them; a flag's pair is read first.
_CLUSTER: Final = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+|\X")

DOTS = "••••••••"


def split_text(text: str) -> list[str]:
    """Return the text in trimmed parts of at most 4096 UTF-16 units, cut at a line end or a space if there is one.

    A grapheme cluster (a flag, a family, a syllable with its marks) is torn only if it alone is longer, and then
    between two code points. Takes time in proportion to the length of the text.
    """
    text, parts, start = text.strip(), [], 0
    while start < len(text):
        end = start + _end(text[start : start + TEXT_CHARS + 1])
        parts.append(text[start:end].rstrip())
        start = _behind_spaces(text, end)
    return parts


def _end(text: str) -> int:
    """Return where the first part ends, in characters; ``text`` goes on beyond a message if there is more of it."""
    fits = _letters_within(text, TEXT_CHARS)
    if fits == len(text):
        return fits
    whole = spaced = 0
    for found in _CLUSTER.finditer(text):
        if found.end() > fits:
            break
        whole = found.end()
        spaced = whole if found[0].isspace() else spaced
    return spaced if spaced > fits // 2 else whole or fits


def _behind_spaces(text: str, start: int) -> int:
    """Return where the next part begins: a space that carries a mark is no white space."""
    for found in _CLUSTER.finditer(text, start):
        if not found[0].isspace():
            return int(found.start())
    return len(text)


def _letters_within(text: str, limit: int) -> int:
    used = 0
    for number, letter in enumerate(text):
        used += units(letter)
        if used > limit:
            return number
    return len(text)


@dataclass(frozen=True)
class Act:
    """One input of the page: its own id, and the ids it got before a restart if the page holds a proof of them."""

    client_id: str
    ids: tuple[int, ...] = ()
    ticket: str = ""


@dataclass(frozen=True)
class _TypedText:
    parts: tuple[JsonObject, ...]
    quoted: JsonObject
    secret: bool


class PersonActions:
    """Applies acts to chats. Every method returns the ids it used and leaves a repeated act without effect."""

    def __init__(self, door: WebChatState) -> None:
        self._door = door

    def types(self, chat: Chat, act: Act, text: str, reply_to: int | None, *, secret: bool) -> list[int]:
        """Take a typed text; over 4,096 UTF-16 units it becomes several messages. A secret one is kept as dots only.

        Raises:
            QueueFull: the bot has been away for too long; nothing was taken.
        """
        told = _TypedText(tuple(map(_text, split_text(text))), _quoted(chat, reply_to), secret)
        return self._apply(chat, act, len(told.parts), lambda ids: self._say(chat, act, told, ids))

    def taps(self, chat: Chat, act: Act, message_id: int, data: str) -> list[int]:
        """Take a tap on a button; a message that is not kept any more arrives as inaccessible.

        Raises:
            QueueFull: as above.
        """
        return self._apply(chat, act, 1, lambda ids: self._query(chat, act, ids[0], message_id, data))

    def uploads(self, chat: Chat, act: Act, upload: Upload, caption: str) -> list[int]:
        """Send a file, as a photo when it is a picture and as a document otherwise.

        Raises:
            QueueFull: as above.
        """
        return self._apply(chat, act, 1, lambda ids: self._file(chat, act, upload, caption, ids))

    def shows_file(self, chat: Chat, act: Act, kind: str) -> list[int]:
        """Tell the bot that there was a photo, a video or another file (any other ``kind``), of which nothing is here.

        The message has a ``file_id`` that getFile does not know. It is not shown, since nothing was sent.

        Raises:
            QueueFull: as above.
        """
        return self._apply(chat, act, 1, lambda ids: self._no_file(chat, act, kind, ids))

    def leaves(self, chat: Chat) -> None:
        """Leave for good: the chat is forgotten, and the bot is told as when somebody blocks it.

        Source: https://core.telegram.org/bots/api#chatmemberupdated. What waits of this chat still goes to the bot
        first.
        """
        member = {"user": self._door.bot}
        change = {
            "chat": chat_wire(chat.id),
            "from": person_wire(chat),
            "date": self._door.now,
            "old_chat_member": {**member, "status": "member"},
            "new_chat_member": {**member, "status": "kicked", "until_date": 0},
        }
        self._door.updates.push(
            {"update_id": self._door.numbering.next(), "my_chat_member": change}, lambda: None, chat.rank
        )
        self._door.chats.leave(chat.id)

    def _apply(self, chat: Chat, act: Act, count: int, make: Callable[[list[int]], None]) -> list[int]:
        known = chat.inputs.get(act.client_id)
        if known is not None:
            return known.ids
        self._door.updates.require_room(count)
        ids = list(act.ids) if self._revived(chat, act, 2 * count) else self._new_ids(2 * count)
        chat.remember(act.client_id, Input(ids, count))
        make(ids)
        return ids

    def _revived(self, chat: Chat, act: Act, count: int) -> bool:
        ids = list(act.ids)
        return len(ids) == count and self._door.signer.ticket_holds(chat.id, act.client_id, ids, act.ticket)

    def _new_ids(self, count: int) -> list[int]:
        self._door.numbering.skip(self._door.faults.delivery.left_out())
        return [self._door.numbering.next() for _ in range(count)]

    def _push(self, chat: Chat, act: Act, update: JsonObject) -> None:
        revived = update["update_id"] in act.ids
        self._door.updates.push(update, lambda: chat.settle(act.client_id), chat.rank, revived=revived)

    def _say(self, chat: Chat, act: Act, told: "_TypedText", ids: list[int]) -> None:
        for part, update_id, message_id in zip(told.parts, ids[::2], ids[1::2], strict=True):
            begun = self._begun(chat, message_id)
            marked = self._marked(chat) if told.secret else {}
            wire = {**begun, **told.quoted, **part, **marked}
            shown = {**begun, "text": DOTS} if told.secret else wire
            chat.add(KeptMessage(shown, mine=True, secret=told.secret, client_id=act.client_id))
            self._push(chat, act, {"update_id": update_id, "message": wire})

    def _marked(self, chat: Chat) -> JsonObject:
        """Say where a secret came from; these fields are not Telegram's, and clients pass over them."""
        device = {"from_device": self._door.signer.device(chat.device)} if chat.device else {}
        return {"from_secret_field": True, **device}

    def _query(self, chat: Chat, act: Act, update_id: int, message_id: int, data: str) -> None:
        message = chat.messages.get(message_id)
        if message is not None:
            message.chosen = data
        gone = {"chat": chat_wire(chat.id), "message_id": message_id, "date": 0}
        for number in range(self._door.faults.delivery.taps()):
            query = {
                "id": self._door.callbacks.ask(chat.id, act.client_id),
                "from": person_wire(chat),
                "message": message.wire if message else gone,
                "chat_instance": str(chat.id),
                "data": data,
            }
            self._push(chat, act, {"update_id": update_id + number, "callback_query": query})

    def _file(self, chat: Chat, act: Act, upload: Upload, caption: str, ids: list[int]) -> None:
        file = self._door.files.put(upload.name or "file", upload.mime, upload.content, chat.id, UPLOAD_KEPT_SECONDS)
        said = {"caption": caption} if caption else {}
        wire = {**self._begun(chat, ids[1]), **_media(file), **said}
        chat.add(KeptMessage(wire, mine=True, client_id=act.client_id, file_ids=[file.file_id]))
        self._push(chat, act, {"update_id": ids[0], "message": wire})

    def _no_file(self, chat: Chat, act: Act, kind: str, ids: list[int]) -> None:
        wire = {**self._begun(chat, ids[1]), **_without_bytes(kind)}
        self._push(chat, act, {"update_id": ids[0], "message": wire})

    def _begun(self, chat: Chat, message_id: int) -> JsonObject:
        return {"message_id": message_id, "from": person_wire(chat), "chat": chat_wire(chat.id), "date": self._door.now}


def _quoted(chat: Chat, reply_to: int | None) -> JsonObject:
    replied = chat.messages.get(reply_to) if reply_to is not None else None
    return {"reply_to_message": without_reply(replied.wire)} if replied and not replied.mine else {}


def _text(text: str) -> JsonObject:
    marks = with_found(text, [])
    return {"text": text, **({"entities": marks} if marks else {})}


def _media(file: StoredFile) -> JsonObject:
    size = image_size(file.content)
    return {"photo": [photo_wire(file, size)]} if size else {"document": document_wire(file)}


def _without_bytes(kind: str) -> JsonObject:
    """Say a file in the fewest fields that the Bot API lets it have: no size, no name.

    https://core.telegram.org/bots/api#photosize, #video, #document.
    """
    ids = {"file_id": secrets.token_urlsafe(24), "file_unique_id": secrets.token_urlsafe(12)}
    seen = {**ids, "width": 1, "height": 1}
    if kind == "photo":
        return {"photo": [seen]}
    return {"video": {**seen, "duration": 0}} if kind == "video" else {"document": ids}
