"""The commands that a messenger offers in its menu to everybody, one list for each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiogram import Bot
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

from flows.values.text import Text
from handlers.telegram.languages import Translator

#: What a reporter may type at any time. The descriptions say nothing of what this is for: menus are seen by others.
REPORTER: Final[Mapping[str, Text]] = {
    "start": Text("Begin, or carry on"),
    "help": Text("Help now: numbers to call"),
    "return": Text("Come back with your words"),
    "new": Text("Begin something new"),
    "language": Text("Change the language"),
    "privacy": Text("Who reads, how long it is kept"),
    "tidy": Text("Delete the messages in this chat"),
    "stop": Text("Stop"),
}


async def set_commands(bot: Bot, translators: Mapping[str, Translator]) -> None:
    """Offer the commands in every language of `translators`, English where a person's language is not among them.

    Raises what the Bot API answers with; nothing depends on the menu, so the caller may go on without it.
    """
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(_said(translators["en"]), scope=scope)
    told = {"en"}
    for tag, translator in translators.items():
        primary = tag.partition("-")[0].partition("_")[0].lower()
        if len(primary) == 2 and primary not in told:
            told.add(primary)
            await bot.set_my_commands(_said(translator), scope=scope, language_code=primary)


def _said(translator: Translator) -> list[BotCommand]:
    return [BotCommand(command=name, description=translator.say(text)) for name, text in REPORTER.items()]
