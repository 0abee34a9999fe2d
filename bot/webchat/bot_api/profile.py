"""getMe, names, descriptions, commands, answerCallbackQuery and getFile."""

from bot.webchat.base.protocol import CALLBACK_ANSWER_CHARS, DOWNLOAD_BYTES, JsonObject, bad_request
from bot.webchat.bot_api.call import Call
from bot.webchat.chat.state import WebChatState
from bot.webchat.markup.entities import units


async def get_me(door: WebChatState, call: Call) -> JsonObject:  # noqa: ARG001 - every method has this shape
    """Return who the bot is. https://core.telegram.org/bots/api#getme."""
    return {
        **door.bot,
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(door: WebChatState, call: Call) -> bool:
    """Set a list of commands. https://core.telegram.org/bots/api#setmycommands.

    Raises:
        Refusal: 400 for a command, scope or JSON that Telegram would refuse; the list stays as it was.
    """
    door.commands.put(call.parsed("commands"), call.parsed("scope"), call.text("language_code"))
    return True


async def delete_my_commands(door: WebChatState, call: Call) -> bool:
    """Delete a list of commands. https://core.telegram.org/bots/api#deletemycommands.

    Raises:
        Refusal: 400 for a scope that Telegram would refuse.
    """
    door.commands.put([], call.parsed("scope"), call.text("language_code"))
    return True


async def get_my_commands(door: WebChatState, call: Call) -> list[JsonObject]:
    """Return a list of commands as it was set. https://core.telegram.org/bots/api#getmycommands.

    Raises:
        Refusal: 400 for a scope that is not JSON, or that Telegram would refuse.
    """
    return door.commands.get(call.parsed("scope"), call.text("language_code"))


async def accept_quietly(door: WebChatState, call: Call) -> bool:  # noqa: ARG001 - every method has this shape
    """Accept what changes nothing here: the page's name is the operator's, not the bot's (setMyName and others)."""
    return True


async def answer_callback_query(door: WebChatState, call: Call) -> bool:
    """Answer a tap, with a text if there is one. https://core.telegram.org/bots/api#answercallbackquery.

    Raises:
        Refusal: 400 when the text is longer than 200 UTF-16 units, or the query is unknown, answered or older than 15
            minutes.
    """
    text = call.text("text")
    if units(text) > CALLBACK_ANSWER_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    chat_id, client_id = door.callbacks.answer(call.text("callback_query_id"))
    if not door.chats.has_left(chat_id):
        door.chats.for_bot(chat_id).notify({"answers": client_id, "text": text, "alert": call.flag("show_alert")})
    return True


async def get_file(door: WebChatState, call: Call) -> JsonObject:
    """Return a file's path for ``/file/bot<token>/<path>``. https://core.telegram.org/bots/api#getfile.

    Raises:
        Refusal: 400 when the file is unknown, or larger than 20 MB.
    """
    file = door.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.wire(), "file_path": f"files/{file.file_id}"}
