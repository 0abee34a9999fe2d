"""deleteMessage and deleteMessages: both sides' messages, within Telegram's 48 hours."""

from bot.webchat.call import Call
from bot.webchat.chats import Chat
from bot.webchat.door import Door
from bot.webchat.limits import DELETABLE_SECONDS, DELETE_IDS
from bot.webchat.methods.composing import chat_of
from bot.webchat.wire import bad_request


async def delete_message(door: Door, call: Call) -> bool:
    """Take one message away. https://core.telegram.org/bots/api#deletemessage.

    A message that only the page still remembers leaves its screen too, although the answer is "not found".
    """
    chat, message_id = chat_of(door, call), call.integer("message_id")
    if not _deletable(door, chat, message_id):
        raise bad_request("message can't be deleted")
    if not _delete(door, chat, message_id):
        raise bad_request("message to delete not found")
    return True


async def delete_messages(door: Door, call: Call) -> bool:
    """Take 1 to 100 messages away; unknown ones are skipped. https://core.telegram.org/bots/api#deletemessages."""
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


def _deletable(door: Door, chat: Chat, message_id: int) -> bool:
    message = chat.messages.get(message_id)
    return message is None or door.now - int(message.wire["date"]) <= DELETABLE_SECONDS


def _delete(door: Door, chat: Chat, message_id: int) -> bool:
    message = chat.remove(message_id)
    if message is not None:
        door.files.forget(message.file_ids)
    return message is not None
