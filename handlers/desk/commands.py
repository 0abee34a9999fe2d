"""Every command and every button of the desk, with what it runs; who may use it is in `menu` and here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from handlers.desk import (
    assign,
    beside,
    brief,
    case_card,
    claim,
    close,
    closing,
    copying,
    curtain,
    following,
    golive,
    handover,
    help,  # noqa: A004 - the capability is called help
    hold,
    join,
    label,
    letters,
    loose_text,
    menu,
    more,
    note,
    oncall,
    queue,
    readers,
    reading,
    reply,
    status,
    team,
    unlock,
    urgency,
)
from handlers.desk.access import ANYBODY, CASE_READERS, DECIDERS, EVERY_LEAD, TOLD, Access
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit

Run: TypeAlias = Callable[[Visit, Ask], Awaitable[None]]


@dataclass(frozen=True)
class Capability:
    """What somebody can ask the desk for, and who may."""

    run: Run
    access: Access


_RUN: Final[Mapping[str, Run]] = {
    "queue": queue.queue,
    "case": case_card.case,
    "claim": claim.claim,
    "reply": reply.reply,
    "note": note.note,
    "assign": assign.assign,
    "label": label.label,
    "urgency": urgency.urgency,
    "status": status.status,
    "copy": copying.copy,
    "close": close.close,
    "reopen": close.reopen,
    "oncall": oncall.oncall,
    "handover": handover.handover,
    "golive": golive.golive,
    "team": team.team,
    "pager": letters.pager,
    "brief": brief.brief,
    "help": help.show,
    "lock": curtain.lock,
    "unlock": unlock.unlock,
    "join": join.join,
}

#: By the command's name.
COMMANDS: Final[Mapping[str, Capability]] = {
    name: Capability(run, menu.COMMANDS[name].access) for name, run in _RUN.items()
}

#: By the button's verb. The verbs of actions are those of their commands where a command begins the same thing.
BUTTONS: Final[Mapping[str, Capability]] = {
    **{name: COMMANDS[name] for name in COMMANDS if name not in {"case", "help", "unlock", "join"}},
    "open": Capability(case_card.case, CASE_READERS),
    "words": Capability(reading.read, CASE_READERS),
    "history": Capability(reading.look_back, CASE_READERS),
    "more": Capability(more.more, CASE_READERS),
    "next": Capability(following.ahead, CASE_READERS),
    "list": Capability(beside.turn, CASE_READERS),
    "who": Capability(readers.who, CASE_READERS),
    "let": Capability(readers.ask_reason, CASE_READERS),
    "give": Capability(assign.give, CASE_READERS),
    "urge": Capability(urgency.chosen, CASE_READERS),
    "move": Capability(status.move, CASE_READERS),
    "outcome": Capability(closing.ask_outcome, CASE_READERS),
    "end": Capability(close.chosen, CASE_READERS),
    "ready": Capability(reply.preview_ready, CASE_READERS),
    "preview": Capability(reply.preview_loose, CASE_READERS),
    "send": Capability(reply.send, CASE_READERS),
    "keep": Capability(note.keep_loose, CASE_READERS),
    "drop": Capability(loose_text.throw_away, CASE_READERS),
    "again": Capability(loose_text.again, CASE_READERS),
    "hold": Capability(hold.hold, TOLD),
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
    "unpage": Capability(letters.end, EVERY_LEAD),
    "link": Capability(join.show_link, ANYBODY),
    "pin": Capability(curtain.ask_pin, EVERY_LEAD),
}

#: A command that the desk does not have, typed at an open one.
UNKNOWN: Final = Capability(help.unknown, EVERY_LEAD)
#: Text and what is not text: what it may do depends on what was asked, and is checked there.
TYPED: Final = ANYBODY
