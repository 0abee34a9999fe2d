"""The desk's commands and who may use each; what declares no `Access` is refused; the menu of one chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeChat

from flows.cases.golive import DECIDING
from flows.values.ids import READING, Role
from flows.values.text import Text
from handlers.desk.chat.visit import DeskChat, desk
from handlers.telegram import failures
from storage.values import ROLES, LeadCard

Level = Literal["anybody", "lead"]


@dataclass(frozen=True)
class Access:
    """What a handler declares: whether an open session is needed, and whose roles may use it.

    `pager`: also in a chat that is only told of things. `waiting`: also for a reader who waits to be let in.
    """

    level: Level
    roles: frozenset[Role]
    pager: bool = False
    waiting: bool = False

    @property
    def allows_waiting(self) -> bool:
        """Whether a reader who waits may use it."""
        return self.waiting or self.level == "anybody"

    def admits(self, lead: LeadCard | None) -> bool:
        """Whether a lead with an open session may use it; None: no open session."""
        if self.level == "anybody":
            return True
        return lead is not None and lead.role in self.roles and (self.allows_waiting or not lead.waiting)


#: Ways in, and `/lock`: for a chat without a session too.
ANYBODY: Final = Access("anybody", frozenset(ROLES))
#: What a chat that is only told of things may do too: lock, and hold the ladder.
TOLD: Final = Access("anybody", frozenset(ROLES), pager=True)
#: Whatever needs a session and opens no case.
EVERY_LEAD: Final = Access("lead", frozenset(ROLES), waiting=True)
#: Who there is, for whoever is in.
TEAM: Final = Access("lead", frozenset(ROLES))
#: Going live and back.
DECIDERS: Final = Access("lead", DECIDING)
#: Whatever touches cases: the roles that a case is ever sealed for.
CASE_READERS: Final = Access("lead", READING)


@dataclass(frozen=True)
class Offer:
    """A command as the menu shows it, and who may use it; `listed` is false for what no menu has to show."""

    text: Text
    access: Access
    listed: bool = True


COMMANDS: Final[Mapping[str, Offer]] = {
    "queue": Offer(desk("The cases, most urgent first"), CASE_READERS),
    "case": Offer(desk("Open a case"), CASE_READERS),
    "claim": Offer(desk("I have this"), CASE_READERS),
    "reply": Offer(desk("Write to the reporter"), CASE_READERS),
    "note": Offer(desk("A note that only leads read"), CASE_READERS),
    "assign": Offer(desk("Give a case to somebody"), CASE_READERS),
    "label": Offer(desk("A label for the queue"), CASE_READERS),
    "urgency": Offer(desk("Change how urgent it is"), CASE_READERS),
    "status": Offer(desk("Where a case stands"), CASE_READERS),
    "copy": Offer(desk("Copy the words out, for five minutes"), CASE_READERS),
    "close": Offer(desk("Close a case"), CASE_READERS),
    "reopen": Offer(desk("Open a closed case again"), CASE_READERS),
    "oncall": Offer(desk("Who is on duty"), CASE_READERS),
    "handover": Offer(desk("Hand my cases over"), CASE_READERS),
    "golive": Offer(desk("Go live, or back to practice"), DECIDERS),
    "team": Offer(desk("Who reads here, and who waits"), TEAM),
    "passkey": Offer(desk("Sign in with a passkey"), EVERY_LEAD),
    "pager": Offer(desk("Notices by e-mail"), EVERY_LEAD),
    "brief": Offer(desk("Where the desk stands"), EVERY_LEAD),
    "help": Offer(desk("What can be typed here"), EVERY_LEAD),
    "lock": Offer(desk("Lock the desk and empty this chat"), TOLD),
    "unlock": Offer(desk("Open the desk"), ANYBODY, listed=False),
    "join": Offer(desk("Take up an invite"), ANYBODY, listed=False),
}


def menu_of(role: Role, *, waiting: bool = False) -> Mapping[str, Text]:
    """What the menu of somebody in `role` lists, in order; `waiting`: for two leads to say yes."""
    shown = (one for one in COMMANDS.items() if one[1].listed and role in one[1].access.roles)
    return {name: offer.text for name, offer in shown if offer.access.allows_waiting or not waiting}


async def offer(desk_chat: DeskChat, lead: LeadCard) -> None:
    """Put the desk's commands into this chat's menu; nothing depends on it.

    It raises nothing: what the Bot API answers (`setMyCommands`) is in the log, and the commands can be typed all the
    same.
    """
    named = menu_of(lead.role, waiting=lead.waiting)
    listed = [BotCommand(command=name, description=desk_chat.translator.say(text)) for name, text in named.items()]
    try:
        await desk_chat.deps.bots[desk_chat.address.door].set_my_commands(listed, scope=_only(desk_chat))
    except AiogramError as error:
        failures.log_error(error)


async def withdraw(desk_chat: DeskChat) -> None:
    """Take them out again, so that the chat has everybody's menu; it raises nothing, as `offer`."""
    try:
        await desk_chat.deps.bots[desk_chat.address.door].delete_my_commands(scope=_only(desk_chat))
    except AiogramError as error:
        failures.log_error(error)


def _only(desk_chat: DeskChat) -> BotCommandScopeChat:
    return BotCommandScopeChat(chat_id=desk_chat.address.chat_id)
