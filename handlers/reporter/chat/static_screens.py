"""The reporter's screens outside the questions, and what is on the screen now, to be shown again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from flows.conversation import engine
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import help_button
from flows.screens.help import outside
from flows.screens.welcome import opening
from flows.values.screen import Press, Row, Screen
from flows.values.situation import Situation
from flows.values.text import Listed, Text, stacked
from handlers.reporter.chat import first_return_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene

#: Delete this chat's messages, now that the words are kept.
TIDY_NOW: Final = "y:tidy"
#: Delete the draft for good.
STOP_NOW: Final = "y:stop"
#: Go back to what was on the screen.
BACK: Final = "y:back"
#: Go on with the questions after sending.
QUESTIONS: Final = "y:questions"
#: Say, once there is an answer, whether it helped.
FEEDBACK: Final = "y:feedback"
#: Close the concern in this chat; it stays with its readers.
CLOSE: Final = "y:close"

ALL: Final = frozenset({TIDY_NOW, STOP_NOW, BACK, QUESTIONS, FEEDBACK, CLOSE})


_NOT_KEPT: Final = Text("I did not keep what you just wrote.")
_WHO_FIRST: Final = Text("Please first tap who is writing.")

_HELP: Final = help_button()
_LEAVE: Final = Press(say.LEAVE, buttons.ask("leave"))
_BACK: Final = Press(say.BACK, BACK)


def _row(label: Text, data: str) -> Row:
    return (Press(label, data),)


def welcome_back() -> Screen:
    """Carry on or start new: it tells nothing of what was written."""
    forward = (_row(say.CARRY_ON, buttons.ask("carry_on")), _row(say.START_NEW, buttons.ask("new")))
    return Screen((say.WELCOME_BACK,), (*forward, (_HELP,)))


def not_kept(situation: Situation) -> tuple[Text, ...]:
    """Words that came before anybody said who is writing; where nobody can read, that is not asked."""
    return (_NOT_KEPT, _WHO_FIRST) if situation.roster else (_NOT_KEPT,)


def nobody(situation: Situation) -> Screen:
    """Nobody remains who could open it: nothing was sent, the draft stays, and where else to turn."""
    return Screen(
        (say.NOBODY_LEFT, *outside(situation.site.outside, situation)), (_row(say.GO_ON, BACK), (_HELP,)), urgent=True
    )


def privacy(situation: Situation) -> Screen:
    """Who runs this, who reads, how long it is kept, and that no machine decides (`/privacy`)."""
    site = situation.site
    said = [Text("Who runs this: {controller}.", args={"controller": site.controller or site.name})]
    if site.privacy_contact:
        said.append(Text("Questions about your data: {contact}.", args={"contact": site.privacy_contact}))
    said += [_who_reads(situation), Text("Before you send, you see their names. You can take anyone off the list.")]
    said.append(Text("What you send is locked. Only those people can open it."))
    if site.retention:
        said.append(Text("How long it is kept: {retention}.", args={"retention": site.retention}))
    said += [
        Text("What you have not sent is deleted after 24 hours."),
        Text("You do not have to give your name. We do not store your account's name or number."),
        Text("No machine makes decisions about you. People do."),
        Text("You can delete this chat. What you sent stays with the people who read it."),
    ]
    if situation.door == "telegram":
        said.append(Text("Telegram can read this chat."))
    return Screen(tuple(said), ((_BACK,), (_HELP, _LEAVE)))


def _who_reads(situation: Situation) -> Text:
    if not situation.roster:
        return Text("Nobody can read messages here at the moment.")
    people = Listed(tuple(_person(reader.name, reader.title) for reader in situation.roster))
    return Text("These people can read what you send: {people}.", args={"people": people})


def _person(name: str, title: str) -> Text | str:
    return Text("{name} ({title})", args={"name": name, "title": title}) if title else name


def changed(entries: Sequence[tuple[str, str]]) -> Screen:
    """What people said, and what was done, as two leads have put it, in the leads' own language."""
    said = [
        stacked((Text("You said: {said}", args={"said": told}), Text("We did: {done}", args={"done": did})))
        for told, did in entries
    ]
    first = Text("This is what people told us, and what was done.") if said else Text("Nothing is shown here just now.")
    last = (Text("Thank you to everybody who told us."),) if said else ()
    return Screen((first, *said, *last), ((_BACK,), (_HELP, _LEAVE)))


