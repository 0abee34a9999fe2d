"""Which updates are the desk's."""

from __future__ import annotations

from typing import Final

from flows.screens.buttons import Asked, heard_from
from flows.values.inputs import Pressed
from handlers.desk.chat import callback_data, permissions
from handlers.desk.chat.chat_state import DeskStates
from handlers.telegram.bot_commands import REPORTER
from handlers.telegram.updates import Blocked, Button, Command, IncomingUpdate, Wrote, command_in
from storage.leads.sign_in.sessions import Sessions
from storage.values import Address

#: What `/start` carries in an invite's deep link, before the code.
INVITE: Final = "j-"
#: What a tappable reference begins with.
CASE: Final = "case_"


def claims(incoming: IncomingUpdate, states: DeskStates, sessions: Sessions) -> bool:
    """Whether this update is the desk's. Whatever else somebody does ends a joining or unlocking half done.

    It reads memory alone: which chat is a desk's is known without the database.
    """
    address = incoming.address
    place = states.by_address.get(address)
    here = place is not None and place.session is not None
    asked = place is not None and (place.asking is not None or place.guarded)
    if is_ours(incoming, seated=_is_seated(address, sessions) or here, asked=asked):
        return True
    if place is not None and isinstance(incoming.what, Command | Button):
        place.asking, place.guarded = None, False
        states.links.withdraw(address)
    return False


def _is_seated(address: Address, sessions: Sessions) -> bool:
    """Whether a session is open or behind its curtain there; an idle one is drawn by the look, an open one is used."""
    if address not in sessions.by_address:
        return False
    return sessions.at(address) is not None or sessions.curtained(address)


def is_ours(incoming: IncomingUpdate, *, seated: bool, asked: bool) -> bool:
    """Whether the desk takes an update of a chat that is `seated` at it, or was `asked` something on the way there.

    What was typed into a field for secrets is nobody's concern, whatever this process has forgotten of who asked.
    A reporter's button in such a chat begins nothing: what is typed after it would be taken for a lead's.
    """
    match incoming.what:
        case Button(data=data):
            return data.startswith(callback_data.PREFIX) or (seated and not asks_for_help(data))
        case Command() as command:
            # A passphrase may begin with a slash: while one may come, only a reporter's commands go elsewhere.
            return seated or _is_desks(command) or (asked and command.name not in REPORTER)
        case Wrote(text, edited=True) if (edited := command_in(text)) is not None and _is_desks(edited):
            return True  # it is deleted, and not done: a secret may stand behind it
        case Blocked():
            return False
        case _:
            return seated or asked or incoming.secret


def _is_desks(command: Command) -> bool:
    name = command.name
    theirs = (name in permissions.COMMANDS and name != "help") or name.startswith(CASE)
    return theirs or (name == "start" and command.rest.startswith(INVITE))


def asks_for_help(data: str) -> bool:
    """Whether a reporter's button leads to the help screen, which is one tap away also where a desk is open."""
    pressed = heard_from(data)
    return (isinstance(pressed, Pressed) and pressed.key == "help") or pressed == Asked("help")
