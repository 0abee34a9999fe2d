"""What is typed at the desk: an answer to what was asked, or loose text, which is never sent to anybody unasked.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from flows.values.inputs import Sent
from flows.values.screen import Screen
from handlers.desk.case import case_card
from handlers.desk.casework.access import keeping_out, read_reason, readers
from handlers.desk.casework.actions import close, copy, note, prompts, reply, second_word, status
from handlers.desk.casework.record import actions, decide, files, find, link, people, take_down
from handlers.desk.casework.retention import deletion, export, export_second, periods
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import (
    AskChanged,
    AskCode,
    AskFactors,
    AskFile,
    AskFirstCode,
    AskFreshCode,
    Asking,
    AskName,
    AskNewPassphrase,
    AskNumber,
    AskOwnPassphrase,
    AskPin,
    AskProof,
    AskSaid,
    AskText,
    Loose,
)
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.duty import command_help
from handlers.desk.partnership.round_table import agreed, second_lead, share_table
from handlers.desk.partnership.sharing import outside, own_actions, partner, questions, refer, referred, second, share
from handlers.desk.partnership.together import board, evaluate, goal_actions, new_goal, tables, thanks
from handlers.desk.partnership.transfer import receive, received, transfer
from handlers.desk.sign_in import account, join, pages, pin_lock, unlock
from handlers.desk.team import agreeing, first_words, invite, past_cases, second_words
from handlers.telegram.updates import Command, Wrote
from storage.sealing.receipts.reading import find_receipt, find_slip
from storage.values.errors import Conflict, Unavailable

#: What is typed for these is compared and never kept, whatever it reads as.
_FACTORS: Final = (
    *(AskCode, AskNewPassphrase, AskOwnPassphrase, AskFirstCode),
    *(AskName, AskFactors, AskFreshCode, AskNumber, AskProof, AskChanged),
)
_WAYS_IN: Final = frozenset({"unlock", "join", "start"})


async def refuse_receipt(visit: Visit) -> bool:
    """Delete what was typed and say why, if it holds a receipt; false, and nothing is done, if it does not.

    What was asked for stays asked for.
    """
    text = _words(visit)
    if find_receipt(text) is None and find_slip(text) is None:
        return False
    await visit.forget_typed()
    said = desk("That reads as the words with which a reporter comes back. It was deleted, and kept nowhere.")
    if visit.store.leads.sessions.at(visit.address) is not None:
        await visit.add(Screen((said,)))
        return True
    theirs = desk("If they are yours, type /return first, and then your words.")
    await visit.show(Screen((said, theirs, *messages.locked().paragraphs)))
    return True


def _words(visit: Visit) -> str:
    """What was typed to be kept or offered as words."""
    match visit.incoming.what:
        case Wrote(text, edited=False) if not isinstance(visit.place.asking, _FACTORS):
            return "" if visit.store.leads.sessions.curtained(visit.address) else text
        case Command(name=name, rest=rest) if name not in _WAYS_IN:
            return rest
    return ""


#: What a text goes with, by the verb that asked for it.
_TYPED: Final[Mapping[str, Callable[[Visit, Ask, str], Awaitable[None]]]] = {
    "note": note.typed_note,
    "decide": decide.typed,
    "reply": reply.typed,
    "label": note.typed_label,
    "urge": status.typed_urgency,
    "end": close.typed,
    "reopen": close.reopen_typed,
    "copy": copy.typed,
    "move": status.typed_status,
    "let": readers.typed,
    "why": read_reason.typed,
    "lend": readers.grant_typed,
    "invite": invite.name_typed,
    "title": first_words.title_typed,
    "agreename": agreeing.name_typed,
    "agreejob": agreeing.job_typed,
    "agreewhat": agreeing.what_typed,
    "agreeuntil": agreeing.day_typed,
    "past": past_cases.reason_typed,
    "keepwho": keeping_out.typed,
    "lift": keeping_out.lift_typed,
    "until": periods.date_typed,
    "legal": periods.hold_typed,
    "delete": deletion.reason_typed,
    "export": export.typed,
    "outline": export.outline_typed,
    "purpose": export.purpose_typed,
    "action": actions.typed,
    "day": actions.day_typed,
    "undone": actions.why_not_typed,
    "another": export.another_typed,
    "transfer": transfer.key_typed,
    "transferto": transfer.to_whom_typed,
    "received": received.typed,
    "addwho": people.name_typed,
    "tie": link.reference_typed,
    "find": find.name_typed,
    "sharewhy": questions.why_typed,
    "sharefor": questions.question_typed,
    "parts": questions.parts_typed,
    "unsafe": questions.unsafe_typed,
    "shareuntil": questions.day_typed,
    "disagree": refer.disagree_typed,
    "outagency": outside.who_typed,
    "outtaken": outside.taker_typed,
    "outday": outside.day_typed,
    "outref": outside.reference_typed,
    "refernext": referred.next_typed,
    "referby": referred.day_typed,
    "askback": partner.asked,
    "answerback": partner.replied,
    "ownact": own_actions.what_typed,
    "ownday": own_actions.day_typed,
    "ownundone": own_actions.why_not_typed,
    "shtabplan": share_table.day_typed,
    "shtabview": share_table.view_typed,
    "shtabact": agreed.agreed_typed,
    "shtabdoer": agreed.due_typed,
    "seatview": partner.view_typed,
    "tableplan": tables.day_typed,
    "tableview": tables.view_typed,
    "evalchange": evaluate.change_typed,
    "boardsaid": board.said_typed,
    "boarddid": board.did_typed,
    "boardcases": board.cases_typed,
    "thankwho": thanks.typed_words,
    "goalnew": new_goal.what_typed,
    "goalmeasure": new_goal.measure_typed,
    "goalowner": new_goal.day_typed,
    "goalact": goal_actions.what_typed,
    "goalwhen": goal_actions.day_typed,
    "goalundone": goal_actions.why_not_typed,
}

#: What a file goes with, by the verb that asked for it.
_SENT: Final[Mapping[str, Callable[[Visit, Ask], Awaitable[None]]]] = {
    "addfile": files.came,
    "receive": receive.came,
}

#: What is typed on the way to a desk, by what was asked.
_ON_THE_WAY_IN: Final[Mapping[type[Asking], Callable[[Visit, str], Awaitable[None]]]] = {
    AskCode: join.code_typed,
    AskName: unlock.name_typed,
    AskNumber: pages.number_typed,
}

#: What a fresh code confirms, by the verb that asked for it, with the words that were typed before.
_CONFIRMED: Final[Mapping[str, second_word.Prepared]] = {
    "end": close.confirmed,
    "factors": first_words.factors_reset,
    "renew": first_words.renewed,
    "second": second_words.confirmed,
    "lift": keeping_out.lift,
    "until": periods.date_confirmed,
    "legal": periods.lift_confirmed,
    "delete": deletion.confirmed,
    "purpose": export.first_confirmed,
    "export": export_second.confirmed,
    "sharesend": share.confirmed,
    "sharetwo": second.confirmed,
    "shtabtwo": second_lead.confirmed,
    "transferto": transfer.first_confirmed,
    "transfer": transfer.confirmed,
}


async def take(visit: Visit, _: Ask) -> None:
    """Delete what was typed, then take it for what was asked; behind the curtain it is a PIN.

    Where storage refuses with `Conflict` or `Unavailable`, the same is asked for still. All else that was typed at an
    open desk is loose text: it goes to nobody until a button says what becomes of it.
    """
    what, awaited = visit.incoming.what, visit.place.asking
    if isinstance(what, Sent) and isinstance(awaited, AskFile) and visit.store.leads.sessions.at(visit.address):
        visit.place.asking = None
        try:
            await _SENT[awaited.verb](visit, awaited.ask)
        except (Conflict, Unavailable):
            visit.place.asking = awaited  # as for what is typed: it can be sent once more
            raise
        finally:
            await visit.forget_typed()
        return
    await visit.forget_typed()
    if not isinstance(what, Wrote) or what.edited:
        await _refuse_others(visit)
        return
    text = what.text
    if visit.store.leads.sessions.curtained(visit.address):
        await pin_lock.lift(visit, text)
        return
    asked, visit.place.asking = visit.place.asking, None
    try:
        await _taken(visit, asked, text.strip())
    except (Conflict, Unavailable):
        # Taken up anew, now or by typing it again: it has to find what was asked.
        visit.place.asking = asked
        raise


async def throw_away(visit: Visit, ask: Ask) -> None:
    """The button [Throw away]."""
    visit.place.loose = None
    await case_card.case(visit, ask)


async def offer_again(visit: Visit, ask: Ask) -> None:
    """The button [My words again], after the case changed: it is opened anew, and the words are offered anew."""
    words = visit.place.loose
    shown = await case_card.look(visit, ask.reference)
    if words is None or not words.text:
        await case_card.show(visit, shown)
        return
    await prompts.offer(visit, shown, words.text)


async def _refuse_others(visit: Visit) -> None:
    """A picture, a voice message, a file, a change to what was written: deleted, never fetched, and not taken."""
    await visit.add(Screen((desk("Only new messages in words are taken here. That was not opened, and is deleted."),)))


async def _taken(visit: Visit, asked: Asking | None, text: str) -> None:
    match asked:
        case AskNewPassphrase() | AskOwnPassphrase() | AskFirstCode():
            await join.typed(visit, asked, text)
        case AskFactors():
            await unlock.factors_typed(visit, asked, text)
        case AskProof() | AskChanged():
            await account.typed(visit, asked, text)
        case AskFreshCode():
            await second_word.code_typed(visit, asked, text, _CONFIRMED[asked.verb])
        case AskCode() | AskName() | AskNumber():
            await _ON_THE_WAY_IN[type(asked)](visit, text)
        case AskText(verb, ask) if text:
            visit.session()
            # Kept while it is tried, so that it is not lost if the case changed meanwhile.
            visit.place.loose = Loose(text)
            await _TYPED[verb](visit, ask, text)
        case AskSaid() if text:
            await take_down.typed(visit, text)
        case AskPin() if await pin_lock.pin_typed(visit, text):
            return
        case _:
            await _offer(visit, text)


async def _offer(visit: Visit, text: str) -> None:
    """What may become of a loose text."""
    if visit.store.leads.sessions.at(visit.address) is None:
        await visit.show(messages.locked())
        return
    shown = visit.place.shown
    if shown is not None:
        await case_card.check(visit, shown)
    meant = command_help.command_meant(visit, text)
    if meant is not None:
        await prompts.offer_command(visit, shown, text, *meant)
        return
    if shown is None:
        queue = (visit.press(desk("Queue"), "queue"), visit.press(desk("Brief"), "brief"))
        await visit.show(Screen((desk("No case is open, so your words were not kept and went to nobody."),), (queue,)))
        return
    await prompts.offer(visit, shown, text)
