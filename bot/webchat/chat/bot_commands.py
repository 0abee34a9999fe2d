"""The bot's commands by scope and language, and which of them one chat sees.

Source: https://core.telegram.org/bots/api#determining-list-of-commands
"""

import re
from collections.abc import Callable

from bot.webchat.base.protocol import COMMANDS, JsonObject, bad_request

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)


class Commands:
    """Command lists by (scope, chat id, language); ``on_change`` is told the chat id concerned, None for all."""

    def __init__(self, on_change: Callable[[int | None], None]) -> None:
        self._lists: dict[tuple[str, int | None, str], list[JsonObject]] = {}
        self._on_change = on_change

    def put(self, commands: object, scope: object, language: str) -> None:
        """Set the list of a scope and language; an empty list deletes it.

        Raises:
            Refusal: 400 for a command or scope Telegram would refuse.
        """
        key = (*_scope(scope), language)
        if not isinstance(commands, list):
            raise bad_request("expected an Array of BotCommand")
        if len(commands) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._lists[key] = [_command(command) for command in commands]
        self._on_change(key[1])

    def get(self, scope: object, language: str) -> list[JsonObject]:
        """Return the list set for exactly this scope and language.

        Raises:
            Refusal: 400 for a scope that Telegram would refuse.
        """
        return self._lists.get((*_scope(scope), language), [])

    def seen_by(self, chat_id: int, language: str) -> list[JsonObject]:
        """Return what a private chat shows: the chat's own, then all_private_chats, then default; language first.

        Source: https://core.telegram.org/bots/api#determining-list-of-commands. Empty where no list was set.
        """
        for scope, chat in (("chat", chat_id), ("all_private_chats", None), ("default", None)):
            for spoken in (language, ""):
                if found := self._lists.get((scope, chat, spoken)):
                    return found
        return []


def _scope(scope: object) -> tuple[str, int | None]:
    if scope is None:
        return "default", None
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat = scope.get("chat_id") if isinstance(scope, dict) else None
    if chat in {None, ""} and kind in {"chat", "chat_administrators", "chat_member"}:
        raise bad_request("can't parse BotCommandScope: empty chat_id specified")
    return str(kind), int(chat) if isinstance(chat, int | str) and str(chat).lstrip("-").isdigit() else None


def _command(command: object) -> JsonObject:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
