"""The desk's commands: who may use each, and the menu of one chat, by role and language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeChat

from flows.ids import Role
from flows.texts import Text
from handlers import oops
from handlers.desk.access import ANYBODY, CASE_READERS, DECIDERS, EVERY_LEAD, TEAM, TOLD, Access
from handlers.desk.visit import Seat, desk
from storage.values import LeadCard


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
    "pager": Offer(desk("Notices by e-mail"), EVERY_LEAD),
    "brief": Offer(desk("Where the desk stands"), EVERY_LEAD),
    "help": Offer(desk("What can be typed here"), EVERY_LEAD),
    "lock": Offer(desk("Lock the desk and empty this chat"), TOLD),
    "unlock": Offer(desk("Open the desk"), ANYBODY, listed=False),
    "join": Offer(desk("Take up an invite"), ANYBODY, listed=False),
}


def of(role: Role, *, waiting: bool = False) -> Mapping[str, Text]:
    """What the menu of somebody in `role` lists, in order; `waiting`: for two leads to say yes."""
    shown = (one for one in COMMANDS.items() if one[1].listed and role in one[1].access.roles)
    return {name: offer.text for name, offer in shown if offer.access.allows_waiting or not waiting}


async def offer(seat: Seat, lead: LeadCard) -> None:
    """Put the desk's commands into this chat's menu; nothing depends on it."""
    named = of(lead.role, waiting=lead.waiting)
    listed = [BotCommand(command=name, description=seat.tongue.say(text)) for name, text in named.items()]
    try:
        await seat.deps.bots[seat.address.door].set_my_commands(listed, scope=_only(seat))
    except AiogramError as error:
        oops.note(error)


async def withdraw(seat: Seat) -> None:
    """Take them out again, so that the chat has everybody's menu."""
    try:
        await seat.deps.bots[seat.address.door].delete_my_commands(scope=_only(seat))
    except AiogramError as error:
        oops.note(error)


def _only(seat: Seat) -> BotCommandScopeChat:
    return BotCommandScopeChat(chat_id=seat.address.chat_id)
