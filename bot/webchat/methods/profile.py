"""getMe, the bot's names and descriptions, and its commands."""

from bot.webchat.call import Call
from bot.webchat.door import Door
from bot.webchat.wire import JsonObject


async def get_me(door: Door, call: Call) -> JsonObject:  # noqa: ARG001 - every method has this shape
    """Say who the bot is. https://core.telegram.org/bots/api#getme."""
    return {
        **door.bot,
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(door: Door, call: Call) -> bool:
    """Set a list of commands. https://core.telegram.org/bots/api#setmycommands."""
    door.commands.put(call.parsed("commands"), call.parsed("scope"), call.text("language_code"))
    return True


async def delete_my_commands(door: Door, call: Call) -> bool:
    """Delete a list of commands. https://core.telegram.org/bots/api#deletemycommands."""
    door.commands.put([], call.parsed("scope"), call.text("language_code"))
    return True


async def get_my_commands(door: Door, call: Call) -> list[JsonObject]:
    """Return a list of commands as it was set. https://core.telegram.org/bots/api#getmycommands."""
    return door.commands.get(call.parsed("scope"), call.text("language_code"))


async def accept_quietly(door: Door, call: Call) -> bool:  # noqa: ARG001 - every method has this shape
    """Accept what changes nothing here: the page's name is the operator's, not the bot's (setMyName and others)."""
    return True
