"""What the page is told: messages as it draws them, and everything that changed since it last asked."""

import re

from bot.webchat.base.protocol import JsonObject
from bot.webchat.chat.chats import Chat, KeptMessage
from bot.webchat.chat.state import WebChatState
from bot.webchat.markup.entities import in_order, units

_PHONE = re.compile(
    r"(?<![\w.,:/+-])(?<!\d )"
    r"(?:\+\d[\d ()-]{5,18}\d|0[\d ()-]{6,16}\d|1-?8\d\d-\d{3}-\d{4}|116 ?\d{3}|112|911|999|988|111|000)"
    r"(?!\w|[.,:/-]\d| \d)"
)
_FIXED = frozenset({"code", "pre", "text_link", "url", "bot_command", "email", "phone_number"})


def changes(door: WebChatState, chat: Chat, after: int) -> JsonObject:
    """Return what changed in a chat above version ``after``, and the version that the page has then.

    Args:
        door: For the commands and the time.
        chat: Whose page asks.
        after: The version that the page has; 0 gives everything.
    """
    return {
        "epoch": chat.epoch,
        "version": chat.version,
        "messages": [message_view(one) for one in chat.messages.values() if one.changed > after],
        "gone": [message_id for version, message_id, _ in chat.deleted if version > after],
        # What was typed and taken away before the page had heard of it: it stands there by the page's own id.
        "unsaid": [client_id for version, _, client_id in chat.deleted if version > after and client_id],
        "notices": [notice for version, notice in chat.notices if version > after],
        "settled": [client_id for client_id, made in chat.inputs.items() if made.settled and made.settled > after],
        "typing": chat.typing_until > door.clock(),
        "commands": door.commands.seen_by(chat.id, chat.language),
    }


def message_view(message: KeptMessage) -> JsonObject:
    """Return one message as the page draws it; entity offsets are UTF-16 units, as its language counts.

    What a person typed into a field for secrets is dots here, and never leaves again as text.
    """
    wire = message.wire
    text = wire.get("text") or wire.get("caption") or ""
    marks = wire.get("entities") or wire.get("caption_entities") or []
    markup = wire.get("reply_markup", {})
    view: JsonObject = {
        "id": wire["message_id"],
        "mine": message.mine,
        "text": text,
        "entities": marks if message.mine else _with_phones(text, marks),
        "date": wire["date"],
        "secret": message.secret,
        "client": message.client_id,
        "field": message.asks_for,
        "protect": bool(wire.get("has_protected_content")),
        "buttons": [[_button(one) for one in row] for row in markup.get("inline_keyboard", [])],
        "chosen": message.chosen,
        "private": bool(markup.get("private")),
        "beside": bool(markup.get("beside")),
        "asks_file": bool(markup.get("file")),
    }
    return {**view, "file": _file(wire)}


def _with_phones(text: str, marks: list[JsonObject]) -> list[JsonObject]:
    taken = [(one["offset"], one["offset"] + one["length"]) for one in marks if one["type"] in _FIXED]
    found: list[JsonObject] = []
    for match in _PHONE.finditer(text):
        first = units(text[: match.start()])
        last = first + units(match.group())
        if all(last <= start or first >= end for start, end in taken):
            found.append({"type": "phone_number", "offset": first, "length": last - first})
    return in_order([*marks, *found])


def _button(button: JsonObject) -> JsonObject:
    view: JsonObject = {"text": button["text"], "style": button.get("style", ""), "variant": button.get("variant", "")}
    if "checked" in button:
        view["checked"] = button["checked"]
    if "callback_data" in button:
        return {**view, "data": button["callback_data"]}
    if "copy_text" in button:
        return {**view, "copy": button["copy_text"]["text"]}
    return {**view, "url": button["web_app"]["url"] if "web_app" in button else button["url"]}


def _file(wire: JsonObject) -> JsonObject | None:
    if "photo" in wire:
        photo = wire["photo"][-1]
        return {
            "kind": "photo",
            "name": "",
            "size": photo["file_size"],
            "width": photo["width"],
            "height": photo["height"],
        }
    if "document" in wire:
        return {"kind": "document", "name": wire["document"]["file_name"], "size": wire["document"]["file_size"]}
    return None
