"""sendMessage, sendPhoto, sendDocument, sendChatAction, and messages in Telegram's shape."""

import mimetypes

from bot.webchat.base.protocol import (
    CAPTION_CHARS,
    DOCUMENT_BYTES,
    PHOTO_BYTES,
    SOURCE_BYTES,
    TEXT_CHARS,
    TYPING_SECONDS,
    JsonObject,
    bad_request,
)
from bot.webchat.bot_api.call import Call
from bot.webchat.chat.chats import Chat, KeptMessage
from bot.webchat.chat.files import StoredFile, image_size
from bot.webchat.chat.state import WebChatState
from bot.webchat.markup import entities
from bot.webchat.markup.keyboards import inline_keyboard, secret_field


def composed(call: Call, name: str, entities_name: str, limit: int, too_long: str) -> tuple[str, list[JsonObject]]:
    """Return the text of parameter ``name`` without white space at its ends, and its entities: given, and found in it.

    No parse mode is supported, HTML and Markdown included: Hark sends entities, and nothing is read as markup.

    Raises:
        Refusal: 400 for a parse mode, for bad entities, for more than ``SOURCE_BYTES`` of UTF-8, or for more than
            ``limit`` UTF-16 units (``too_long``).
    """
    source, explicit = call.text(name), call.parsed(entities_name)
    if len(source.encode()) > SOURCE_BYTES:
        raise bad_request("text is too long")
    if source and call.text("parse_mode").lower() not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    text, marks = entities.trimmed(source, entities.given(source, explicit) if explicit else [])
    if entities.units(text) > limit:
        raise bad_request(too_long)
    return text, entities.with_found(text, marks)


def bot_message(door: WebChatState, chat: Chat, call: Call) -> JsonObject:
    """Return the fields that every message of the bot begins with; the caller adds its content.

    Raises:
        Refusal: 400 when it replies to a message that is not kept, unless the call allows that.
    """
    wire: JsonObject = {
        "message_id": door.numbering.next(),
        "from": door.bot,
        "chat": chat_wire(chat.id),
        "date": door.now,
    }
    if call.flag("protect_content"):
        wire["has_protected_content"] = True
    replied = _replied_to(chat, call)
    if replied is not None:
        wire["reply_to_message"] = replied
    return wire


def _replied_to(chat: Chat, call: Call) -> JsonObject | None:
    parameters = call.parsed("reply_parameters")
    if not isinstance(parameters, dict) or not isinstance(parameters.get("message_id"), int):
        return None
    message = chat.messages.get(parameters["message_id"])
    if message is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return without_reply(message.wire) if message else None


def without_reply(wire: JsonObject) -> JsonObject:
    """Return a message as it is quoted in another: without what it replied to itself."""
    return {name: value for name, value in wire.items() if name != "reply_to_message"}


def chat_wire(chat_id: int) -> JsonObject:
    """Return the private chat in Telegram's shape; the person has no name here."""
    return {"id": chat_id, "first_name": "Guest", "type": "private"}


def person_wire(chat: Chat) -> JsonObject:
    """Return the person in the shape of Telegram's User; the language is the browser's."""
    return {"id": chat.id, "is_bot": False, "first_name": "Guest", "language_code": chat.language}


def chat_of(door: WebChatState, call: Call) -> Chat:
    """Return the chat that ``chat_id`` names.

    Raises:
        Refusal: 400 when it is empty or unknown, 403 when its person has left.
    """
    if not call.text("chat_id"):
        raise bad_request("chat_id is empty")
    try:
        return door.chats.for_bot(int(call.text("chat_id")))
    except ValueError:
        raise bad_request("chat not found") from None