def tidy(*, words_shown: bool) -> Screen:
    """Asks whether the words are kept, before this chat's messages are deleted."""
    said = [Text("This deletes the messages in this chat, yours and mine.")]
    if words_shown:
        said.append(Text("Have you kept your words? You cannot come back without them."))
    said.append(Text("What you have sent stays with the people who read it."))
    yes = Text("Yes, I have my words. Delete now") if words_shown else Text("Delete now")
    rows = (_row(yes, TIDY_NOW), _row(Text("Not yet"), BACK), (_HELP, _LEAVE))
    return Screen(tuple(said), rows)


def tidied(situation: Situation, *, all_gone: bool) -> Screen:
    """After tidying up: how to clear what a bot cannot delete.

    Source: Bot API, `deleteMessage`: of a private chat's messages those of the last 48 hours.
    """
    said = [Text("The messages are deleted.") if all_gone else Text("I could not delete every message.")]
    if situation.door == "telegram":
        said.append(Text("On Telegram I can only delete messages of the last 48 hours."))
        said.append(Text("To clear the rest: open the menu of this chat and choose Clear history."))
    else:
        said.append(Text("You can close this tab now. Then nothing is left in it."))
    return Screen(tuple(said))


def neutral() -> Screen:
    """The one line that stays after leaving quickly; it names nothing."""
    return Screen((Text("Hello. Write here when you like."),), urgent=True)


def stop() -> Screen:
    """Asks before a draft is deleted for good."""
    return Screen(
        (Text("Do you want to stop?"), Text("What you wrote has not been sent. It will be deleted.")),
        (_row(say.CARRY_ON, buttons.ask("carry_on")), _row(Text("Stop and delete"), STOP_NOW), (_HELP, _LEAVE)),
    )


def stopped() -> Screen:
    """After stopping: the door stays open."""
    return Screen(
        (Text("That is fine. Nothing was sent, and what you wrote is deleted."), Text("You can come back any time.")),
        (_row(say.START_AGAIN, buttons.ask("new")), (_HELP, Press(say.TIDY, buttons.ask("tidy")))),
    )


def closed() -> Screen:
    """After the concern was closed in this chat."""
    return Screen(
        (Text("That is closed here now."), Text("You can come back with your words any time.")),
        (_row(say.TIDY, buttons.ask("tidy")), (_HELP, _LEAVE)),
    )


def in_groups() -> Text:
    """The answer to a command in a group."""
    return Text("I only talk in private chats. Please write to me there.")


def current(scene: ChatScene) -> Screen:
    """The question that waits, what can be done with an open concern, or the greeting."""
    if scene.talk is not None and scene.talk.taken_down is not None:
        return first_return_screens.question(scene.talk.taken_down, scene.talk.register)
    if scene.draft is not None and scene.draft.register is not None:
        return engine.current(scene.flows, scene.draft, scene.situation)
    return opening(scene.situation)


def after(texts: tuple[Text, ...], screen: Screen) -> Screen:
    """`screen` with sentences before it."""
    return replace(screen, paragraphs=(*texts, *screen.paragraphs))


async def again(answerer: Answerer, scene: ChatScene, *texts: Text) -> None:
    """Say the current screen again after `texts`, as a new message; nothing was changed.

    The update is committed as seen first.

    Raises:
        AlreadySeen: It was committed before; nothing is said.
        Unavailable: It cannot be written; nothing is said.
    """
    await answerer.deps.store.seen(scene.arrival)
    await answerer.answer(scene, (after(texts, current(scene)),), waits=True)
