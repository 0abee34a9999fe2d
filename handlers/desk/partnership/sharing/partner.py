"""A partner's desk: `/shares`, what was shared with her, one by one; she accepts, declines, asks or replies.

Nothing else exists for her: no queue, no count of cases, no reference. A share that has ended, one of somebody else and
none are one answer.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells her what can be told, the
dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.duty.working_days import Reminders
from flows.together.share_table import LONGEST_VIEW
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.case import shared
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import calendar_day
from handlers.desk.chat.wording.share_labels import DECLINED
from handlers.desk.chat.wording.table_lines import hers, lines
from handlers.desk.partnership.sharing.preview import card
from handlers.desk.partnership.together import typed
from storage.values.errors import NoSuchCase, NotOffered
from storage.values.shares import LONGEST_WORDS, UNANSWERED, WHY_DECLINED, Answer, SharedOpened, ShareId, ShareListed

#: Shares with a button on one screen.
_SHOWN = 12
_DIGITS = 6
#: Characters of a share's id.
_ID = 32


async def shares(visit: Visit, ask: Ask) -> None:
    """List what was shared with her, without opening any of it; behind so many, where a button says so."""
    await visit.forget_typed()
    behind = ask.argument if ask.argument.isascii() and ask.argument.isdigit() else "0"
    await _list(visit, behind=int(behind[-_DIGITS:]))


async def _list(visit: Visit, *first: Text, behind: int = 0) -> None:
    visit.place.asking = visit.place.loose = None
    listed = await visit.store.shares.listed(visit.session())
    said = [*first, *waiting(visit, listed)]
    rows: list[Row] = []
    for number, one in enumerate(listed[behind : behind + _SHOWN], behind + 1):
        until, state = Moment(one.until, "day"), shared.STATE[one.state]
        line = desk("{number}: until {day}, {state}", number=number, day=until, state=state)
        said.append(line if one.due is None else desk("{line}; yours by {due}", line=line, due=calendar_day(one.due)))
        rows.append((visit.press(desk("Open {number}", number=number), "shared", Ask(argument=one.id)),))
    if len(listed) > behind + _SHOWN:
        rows.append((visit.press(desk("Further ones"), "shares", Ask(argument=str(behind + _SHOWN))),))
    await visit.show(Screen(tuple(said), (*rows, (visit.press(desk("Brief"), "brief"),))))


def waiting(visit: Visit, listed: Sequence[ShareListed]) -> Iterator[Text]:
    """Say how many shares wait for her, and by when the first answer is wanted."""
    count = len(listed)
    if not count:
        yield desk("Nothing is shared with you just now.")
        return
    yield Text("{count} share waits for you.", "desk", plural="{count} shares wait for you.", count=count)
    wanted = [one.answer_by for one in listed if one.waits and one.answer_by is not None]
    if wanted and min(wanted) > visit.now():
        yield desk("The first answer is wanted by {time}.", time=Moment(min(wanted)))
    elif wanted:
        yield desk("⚠ An answer was wanted by {time}.", time=Moment(min(wanted)))
    due = [one.due for one in listed if one.due is not None]
    if due:
        yield desk("What is yours to do is due by {day}.", day=calendar_day(min(due)))


async def shared_one(visit: Visit, ask: Ask) -> None:
    """Open one, which those who shared it are told the first time."""
    visit.place.asking = visit.place.loose = None
    try:
        opened = await visit.store.shares.open(visit.session(), visit.arrival, ShareId(ask.argument))
    except NoSuchCase:
        await gone(visit)
        return
    told = desk("Whoever shared it is told that you opened it.")
    at_table = lines(opened.table) if opened.table is not None else ()
    own = hers(opened.actions, typed.today(visit))
    await visit.show(card(opened.content, _ways(visit, opened), told, *at_table, *own))


def _ways(visit: Visit, opened: SharedOpened) -> tuple[Row, ...]:
    ask, seat = Ask(argument=opened.listed.id), tuple(_seat(visit, opened))
    if opened.content.refers and opened.listed.state in UNANSWERED:
        return (*seat, *_takes(visit, opened))
    first = (
        visit.press(desk("Reply"), "answerback", ask, rank="main")
        if opened.listed.state in {"accepted", "noted"}
        else visit.press(desk("Accept"), "takeon", ask, rank="main")
    )
    others = (visit.press(desk("Ask"), "askback", ask), visit.press(desk("Decline"), "turndown", ask))
    return (*seat, (first,), others, _others(visit, ask))


def _others(visit: Visit, ask: Ask) -> Row:
    """The way to what is hers to do for one share, and to all shares."""
    return (visit.press(desk("My actions"), "own", ask), *back(visit))


def _seat(visit: Visit, opened: SharedOpened) -> Iterator[Row]:
    """What she can do at the round table on it."""
    share, table = opened.listed.id, opened.table
    if table is not None:
        yield (
            visit.press(desk("I agree"), "seatsign", Ask(argument=f"{share}y{table.changed}")),
            visit.press(desk("I see it differently"), "seatsign", Ask(argument=f"{share}n{table.changed}")),
        )
        yield (visit.press(desk("My view"), "seatview", Ask(argument=share)),)


def _takes(visit: Visit, opened: SharedOpened) -> tuple[Row, ...]:
    """What can be said to what she is asked to take on."""
    share = opened.listed.id
    return (
        (visit.press(desk("We take it on"), "refernext", Ask(argument=f"{share}t"), rank="main"),),
        (
            visit.press(desk("We only note it"), "refernext", Ask(argument=f"{share}n")),
            visit.press(desk("Not ours"), "refernext", Ask(argument=f"{share}d")),
        ),
        (
            visit.press(desk("Ask"), "askback", Ask(argument=share)),
            visit.press(desk("I know the family"), "declined", Ask(argument=f"{share}{WHY_DECLINED.index('family')}")),
        ),
        _others(visit, Ask(argument=share)),
    )


def back(visit: Visit) -> Row:
    """The way back to all shares."""
    return (visit.press(desk("All shares"), "shares"),)


async def accept(visit: Visit, ask: Ask) -> None:
    """Take it on."""
    await answer(visit, ask, Answer("accepted"), desk("Noted: you take it on. Open it again to reply."))


async def decline(visit: Visit, ask: Ask) -> None:
    """Ask why not; it ends with that."""
    share = ask.argument
    rows = tuple(
        (visit.press(DECLINED[why], "declined", Ask(argument=f"{share}{number}")),)
        for number, why in enumerate(WHY_DECLINED)
    )
    said = desk("Why not? It ends with that: you cannot open it any more.")
    await visit.show(Screen((said,), (*rows, back(visit))))


async def declined(visit: Visit, ask: Ask) -> None:
    """Decline it for that reason."""
    number = ask.argument[-1:]
    if number not in {str(one) for one in range(len(WHY_DECLINED))}:
        await gone(visit)
        return
    given = Answer("declined", WHY_DECLINED[int(number)])
    await answer(visit, Ask(argument=ask.argument[:-1]), given, desk("Declined. It has ended for you."))


async def ask_back(visit: Visit, ask: Ask) -> None:
    """Ask for her question."""
    await _ask_words(visit, "askback", ask, desk("What do you ask? Type it; it goes to those who shared it with you."))


async def reply(visit: Visit, ask: Ask) -> None:
    """Ask for her reply."""
    said = desk("Type your reply; it goes to those who shared it with you, into their record.")
    await _ask_words(visit, "answerback", ask, said)


async def _ask_words(visit: Visit, verb: str, ask: Ask, said: Text) -> None:
    visit.place.asking = AskText(verb, ask)
    await visit.show(Screen((said,), (back(visit),)))


async def asked(visit: Visit, ask: Ask, text: str) -> None:
    """Send her question."""
    await _words(visit, "askback", ask, Answer("asked", text=text))


async def replied(visit: Visit, ask: Ask, text: str) -> None:
    """Send her reply."""
    await _words(visit, "answerback", ask, Answer("replied", text=text))


async def ask_view(visit: Visit, ask: Ask) -> None:
    """Ask for her view at the round table."""
    await _ask_words(
        visit, "seatview", ask, desk("How do you see it? Type it; it goes to those who shared it with you.")
    )


async def view_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Keep her view in the place of the one before."""
    await _words(visit, "seatview", ask, Answer("view", text=text), most=LONGEST_VIEW)


