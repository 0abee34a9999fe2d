"""Every command and button of the desk, with what it runs; a command's access stands in `chat/permissions.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from handlers.desk import free_text
from handlers.desk.actions import close, copy, note, ownership, prompts, readers, reply, status
from handlers.desk.case import case_card, queue, queue_pane, reader
from handlers.desk.chat import permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.permissions import ANYBODY, CASE_READERS, DECIDERS, EVERY_LEAD, TOLD, Access
from handlers.desk.chat.visit import Visit
from handlers.desk.duty import brief, command_help, email_pager, golive, handover, notices, oncall, team
from handlers.desk.sign_in import join, passkeys, pin_lock, unlock

Run: TypeAlias = Callable[[Visit, Ask], Awaitable[None]]


@dataclass(frozen=True)
class Capability:
    """What somebody can ask the desk for, and who may."""

    run: Run
    access: Access


_RUN: Final[Mapping[str, Run]] = {
    "queue": queue.queue,
    "case": case_card.case,
    "claim": ownership.claim,
    "reply": reply.reply,
    "note": note.note,
    "assign": ownership.assign,
    "label": note.label,
    "urgency": status.urgency,
    "status": status.status,
    "copy": copy.copy,
    "close": close.close,
    "reopen": close.reopen,
    "oncall": oncall.oncall,
    "handover": handover.handover,
    "golive": golive.golive,
    "team": team.team,
    "passkey": passkeys.passkey,
    "pager": email_pager.pager,
    "brief": brief.brief,
    "help": command_help.show_help,
    "lock": pin_lock.lock,
    "unlock": unlock.unlock,
    "join": join.join,
}

#: By the command's name.
COMMANDS: Final[Mapping[str, Capability]] = {
    name: Capability(run, permissions.COMMANDS[name].access) for name, run in _RUN.items()
}

#: By the button's verb. The verbs of actions are those of their commands where a command begins the same thing.
BUTTONS: Final[Mapping[str, Capability]] = {
    **{name: COMMANDS[name] for name in COMMANDS if name not in {"case", "help", "unlock", "join"}},
    "open": Capability(case_card.case, CASE_READERS),
    "words": Capability(reader.read, CASE_READERS),
    "history": Capability(reader.look_back, CASE_READERS),
    "more": Capability(prompts.more, CASE_READERS),
    "next": Capability(brief.next_case, CASE_READERS),
    "list": Capability(queue_pane.turn, CASE_READERS),
    "who": Capability(readers.who, CASE_READERS),
    "let": Capability(readers.ask_reason, CASE_READERS),
    "give": Capability(ownership.give, CASE_READERS),
    "urge": Capability(status.chosen, CASE_READERS),
    "move": Capability(status.move, CASE_READERS),
    "outcome": Capability(close.ask_outcome, CASE_READERS),
    "end": Capability(close.chosen, CASE_READERS),
    "ready": Capability(reply.preview_ready, CASE_READERS),
    "preview": Capability(reply.preview_loose, CASE_READERS),
    "send": Capability(reply.send, CASE_READERS),
    "keep": Capability(note.keep_loose, CASE_READERS),
    "drop": Capability(free_text.throw_away, CASE_READERS),
    "again": Capability(free_text.offer_again, CASE_READERS),
    "hold": Capability(notices.hold_notice, TOLD),
    "duty": Capability(oncall.day, CASE_READERS),
    "swap": Capability(oncall.swap, CASE_READERS),
    "weekly": Capability(oncall.weekly, CASE_READERS),
    "hand": Capability(handover.preview, CASE_READERS),
    "handed": Capability(handover.offer, CASE_READERS),
    "recall": Capability(handover.take_back, CASE_READERS),
    "take": Capability(handover.accept, CASE_READERS),
    "leave": Capability(handover.decline, CASE_READERS),
    "goask": Capability(golive.ask, DECIDERS),
    "gone": Capability(golive.confirm, DECIDERS),
    "yes": Capability(team.confirm, CASE_READERS),
    "whom": Capability(team.choose, CASE_READERS),
    "out": Capability(team.shut_out, CASE_READERS),
    "unkey": Capability(passkeys.remove, EVERY_LEAD),
    "unpage": Capability(email_pager.end, EVERY_LEAD),
    "link": Capability(join.show_link, ANYBODY),
    "pin": Capability(pin_lock.ask_pin, EVERY_LEAD),
}

#: A command that the desk does not have, typed at an open one.
UNKNOWN: Final = Capability(command_help.unknown_command, EVERY_LEAD)
#: Text and what is not text: what it may do depends on what was asked, and is checked there.
TYPED: Final = ANYBODY
