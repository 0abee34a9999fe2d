"""editMessageText, editMessageCaption, editMessageReplyMarkup."""

from bot.webchat.call import Call
from bot.webchat.chats import Chat, KeptMessage
from bot.webchat.door import Door
from bot.webchat.keyboards import inline_keyboard
from bot.webchat.limits import CAPTION_CHARS, TEXT_CHARS
from bot.webchat.methods.composing import chat_of, composed
from bot.webchat.wire import JsonObject, bad_request

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


async def edit_message_text(door: Door, call: Call) -> JsonObject:
    """Change a text and its buttons. https://core.telegram.org/bots/api#editmessagetext."""
    chat, message = _editable(door, call)
    text, marks = composed(call, "text", "entities", TEXT_CHARS, "MESSAGE_TOO_LONG")
    if not text:
        raise bad_request("message text is empty")
    if "text" not in message.wire:
        raise bad_request("there is no text in the message to edit")
    return _changed(door, chat, message, call, {"text": text, "entities": marks})


async def edit_message_caption(door: Door, call: Call) -> JsonObject:
    """Change a caption and its buttons. https://core.telegram.org/bots/api#editmessagecaption."""
    chat, message = _editable(door, call)
    text, marks = composed(call, "caption", "caption_entities", CAPTION_CHARS, "MEDIA_CAPTION_TOO_LONG")
    if "text" in message.wire:
        raise bad_request("there is no caption in the message to edit")
    return _changed(door, chat, message, call, {"caption": text, "caption_entities": marks})


async def edit_message_reply_markup(door: Door, call: Call) -> JsonObject:
    """Change the buttons only; none are left when none are given. https://core.telegram.org/bots/api#editmessagereplymarkup."""
    chat, message = _editable(door, call)
    return _changed(door, chat, message, call, {})


def _editable(door: Door, call: Call) -> tuple[Chat, KeptMessage]:
    chat = chat_of(door, call)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.mine:
        raise bad_request("message can't be edited")
    return chat, message


def _changed(door: Door, chat: Chat, message: KeptMessage, call: Call, content: JsonObject) -> JsonObject:
    keyboard = inline_keyboard(call.parsed("reply_markup"))
    wire = {name: value for name, value in message.wire.items() if name != "reply_markup"}
    wire = {name: value for name, value in {**wire, **content, "reply_markup": keyboard}.items() if value}
    if wire == {**message.wire}:
        raise bad_request(_SAME)
    chat.replace(message, {**wire, "edit_date": door.now})
    return message.wire
