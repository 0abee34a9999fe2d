"""What sending and editing share: a caption or text with its entities, and a message in Telegram's shape."""

from bot.webchat import entities
from bot.webchat.call import Call
from bot.webchat.chats import Chat
from bot.webchat.door import Door
from bot.webchat.html_markup import parse_html
from bot.webchat.limits import SOURCE_BYTES
from bot.webchat.markdown_markup import parse_markdown
from bot.webchat.plain_markdown import parse_plain_markdown
from bot.webchat.wire import JsonObject, bad_request

_STYLES = {"html": parse_html, "markdownv2": parse_markdown, "markdown": parse_plain_markdown}


def composed(call: Call, name: str, entities_name: str, limit: int, too_long: str) -> tuple[str, list[JsonObject]]:
    """Return the text of parameter ``name`` and its entities, from a parse mode or else explicit, and the found ones.

    Raises:
        Refusal: 400 when it cannot be parsed, or is longer than ``limit`` UTF-16 units after parsing (``too_long``).
    """
    source, mode, explicit = call.text(name), call.text("parse_mode").lower(), call.parsed(entities_name)
    if len(source.encode()) > SOURCE_BYTES:
        raise bad_request("text is too long")
    if source and mode not in {"", "none"}:
        if mode not in _STYLES:
            raise bad_request("unsupported parse_mode")
        text, marks = _STYLES[mode](source)
    else:
        text, marks = source, entities.given(source, explicit) if explicit else []
    text, marks = entities.trimmed(text, marks)
    if entities.units(text) > limit:
        raise bad_request(too_long)
    return text, entities.with_found(text, marks)


def bot_message(door: Door, chat: Chat, call: Call) -> JsonObject:
    """Return the beginning of a message from the bot; its content is added by the caller."""
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
    """Return the private chat as Telegram says it; the person has no name here."""
    return {"id": chat_id, "first_name": "Guest", "type": "private"}


def person_wire(chat: Chat) -> JsonObject:
    """Return the person as Telegram says a user; the language is the browser's."""
    return {"id": chat.id, "is_bot": False, "first_name": "Guest", "language_code": chat.language}


def chat_of(door: Door, call: Call) -> Chat:
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
