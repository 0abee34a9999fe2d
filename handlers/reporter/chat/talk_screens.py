"""What a reporter sees of a concern that was sent: how far it is, what was answered, and what can be done."""

from __future__ import annotations

from flows.cases import triage
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import help_button
from flows.values.screen import Press, Row, Screen
from flows.values.situation import Situation
from flows.values.text import Moment, Text
from handlers.reporter.chat import static_screens
from storage.sealing.receipts.receipt import WORDS, Slip
from storage.values import Reply, ReporterView


def view(
    seen: ReporterView,
    situation: Situation,
    *,
    questions: bool,
    offer_notice: bool,
    box: bool = False,
    file: bool = False,
) -> tuple[Screen, ...]:
    """How far it is and who was let in since, then the answers, each with its own words, then what can be done.

    Args:
        seen: The case as its reporter may read it.
        situation: The world; its language decides which answers are marked as not translated.
        questions: Whether there are questions left to answer.
        offer_notice: Whether the person allowed this chat to be used for a notice.
        box: Whether the person is asked how it was.
        file: Whether a file may be added.
    """
    sent = Text("You sent this {when}.", args={"when": Moment(seen.sent_at)})
    answered = tuple(_reply(reply, situation) for reply in seen.replies)
    none = () if answered else (Text("There is no answer yet."),)
    let_in = tuple(Text(say.LET_IN.msgid, args={"name": card.name}) for card in seen.let_in)
    added = tuple(Text(say.ADDED.msgid, args={"name": card.name}) for card in seen.added)
    status = triage.reporter_status(seen.status, checked=bool(let_in))
    behind = (Text("Nobody has read the newest things you sent yet."),) if seen.behind else ()
    first = Screen((Text("Hello again."), sent, status, *behind, *let_in, *added, *none))
    notice = seen.notice_on if offer_notice else None
    return (first, *answered, doors(questions=questions, notice=notice, box=box, file=file))


def doors(*, questions: bool, notice: bool | None, box: bool = False, file: bool = False) -> Screen:
    """What can be done with the open concern: write, answer more, send a file, say how it was, and what ends it.

    `notice` is whether one is kept, or None where the person did not allow this chat to be used.
    """
    more: tuple[Row, ...] = ((Press(Text("Answer more questions"), static_screens.QUESTIONS),),) if questions else ()
    if file:
        more = (*more, (Press(say.SEND_FILE, buttons.ask("file")),))
    if box:
        more = (*more, (Press(Text("Say how it was for you"), static_screens.FEEDBACK),))
    asked: tuple[Row, ...] = ()
    if notice is not None:
        off, on = Press(say.NOTICE_OFF, buttons.ask("notice_off")), Press(say.NOTICE_ON, buttons.ask("notice_on"))
        asked = ((off if notice else on,),)
    return Screen(
        (say.TALK,),
        (
            *more,
            *asked,
            (Press(say.TIDY, buttons.ask("tidy")), Press(Text("Close this"), static_screens.CLOSE)),
            (help_button(), Press(say.LEAVE, buttons.ask("leave"))),
        ),
    )


def noticed(*, on: bool) -> Text:
    """After the notice was asked for, or withdrawn."""
    if on:
        return Text("When there is something new, this chat will only say: You have an update.")
    return Text("There will be no notices. Where to send them is deleted.")


def update() -> Screen:
    """The neutral notice: nothing of what it is about."""
    return Screen((Text("You have an update."),), ((Press(Text("Open"), buttons.ask("return")),),))


def _reply(reply: Reply, situation: Situation) -> Screen:
    who = reply.by.name if reply.by else situation.site.name
    new = Text("New answer from {name}, {when}:") if reply.fresh else Text("Answer from {name}, {when}:")
    head = Text(new.msgid, args={"name": who, "when": Moment(reply.at)})
    ready = triage.READY.get(reply.ready or "")
    if ready is not None:
        return Screen((head, ready))
    if reply.by is not None and reply.by.language != situation.language:
        return Screen((head, Text("This answer was not translated.")), verbatim=reply.text)
    return Screen((head,), verbatim=reply.text)


def over() -> Screen:
    """The concern is not open in this chat (any more); what was just written was not taken."""
    return _closed(Text("If you just wrote something, it was not sent. Open it with your words to go on."))


def was_added() -> Screen:
    """The same, where what came last was added by a life of the process that ended before it could say so."""
    return _closed(say.WAS_ADDED)


def _closed(last: Text) -> Screen:
    return Screen(
        (Text("This was closed here, to keep you safe."), last),
        (
            (Press(say.RETURN, buttons.ask("return")),),
            (Press(say.START_NEW, buttons.ask("new")), help_button()),
        ),
    )


def ask_words() -> Screen:
    """Asks for the words that bring somebody back."""
    return Screen(
        (Text("Please write your words, in order."), Text("I delete your message as soon as I have read it.")),
        ((help_button(), Press(say.LEAVE, buttons.ask("leave"))),),
    )


def slip(amiss: Slip) -> Screen:
    """The words cannot be right: told at once, without a look at anything that is kept."""
    again = Text("Please look at them once more, and write all of them again.")
    return Screen((_amiss(amiss), again), ask_words().rows)


def _amiss(amiss: Slip) -> Text:
    if amiss.position is not None:
        return Text("Word {number} is not one of our words.", args={"number": amiss.position})
    if amiss.count != WORDS:
        return Text("There are {count} words in it. It should be {right}.", args={"count": amiss.count, "right": WORDS})
    return Text("Something in these words is not quite right.")


def too_many() -> Screen:
    """The words were not looked at: too many that open nothing came from this chat."""
    return Screen(
        (Text("There were many tries. Please wait a few minutes."), Text("Then write your words again.")),
        ask_words().rows,
    )


def crowded() -> Screen:
    """The words were not looked at: too many others try words just now."""
    return Screen(
        (Text("Very many people are here just now. Please wait a moment."), Text("Then write your words again.")),
        ask_words().rows,
    )


def unknown() -> Screen:
    """No concern opens with these words.

    It is one answer for unknown, shredded and foreign receipts: whoever guesses learns nothing from it.
    """
    return Screen(
        (
            Text("Nothing opens with these words."),
            Text("Perhaps they are for another place. You can try again, or start new."),
        ),
        (
            (Press(say.TRY_AGAIN, buttons.ask("return")), Press(say.START_NEW, buttons.ask("new"))),
            (help_button(), Press(say.LEAVE, buttons.ask("leave"))),
        ),
    )
