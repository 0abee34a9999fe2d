"""editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessage and deleteMessages (48 hours)."""

from bot.webchat.base.protocol import CAPTION_CHARS, DELETABLE_SECONDS, DELETE_IDS, TEXT_CHARS, JsonObject, bad_request
from bot.webchat.bot_api.call import Call
from bot.webchat.bot_api.sending import chat_of, composed
from bot.webchat.chat.chats import Chat, KeptMessage
from bot.webchat.chat.state import WebChatState
from bot.webchat.markup.keyboards import inline_keyboard

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


async def edit_message_text(door: WebChatState, call: Call) -> JsonObject:
    """Change a text and its buttons. https://core.telegram.org/bots/api#editmessagetext.

    Raises:
        Refusal: 403 when the person has left; 400 for an unknown chat or message, a person's message, one without a
            text, an empty or unreadable text, a bad keyboard, or no change. The message stays as it was.
    """
    chat, message = _editable(door, call)
    text, marks = composed(call, "text", "entities", TEXT_CHARS, "MESSAGE_TOO_LONG")
    if not text:
        raise bad_request("message text is empty")
    if "text" not in message.wire:
        raise bad_request("there is no text in the message to edit")
    return _changed(door, chat, message, call, {"text": text, "entities": marks})


async def edit_message_caption(door: WebChatState, call: Call) -> JsonObject:
    """Change a caption and its buttons. https://core.telegram.org/bots/api#editmessagecaption.

    Raises:
        Refusal: 403 when the person has left; 400 for an unknown chat or message, a person's message, one with a text,
            an unreadable caption, a bad keyboard, or no change. The message stays as it was.
    """
    chat, message = _editable(door, call)
    text, marks = composed(call, "caption", "caption_entities", CAPTION_CHARS, "MEDIA_CAPTION_TOO_LONG")
    if "text" in message.wire:
        raise bad_request("there is no caption in the message to edit")
    return _changed(door, chat, message, call, {"caption": text, "caption_entities": marks})


async def edit_message_reply_markup(door: WebChatState, call: Call) -> JsonObject:
    """Change the buttons only; none are left when none are given. https://core.telegram.org/bots/api#editmessagereplymarkup.

    Raises:
        Refusal: 403 when the person has left; 400 for an unknown chat or message, a person's message, a bad keyboard,
            or no change. The message stays as it was.
    """
    chat, message = _editable(door, call)
    return _changed(door, chat, message, call, {})


def _editable(door: WebChatState, call: Call) -> tuple[Chat, KeptMessage]:
    chat = chat_of(door, call)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.mine:
        raise bad_request("message can't be edited")
    return chat, message


def _changed(door: WebChatState, chat: Chat, message: KeptMessage, call: Call, content: JsonObject) -> JsonObject:
    keyboard = inline_keyboard(call.parsed("reply_markup"))
    wire = {name: value for name, value in message.wire.items() if name != "reply_markup"}
    wire = {name: value for name, value in {**wire, **content, "reply_markup": keyboard}.items() if value}
    if wire == {**message.wire}:
        raise bad_request(_SAME)
    chat.replace(message, {**wire, "edit_date": door.now})
    return message.wire


async def delete_message(door: WebChatState, call: Call) -> bool:
    """Take one message away. https://core.telegram.org/bots/api#deletemessage.

    A message that only the page still remembers leaves its screen too, although the answer is "not found".

    Raises:
        Refusal: 403 when the person has left; 400 for an unknown chat or message, and for one older than 48 hours.
    """
    chat, message_id = chat_of(door, call), call.integer("message_id")
    if not _deletable(door, chat, message_id):
        raise bad_request("message can't be deleted")
    if not _delete(door, chat, message_id):
        raise bad_request("message to delete not found")
    return True


async def delete_messages(door: WebChatState, call: Call) -> bool:
    """Take 1 to 100 messages away; unknown ones are skipped. https://core.telegram.org/bots/api#deletemessages.

    Raises:
        Refusal: 403 when the person has left; 400 for an unknown chat, for ids that are none, no numbers or more than
            100, and where one message is older than 48 hours; none is deleted then.
    """
    chat, ids = chat_of(door, call), _ids(call.parsed("message_ids"))
    if not all(_deletable(door, chat, message_id) for message_id in ids):
        raise bad_request("message can't be deleted")
    for message_id in ids:
        _delete(door, chat, message_id)
    return True


def _ids(given: object) -> list[int]:
    if given is None or given == []:
        raise bad_request("message identifiers are not specified")
    if not isinstance(given, list):
        raise bad_request("expected an Array of message identifiers")
    if len(given) > DELETE_IDS:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(one, int | str) for one in given):
        raise bad_request("message identifier must be a Number")
    try:
        ids = [int(one) for one in given]
    except ValueError:
        raise bad_request("can't parse message identifier as a Number") from None
    if min(ids) <= 0:
        raise bad_request("invalid message identifier specified")
    return ids


def _deletable(door: WebChatState, chat: Chat, message_id: int) -> bool:
    message = chat.messages.get(message_id)
    return message is None or door.now - int(message.wire["date"]) <= DELETABLE_SECONDS


def _delete(door: WebChatState, chat: Chat, message_id: int) -> bool:
    message = chat.remove(message_id)
    if message is not None:
        door.files.forget(message.file_ids)
    return message is not None