async def send_message(door: WebChatState, call: Call) -> JsonObject:
    """Send a text. https://core.telegram.org/bots/api#sendmessage.

    Raises:
        Refusal: 403 when the person has left; 400 for an unknown chat or replied message, a text that is empty, too
            long or unreadable, or a bad keyboard. Nothing was sent.
    """
    chat = chat_of(door, call)
    text, marks = composed(call, "text", "entities", TEXT_CHARS, "message is too long")
    if not text:
        raise bad_request("message text is empty" if not call.text("text") else "text must be non-empty")
    content: JsonObject = {"text": text, **({"entities": marks} if marks else {})}
    return _say(door, chat, call, content, [])


async def send_photo(door: WebChatState, call: Call) -> JsonObject:
    """Show a picture (PNG, JPEG or GIF). https://core.telegram.org/bots/api#sendphoto.

    Raises:
        Refusal: as for `send_message`, and 400 for a file that is missing, empty, no picture, or larger than 10 MB.
    """
    chat = chat_of(door, call)
    file = _file(door, chat, call, "photo", PHOTO_BYTES)
    size = image_size(file.content)
    if size is None:
        door.files.forget([file.file_id])
        raise bad_request("IMAGE_PROCESS_FAILED")
    return _say(door, chat, call, {"photo": [photo_wire(file, size)], **_caption(call)}, [file.file_id])


async def send_document(door: WebChatState, call: Call) -> JsonObject:
    """Send a file. https://core.telegram.org/bots/api#senddocument.

    Raises:
        Refusal: as for `send_message`, and 400 for a file that is missing, empty, or larger than 50 MB.
    """
    chat = chat_of(door, call)
    file = _file(door, chat, call, "document", DOCUMENT_BYTES)
    return _say(door, chat, call, {"document": document_wire(file), **_caption(call)}, [file.file_id])


async def send_chat_action(door: WebChatState, call: Call) -> bool:
    """Let the page show for 5 seconds that an answer is being written. https://core.telegram.org/bots/api#sendchataction.

    Raises:
        Refusal: 403 when the person has left; 400 for an unknown chat or a missing action.
    """
    chat = chat_of(door, call)
    if not call.text("action"):
        raise bad_request("wrong parameter action in request")
    chat.typing_until = door.clock() + TYPING_SECONDS
    chat.bump()
    return True


def photo_wire(file: StoredFile, size: tuple[int, int]) -> JsonObject:
    """Return a picture as the one PhotoSize that it has here; `size` is width and height in pixels."""
    return {**file.wire(), "width": size[0], "height": size[1]}


def document_wire(file: StoredFile) -> JsonObject:
    """Return a file as a Document."""
    return {**file.wire(), "file_name": file.name, "mime_type": file.mime}


def _say(door: WebChatState, chat: Chat, call: Call, content: JsonObject, file_ids: list[str]) -> JsonObject:
    markup = call.parsed("reply_markup")
    keyboard = inline_keyboard(markup)
    wire = {**bot_message(door, chat, call), **content, **({"reply_markup": keyboard} if keyboard else {})}
    chat.keeps_device |= bool(keyboard and keyboard.get("keep_device"))
    chat.add(KeptMessage(wire, mine=False, asks_for=secret_field(markup), file_ids=file_ids))
    return wire


def _caption(call: Call) -> JsonObject:
    text, marks = composed(call, "caption", "caption_entities", CAPTION_CHARS, "message caption is too long")
    said: JsonObject = {"caption": text} if text else {}
    return {**said, "caption_entities": marks} if marks else said


def _file(door: WebChatState, chat: Chat, call: Call, name: str, limit: int) -> StoredFile:
    inline_keyboard(call.parsed("reply_markup"))  # a bad keyboard is refused before anything is stored
    _caption(call)
    given = call.upload(name)
    if isinstance(given, str):
        known = door.files.get(given)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return door.files.put(known.name, known.mime, known.content, chat.id)
    if not given.content:
        raise bad_request("file must be non-empty")
    if len(given.content) > limit:
        raise bad_request(f"file is too big ({name})")
    mime = mimetypes.guess_type(given.name)[0] or given.mime
    return door.files.put(given.name or name, mime, given.content, chat.id)
