"""sendMessage, sendPhoto, sendDocument, sendChatAction."""

import mimetypes

from bot.webchat.call import Call
from bot.webchat.chats import Chat, KeptMessage
from bot.webchat.door import Door
from bot.webchat.files import StoredFile
from bot.webchat.image_size import image_size
from bot.webchat.keyboards import inline_keyboard, secret_field
from bot.webchat.limits import CAPTION_CHARS, DOCUMENT_BYTES, PHOTO_BYTES, TEXT_CHARS, TYPING_SECONDS
from bot.webchat.methods.composing import bot_message, chat_of, composed
from bot.webchat.wire import JsonObject, bad_request


async def send_message(door: Door, call: Call) -> JsonObject:
    """Speak a text. https://core.telegram.org/bots/api#sendmessage."""
    chat = chat_of(door, call)
    text, marks = composed(call, "text", "entities", TEXT_CHARS, "message is too long")
    if not text:
        raise bad_request("message text is empty" if not call.text("text") else "text must be non-empty")
    content: JsonObject = {"text": text, **({"entities": marks} if marks else {})}
    return _say(door, chat, call, content, [])


async def send_photo(door: Door, call: Call) -> JsonObject:
    """Show a picture (PNG, JPEG or GIF). https://core.telegram.org/bots/api#sendphoto."""
    chat = chat_of(door, call)
    file = _file(door, chat, call, "photo", PHOTO_BYTES)
    size = image_size(file.content)
    if size is None:
        door.files.forget([file.file_id])
        raise bad_request("IMAGE_PROCESS_FAILED")
    return _say(door, chat, call, {"photo": [photo_wire(file, size)], **_caption(call)}, [file.file_id])


async def send_document(door: Door, call: Call) -> JsonObject:
    """Send a file. https://core.telegram.org/bots/api#senddocument."""
    chat = chat_of(door, call)
    file = _file(door, chat, call, "document", DOCUMENT_BYTES)
    return _say(door, chat, call, {"document": document_wire(file), **_caption(call)}, [file.file_id])


async def send_chat_action(door: Door, call: Call) -> bool:
    """Let the page say that an answer is being written. https://core.telegram.org/bots/api#sendchataction."""
    chat = chat_of(door, call)
    if not call.text("action"):
        raise bad_request("wrong parameter action in request")
    chat.typing_until = door.clock() + TYPING_SECONDS
    chat.bump()
    return True


def photo_wire(file: StoredFile, size: tuple[int, int]) -> JsonObject:
    """Say a picture as the one PhotoSize it has here."""
    return {**file.wire(), "width": size[0], "height": size[1]}


def document_wire(file: StoredFile) -> JsonObject:
    """Say a file as a Document."""
    return {**file.wire(), "file_name": file.name, "mime_type": file.mime}


def _say(door: Door, chat: Chat, call: Call, content: JsonObject, file_ids: list[str]) -> JsonObject:
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


def _file(door: Door, chat: Chat, call: Call, name: str, limit: int) -> StoredFile:
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
