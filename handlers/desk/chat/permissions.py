"""The desk's commands, each with its deed, whose rule says who may use it; the menu of one chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeChat

from flows.cases.roles import RULES, Rule
from flows.values.ids import Role
from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import DeskChat, Visit, desk
from handlers.telegram import failures
from storage.values import LeadCard

Run: TypeAlias = Callable[[Visit, Ask], Awaitable[None]]


@dataclass(frozen=True)
class Capability:
    """What somebody can ask the desk for, and the deed by whose rule it may be asked (`flows/cases/roles.py`)."""

    run: Run
    deed: str

    @property
    def rule(self) -> Rule:
        """Who may use it."""
        return RULES[self.deed]


@dataclass(frozen=True)
class Offer:
    """A command as the menu shows it, and what is done by it; `listed` is false for what no menu has to show."""

    text: Text
    deed: str
    listed: bool = True

    @property
    def rule(self) -> Rule:
        """Who may use it."""
        return RULES[self.deed]


COMMANDS: Final[Mapping[str, Offer]] = {
    "queue": Offer(desk("The cases, most urgent first"), "queue"),
    "record": Offer(desk("Take down what somebody says"), "record"),
    "case": Offer(desk("Open a case"), "read"),
    "claim": Offer(desk("I have this"), "claim"),
    "reply": Offer(desk("Write to the reporter"), "reply"),
    "note": Offer(desk("A note that only leads read"), "note"),
    "action": Offer(desk("Who does what by when"), "plan"),
    "actions": Offer(desk("What is mine to do"), "plan"),
    "decide": Offer(desk("Record a decision, and why"), "decide"),
    "files": Offer(desk("Photos, PDFs and voice messages of a case"), "see_file"),
    "timeline": Offer(desk("A front sheet, and everything in order"), "timeline"),
    "assign": Offer(desk("Give a case to somebody"), "assign"),
    "label": Offer(desk("A label for the queue"), "label"),
    "urgency": Offer(desk("Change how urgent it is"), "urgency"),
    "status": Offer(desk("Where a case stands"), "status"),
    "copy": Offer(desk("Copy the words out, for five minutes"), "copy"),
    "close": Offer(desk("Close a case"), "close"),
    "reopen": Offer(desk("Open a closed case again"), "reopen"),
    "retention": Offer(desk("How long a case is kept"), "keep_longer"),
    "hold": Offer(desk("Keep a case from being destroyed"), "hold_case"),
    "delete": Offer(desk("Destroy a case, which takes two"), "delete"),
    "ending": Offer(desk("Cases whose time is over"), "delete"),
    "export": Offer(desk("Hand out what is held on somebody"), "export"),
    "people": Offer(desk("Who is in a case"), "person"),
    "link": Offer(desk("Cases that belong together"), "link"),
    "find": Offer(desk("Look for a name in your cases"), "find"),
    "share": Offer(desk("Show a part to a partner"), "share"),
    "refer": Offer(desk("Ask somebody outside to take it on"), "refer"),
    "shares": Offer(desk("What is shared with you"), "shares"),
    "goals": Offer(desk("What you want to reach together"), "goal"),
    "checkin": Offer(desk("Your weekly check-in"), "checkin"),
    "board": Offer(desk("You said, we did"), "board"),
    "evaluate": Offer(desk("How we worked together this term"), "evaluate"),
    "table": Offer(desk("Meet on a goal, and agree"), "table"),
    "thanks": Offer(desk("Thank a colleague or partner"), "thank"),
    "transfer": Offer(desk("Hand a case over whole to another school"), "transfer"),
    "received": Offer(desk("The receipt for what was handed over"), "received"),
    "receive": Offer(desk("What another school handed over"), "receive"),
    "oncall": Offer(desk("Who is on duty"), "rota"),
    "handover": Offer(desk("Hand my cases over"), "hand_over"),
    "golive": Offer(desk("Go live, or back to practice"), "golive"),
    "team": Offer(desk("Who reads here, and who waits"), "team"),
    "partners": Offer(desk("Partners from outside"), "partners"),
    "stats": Offer(desk("How it goes, in figures"), "stats"),
    "report": Offer(desk("The report of a year, as files"), "report"),
    "audit": Offer(desk("What was done lately, and the log's seal"), "audit"),
    "reads": Offer(desk("Who read what, if you are asked to look"), "review_reads"),
    "passkey": Offer(desk("Sign in with a passkey"), "passkey"),
    "pager": Offer(desk("Notices by e-mail"), "pager"),
    "account": Offer(desk("Your passphrase, codes and keys"), "account"),
    "brief": Offer(desk("Where the desk stands"), "brief"),
    "help": Offer(desk("What can be typed here"), "help"),
    "lock": Offer(desk("Lock the desk and empty this chat"), "lock"),
    "unlock": Offer(desk("Open the desk"), "unlock", listed=False),
    "join": Offer(desk("Take up an invite"), "join", listed=False),
}


def admits(rule: Rule, lead: LeadCard | None) -> bool:
    """Whether a lead with an open session may use what has this rule, on whichever case; None: no open session."""
    if not rule.session:
        return True
    return lead is not None and rule.is_for(lead.role) and (rule.waiting or not lead.waiting)


def menu_of(role: Role, *, waiting: bool = False) -> Mapping[str, Text]:
    """What the menu of somebody in `role` lists, in order; `waiting`: for two leads to say yes."""
    shown = (one for one in COMMANDS.items() if one[1].listed and role in one[1].rule.roles)
    return {name: offer.text for name, offer in shown if offer.rule.waiting or not waiting}


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
