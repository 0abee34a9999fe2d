"""Every command and button of the desk, what it runs, and the deed whose rule says who may use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers.desk import free_text
from handlers.desk.case import case_card, queue, queue_pane, reader
from handlers.desk.casework.access import keeping_out, read_reason, readers
from handlers.desk.casework.actions import close, copy, note, ownership, prompts, reply, status
from handlers.desk.casework.record import actions, decide, files, find, hand_over, link, people, take_down, timeline
from handlers.desk.casework.retention import deletion, export, periods
from handlers.desk.chat import callback_data, permissions
from handlers.desk.chat.callback_data import OPEN, OPEN_VERBS, OPENING, OPENING_BEFORE, Ask
from handlers.desk.chat.chat_state import DeskStates
from handlers.desk.chat.permissions import Capability, Run
from handlers.desk.chat.update_filters import CASE, INVITE
from handlers.desk.duty import audit, brief, command_help, email_pager, golive, handover, notices, oncall
from handlers.desk.measures import report, stats
from handlers.desk.partnership import buttons as partnership_buttons
from handlers.desk.partnership.sharing import partner, refer, share
from handlers.desk.partnership.together import board, checkin, evaluate, goals, tables, thanks
from handlers.desk.partnership.transfer import receive, received, transfer
from handlers.desk.sign_in import account, join, passkeys, pin_lock, unlock
from handlers.desk.team import agreeing, first_words, invite, overview, partners, past_cases, second_words
from handlers.telegram.updates import Button, Command, IncomingUpdate

_RUN: Final[Mapping[str, Run]] = {
    "queue": queue.queue,
    "case": case_card.case,
    "claim": ownership.claim,
    "reply": reply.reply,
    "note": note.note,
    "action": actions.action,
    "actions": actions.actions,
    "decide": decide.decide,
    "files": files.files,
    "timeline": timeline.timeline,
    "record": take_down.record,
    "assign": ownership.assign,
    "label": note.label,
    "urgency": status.urgency,
    "status": status.status,
    "copy": copy.copy,
    "close": close.close,
    "reopen": close.reopen,
    "retention": periods.retention,
    "hold": periods.hold,
    "delete": deletion.delete,
    "ending": deletion.ending,
    "export": export.export,
    "people": people.who,
    "link": link.link,
    "find": find.find,
    "share": share.share,
    "refer": refer.refer,
    "shares": partner.shares,
    "goals": goals.goals,
    "checkin": checkin.checkin,
    "board": board.board,
    "evaluate": evaluate.evaluate,
    "table": tables.table,
    "thanks": thanks.thanks,
    "transfer": transfer.transfer,
    "received": received.received,
    "receive": receive.receive,
    "oncall": oncall.oncall,
    "handover": handover.handover,
    "golive": golive.golive,
    "team": overview.team,
    "partners": partners.partners,
    "stats": stats.stats,
    "report": report.report,
    "audit": audit.audit,
    "reads": audit.reads,
    "passkey": passkeys.passkey,
    "pager": email_pager.pager,
    "account": account.account,
    "brief": brief.brief,
    "help": command_help.show_help,
    "lock": pin_lock.lock,
    "unlock": unlock.unlock,
    "join": join.join,
}

#: By the command's name.
COMMANDS: Final[Mapping[str, Capability]] = {
    name: Capability(run, permissions.COMMANDS[name].deed) for name, run in _RUN.items()
}

#: By the button's verb. The verbs of actions are those of their commands where a command begins the same thing; the
#: command `/hold` begins another thing than the buttons of that verb did that stand under earlier notices.
BUTTONS: Final[Mapping[str, Capability]] = {
    **{name: COMMANDS[name] for name in COMMANDS if name not in {"case", "help", "unlock", "join", "hold", "link"}},
    **partnership_buttons.BUTTONS,
    "open": Capability(case_card.case, "read"),
    "words": Capability(reader.read, "read"),
    "history": Capability(reader.look_back, "read"),
    "more": Capability(prompts.more, "read"),
    "next": Capability(brief.next_case, "read"),
    "list": Capability(queue_pane.turn, "queue"),
    "who": Capability(readers.who, "read"),
    "let": Capability(readers.ask_reason, "admit"),
    "why": Capability(read_reason.chosen, "read"),
    "keepout": Capability(keeping_out.choose, "exclude"),
    "keepwho": Capability(keeping_out.ask_reason, "exclude"),
    "keepnow": Capability(keeping_out.keep_out, "exclude"),
    "lift": Capability(keeping_out.ask_lift, "lift"),
    "callup": Capability(keeping_out.call_up, "call_up"),
    "give": Capability(ownership.give, "assign"),
    "urge": Capability(status.chosen, "urgency"),
    "move": Capability(status.move, "status"),
    "outcome": Capability(close.ask_outcome, "close"),
    "end": Capability(close.chosen, "close"),
    "ready": Capability(reply.preview_ready, "reply"),
    "preview": Capability(reply.preview_loose, "reply"),
    "send": Capability(reply.send, "reply"),
    "keep": Capability(note.keep_loose, "note"),
    "doer": Capability(actions.doer, "plan"),
    "day": Capability(actions.day_chosen, "plan"),
    "done": Capability(actions.done, "plan"),
    "undone": Capability(actions.ask_why_not, "plan"),
    "file": Capability(files.open_one, "see_file"),
    "fileblur": Capability(files.show_blur, "see_file"),
    "fileshow": Capability(files.show_whole, "see_file"),
    "filewrong": Capability(files.lock, "lock_file"),
    "addfile": Capability(files.ask_first, "file"),
    "bare": Capability(files.answered, "file"),
    "deciding": Capability(decide.begin, "decide"),
    "decidepart": Capability(decide.ask_part, "decide"),
    "decideparts": Capability(decide.choose_part, "decide"),
    "decideskip": Capability(decide.pass_over, "decide"),
    "decideday": Capability(decide.on_day, "decide"),
    "decided": Capability(decide.sign, "decide"),
    "undecide": Capability(decide.throw_away, "decide"),
    "recordwho": Capability(take_down.choose_language, "record"),
    "recordin": Capability(take_down.begin, "record"),
    "recordon": Capability(take_down.carry_on, "record"),
    "said": Capability(take_down.pressed, "record"),
    "saidenough": Capability(take_down.end_questions, "record"),
    "saiddrop": Capability(take_down.throw_away, "record"),
    "words_over": Capability(hand_over.choose, "record"),
    "words_shown": Capability(hand_over.show_once, "record"),
    "drop": Capability(free_text.throw_away, "read"),
    "again": Capability(free_text.offer_again, "read"),
    "legal": COMMANDS["hold"],
    "tie": COMMANDS["link"],
    "tied": Capability(link.tied, "link"),
    "addwho": Capability(people.ask_name, "person"),
    "part": Capability(people.add, "person"),
    "takewho": Capability(people.choose_gone, "person"),
    "offwho": Capability(people.take_away, "person"),
    "samewho": Capability(people.same, "link"),
    "notsame": Capability(people.different, "link"),
    "until": Capability(periods.ask_date, "keep_longer"),
    "purpose": Capability(export.ask_purpose, "export"),
    "outline": Capability(export.ask_outline, "export"),
    "another": Capability(export.ask_another, "export"),
    OPENING: Capability(notices.hold_notice, "hold_notice"),
    OPENING_BEFORE: Capability(notices.hold_notice, "hold_notice"),
    "duty": Capability(oncall.day, "rota"),
    "swap": Capability(oncall.swap, "rota"),
    "weekly": Capability(oncall.weekly, "rota"),
    "hand": Capability(handover.preview, "hand_over"),
    "handed": Capability(handover.offer, "hand_over"),
    "recall": Capability(handover.take_back, "hand_over"),
    "take": Capability(handover.accept, "take_over"),
    "leave": Capability(handover.decline, "take_over"),
    "goask": Capability(golive.ask, "golive"),
    "gone": Capability(golive.confirm, "golive"),
    "yes": Capability(overview.confirm, "confirm"),
    "second": Capability(second_words.second, "confirm"),
    "whom": Capability(first_words.choose, "confirm"),
    "person": Capability(first_words.person, "confirm"),
    "outing": Capability(first_words.ask_taker, "shut_out"),
    "out": Capability(first_words.shut_out, "shut_out"),
    "going": Capability(first_words.ask_leaving, "leave"),
    "left": Capability(first_words.leave, "leave"),
    "roles": Capability(first_words.roles, "role"),
    "title": Capability(first_words.ask_title, "role"),
    "titled": Capability(first_words.without_title, "role"),
    "phone": Capability(first_words.ask_phone, "reset"),
    "factors": Capability(first_words.reset_factors, "reset"),
    "forgot": Capability(first_words.ask_renewal, "renew"),
    "renew": Capability(first_words.renew, "renew"),
    "invite": Capability(invite.ask_name, "invite"),
    "invited": Capability(invite.invite, "invite"),
    "partner": Capability(partners.partner, "partners"),
    "partnerout": Capability(partners.suspend, "suspend_partner"),
    "agreeing": Capability(partners.begin, "agree"),
    "agreename": Capability(agreeing.name, "agree"),
    "agreejob": Capability(agreeing.job, "agree"),
    "agency": Capability(agreeing.agency, "agree"),
    "agreewhat": Capability(agreeing.what, "agree"),
    "agreeuntil": Capability(agreeing.until, "agree"),
    "agreesend": Capability(partners.propose, "agree"),
    "agreed": Capability(partners.agreed, "agree"),
    "past": Capability(past_cases.ask_scope, "grant"),
    "scope": Capability(past_cases.ask_reason, "grant"),
    "halt": Capability(past_cases.stop, "grant"),
    "lend": Capability(readers.ask_grant_reason, "grant"),
    "reported": Capability(report.reported, "report"),
    "seal": Capability(audit.copy_seal, "audit"),
    "looked": Capability(audit.looked, "review_reads"),
    "unkey": Capability(passkeys.remove, "passkey"),
    "unpage": Capability(email_pager.end, "pager"),
    "prove": Capability(account.ask_proof, "account"),
    "renewing": Capability(account.go_on, "account"),
    "link": Capability(join.show_link, "join"),
    "pin": Capability(pin_lock.ask_pin, "pin"),
}

#: A command that the desk does not have, typed at an open one.
_UNKNOWN: Final = Capability(command_help.unknown_command, "help")
#: A button of an earlier session, or one that was sent from elsewhere.
_EARLIER: Final = Capability(brief.earlier, "brief")
#: Text and what is not text: what it may do depends on what was asked, and is checked there.
_TYPED: Final = Capability(free_text.take, "type")


def asked_of(incoming: IncomingUpdate, states: DeskStates) -> tuple[Capability, Ask]:
    """Tell what an update of the desk asks for, and on what.

    A button counts in the session that it was shown in; one that leads to the desk counts in every session.
    """
    match incoming.what:
        case Command(name, rest) if name in COMMANDS:
            return COMMANDS[name], Ask(argument=rest)
        case Command("start", rest) if rest.startswith(INVITE):
            return COMMANDS["join"], Ask(argument=rest.removeprefix(INVITE))
        case Command("start"):
            return COMMANDS["brief"], Ask()
        case Command(name) if name.startswith(CASE):  # as a line of the queue offers it
            return COMMANDS["case"], Ask(name.removeprefix(CASE))
        case Command(name, rest):
            return _UNKNOWN, Ask(argument=f"{name} {rest}".strip())
        case Button(data=data):
            pushed, place = callback_data.read(data), states.by_address.get(incoming.address)
            if pushed is None or pushed.verb not in BUTTONS:
                return _EARLIER, Ask()
            own = place is not None and pushed.tag == place.tag
            opens = pushed.tag == OPEN and pushed.verb in OPEN_VERBS
            return (BUTTONS[pushed.verb], pushed.ask) if own or opens else (_EARLIER, Ask())
        case _:
            return _TYPED, Ask()