async def sign(visit: Visit, ask: Ask) -> None:
    """Sign that she agrees, or sees it differently, with what was shown; where it changed since, nothing is signed."""
    agrees, upto = ask.argument[_ID : _ID + 1] == "y", ask.argument[_ID + 1 :]
    seen = int(upto) if upto.isascii() and upto.isdecimal() else 0
    given = Answer("agrees" if agrees else "differs", upto=seen)
    differently = desk("Signed: I see it differently. Say why as your view, if you like.")
    said = desk("Signed: I agree.") if agrees else differently
    await answer(visit, Ask(argument=ask.argument[:_ID]), given, said)


async def _words(visit: Visit, verb: str, ask: Ask, given: Answer, most: int = LONGEST_WORDS) -> None:
    if len(given.text) > most:
        said = desk("That is too long: at most {count} characters, please.", count=most)
        await _ask_words(visit, verb, ask, said)
        return
    await answer(visit, ask, given, desk("It is kept for them. They are told."))


async def answer(visit: Visit, ask: Ask, given: Answer, said: Text, reminders: Reminders | None = None) -> None:
    """Give an answer to a share, and say so above all of them; one that does not do any more is said to."""
    try:
        await visit.store.shares.answer(visit.session(), visit.arrival, ShareId(ask.argument), given, reminders)
    except NoSuchCase:
        await gone(visit)
        return
    except NotOffered:
        said = desk("That is not possible any more. Nothing was done.")
    await _list(visit, said)


async def gone(visit: Visit) -> None:
    """Say that there is no such share, whatever it is that was asked for."""
    await _list(visit, desk("There is no such share, or it has ended."))
