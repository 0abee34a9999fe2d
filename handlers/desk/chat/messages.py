"""The desk's short answers: locked, refused, not found, changed meanwhile."""

from __future__ import annotations

from flows.values.screen import Screen
from flows.values.text import Moment, Text
from handlers.desk.chat.visit import asking, desk
from handlers.desk.chat.wording.deed_labels import act
from storage.values import Change


def locked() -> Screen:
    """The one sentence of a locked desk; it knows nobody."""
    return Screen(
        (desk("The desk is locked here. /unlock and your name opens it; everybody else begins with /start."),)
    )


def waits() -> Text:
    """What a reader is told who waits for two leads to say yes."""
    return desk("You wait for two leads to say yes to you with /team. Until then nothing is sealed for you.")


def curtain() -> Screen:
    """The drawn curtain asks for the PIN."""
    return asking("pin", desk("The curtain is drawn. /lock ends the session."), desk("Your PIN"))


def curtain_miss(left: int) -> Screen:
    """A wrong PIN, and how many tries are left."""
    said = Text(
        "That is not the PIN. {count} try left.", "desk", plural="That is not the PIN. {count} tries left.", count=left
    )
    return asking("pin", said, desk("Your PIN"))


def pin_misses(count: int, *, serves: bool) -> tuple[Text, ...]:
    """Wrong PINs since the lead was last told, and that the PIN serves no more if the day's are used up."""
    if not count:
        return ()
    said = Text(
        "{count} wrong PIN was typed since your desk was last open. If it was not you, tell a colleague.",
        "desk",
        plural="{count} wrong PINs were typed since your desk was last open. If it was not you, tell a colleague.",
        count=count,
    )
    return (said,) if serves else (said, desk("Today the PIN opens nothing more: an idle desk locks fully."))


def code_misses(count: int) -> tuple[Text, ...]:
    """Wrong codes that were typed at an open desk since the lead last unlocked."""
    if not count:
        return ()
    said = Text(
        "{count} wrong code was typed at your open desk since. If it was not you, tell a colleague.",
        "desk",
        plural="{count} wrong codes were typed at your open desk since. If it was not you, tell a colleague.",
        count=count,
    )
    return (said,)


def not_unlocked() -> Text:
    """The same for an unknown name, a disabled lead and a wrong factor."""
    return desk("That did not unlock. Check name, passphrase and code; each code works once.")


def throttled(until: Moment) -> Screen:
    """Too many tries."""
    return Screen((desk("Too many tries. The next one is taken after {time}.", time=until),))


def crowded() -> Text:
    """Too many wait; the same for every name, and nothing is known of this try."""
    return desk("Very many are trying to unlock just now. Please try again in a moment.")


def no_such_case() -> Text:
    """The same for a case that does not exist and for one that is not hers."""
    return desk("There is no such case at your desk.")


def changed(changes: tuple[Change, ...]) -> tuple[Text, ...]:
    """What happened to a case since it was shown; nothing was done. Without changes, words were not read."""
    if not changes:
        return (desk("There are words of the reporter that you have not read. Nothing was done."),)
    return (desk("This case changed while you had it open, so nothing was done."), *map(_change, changes))


def _change(change: Change) -> Text:
    at = Moment(change.at, "time")
    if change.by is None:
        return desk("{time}: {what}", time=at, what=act(change.what))
    return desk("{time}, {name}: {what}", time=at, name=change.by.name, what=act(change.what))
