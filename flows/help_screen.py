"""Where help is right now: the emergency number, the country's helplines, the adult to find. It needs no draft."""

from __future__ import annotations

from typing import Final

from flows import presses
from flows import sentences as say
from flows.keys import ANYWHERE, button, help_button
from flows.known import Contact, Helpline, Known, Register
from flows.screens import Press, Screen
from flows.texts import Text, Value

_ADULTS: Final[frozenset[Register]] = frozenset({"parent", "staff"})
#: The adult to find, with and without a room.
_FIND: Final = (say.FIND_ADULT, say.FIND_ADULT_NO_ROOM)
_FIND_AS_ADULT: Final = (say.FIND_CONTACT, say.FIND_CONTACT_NO_ROOM)


def help_screen(
    known: Known, more: tuple[Text, ...] = (), *, worried: bool = True, register: Register | None = None
) -> Screen:
    """The help screen; `worried` if something the person said fired it, `more` are sentences of its trigger.

    `register` is who is writing, as far as it is known: parents and staff write about a child's safety.
    """
    worry = say.WORRIED_FOR_A_CHILD if register in _ADULTS else say.WORRIED
    first = (say.THANK_YOU, worry) if worried else ()
    paragraphs = (
        *first,
        *more,
        emergency(known) if worried else Text(say.CALL_IF_DANGER.msgid, args={"emergency": known.site.emergency}),
        *helplines(known),
        adult_to_find(known, register),
        say.CARRY_ON_HERE,
    )
    rows = (
        (button(say.CARRY_ON, ANYWHERE, "carry_on"),),
        (Press(say.LEAVE, presses.ask("leave")),),
        (help_button(), button(say.MORE, ANYWHERE, "more")),
    )
    return Screen(paragraphs, rows, urgent=True)


def emergency(known: Known) -> Text:
    """The sentence with the country's emergency number."""
    return Text(say.TALK_NOW.msgid, args={"emergency": known.site.emergency})


def helplines(known: Known) -> tuple[Text, ...]:
    """A line of introduction and a line a helpline, unverified ones marked; nothing where there are none."""
    lines = _numbers(known)
    return (say.TALK_TO, *lines) if lines else ()


def adult_to_find(known: Known, register: Register | None = None) -> Text:
    """The adult of this site and their room, as far as the site names them; adults are not sent to "an adult"."""
    contact = known.site.contact
    if contact is None:
        return say.FIND_ANY_ADULT
    with_room, without = _FIND_AS_ADULT if register in _ADULTS else _FIND
    if not contact.room:
        return Text(without.msgid, args={"contact": contact.name})
    return Text(with_room.msgid, args={"contact": contact.name, "room": contact.room})


def outside(contacts: tuple[Contact, ...], known: Known) -> tuple[Text, ...]:
    """Whom to turn to where nobody here can read: outside contacts, helplines, the emergency number."""
    lines = tuple(Text(say.OUTSIDE_LINE.msgid, args={"name": _named(one), "phone": one.phone}) for one in contacts)
    emergency_line = Text(say.CALL_IF_DANGER.msgid, args={"emergency": known.site.emergency})
    numbers = helplines(known) if lines else _numbers(known)  # "also" only after somebody was named
    return (say.TURN_OUTSIDE, *lines, *numbers, emergency_line)


def _named(contact: Contact) -> Value:
    return f"{contact.name}, {contact.job}" if contact.job else contact.name


def _numbers(known: Known) -> tuple[Text, ...]:
    return tuple(_helpline(one) for one in known.site.helplines)


def _helpline(line: Helpline) -> Text:
    arguments: dict[str, Value] = {"name": line.name, "number": line.number or line.url}
    if not line.verified:
        return Text(say.HELPLINE_UNVERIFIED.msgid, args=arguments)
    if line.hours:
        return Text(say.HELPLINE_HOURS.msgid, args={**arguments, "hours": line.hours})
    return Text(say.HELPLINE_LINE.msgid, args=arguments)
