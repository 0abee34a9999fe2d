"""Where help is right now: the emergency number, the country's helplines, the adult to find. It needs no draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows import presses
from flows import sentences as say
from flows.ids import Audience, Register
from flows.keys import ANYWHERE, button, help_button
from flows.known import Contact, Helpline, Known
from flows.promises import first_held
from flows.screens import Press, Screen
from flows.texts import Text, Value

_ADULTS: Final[frozenset[Register]] = frozenset({"parent", "staff"})
#: The order of lines for a parent or a member of staff.
_FOR_ADULTS: Final[tuple[Audience, ...]] = ("adult", "any", "child")


def help_screen(
    known: Known,
    more: tuple[Text, ...] = (),
    *,
    worried: bool = True,
    register: Register | None = None,
    pictures: bool = False,
    for_other: bool = False,
) -> Screen:
    """The help screen: with its alarm, or calm.

    Args:
        known: The world; whoever may not be named is gone from it (`to_find`).
        more: Sentences of what brought it up.
        worried: Whether it is the alarm: we are worried, and the emergency number stands first. A calm one has who
            listens first. Without `more` it was asked for, and the emergency number is first as well.
        register: Who is writing, as far as it is known: it decides which lines are told, and in which words.
        pictures: Whether to name the places where pictures can be taken down.
        for_other: Whether the child who is writing is worried about somebody else.
    """
    danger = Text(say.CALL_IF_DANGER.msgid, args={"emergency": known.site.emergency})
    listening, taken_down = helplines(known, register), _taken_down(known) if pictures else ()
    if worried:
        worry = say.WORRIED_FOR_A_CHILD if for_other or register in _ADULTS else say.WORRIED
        told = (say.THANK_YOU, worry, *more, emergency(known), *listening, *taken_down)
    elif more:
        told = (say.THANK_YOU, *more, *taken_down, *listening, danger)
    else:
        told = (danger, *listening)
    paragraphs = (*told, adult_to_find(known, register), say.CARRY_ON_HERE)
    rows = (
        (button(say.CARRY_ON, ANYWHERE, "carry_on"),),
        (Press(say.LEAVE, presses.ask("leave")),),
        (help_button(), button(say.MORE, ANYWHERE, "more")),
    )
    return Screen(paragraphs, rows, urgent=True)


def emergency(known: Known) -> Text:
    """The sentence with the country's emergency number."""
    return Text(say.TALK_NOW.msgid, args={"emergency": known.site.emergency})


def helplines(known: Known, register: Register | None = None) -> tuple[Text, ...]:
    """A line of introduction and a line a helpline for `register`, unverified ones marked; nothing without any.

    Members of staff are told of the site's outside contacts first: theirs are the numbers that a referral needs. Others
    are told of them last, and only where it may be about an adult of the site.
    """
    others = tuple(_outside_line(one) for one in known.site.outside) if register == "staff" or known.about_staff else ()
    numbers = _numbers(known, register)
    lines = (*others, *numbers) if register == "staff" else (*numbers, *others)
    return (say.TALK_TO, *lines) if lines else ()


def adult_to_find(known: Known, register: Register | None = None) -> Text:
    """The adult of this site and their room, as far as the site names them; adults are not sent to "an adult".

    Nobody is sent to a room in which nobody is: out of hours it says that this is for when the site is open.
    """
    contact = known.site.contact
    names = {"contact": contact.name, "room": contact.room} if contact else {}
    return first_held(known, say.FIND_CONTACT if register in _ADULTS else say.FIND_ADULT, site=known.site.name, **names)


def outside(contacts: tuple[Contact, ...], known: Known) -> tuple[Text, ...]:
    """Whom to turn to where nobody here can read: outside contacts, helplines, the emergency number."""
    lines = tuple(_outside_line(one) for one in contacts)
    emergency_line = Text(say.CALL_IF_DANGER.msgid, args={"emergency": known.site.emergency})
    numbers = helplines(known) if lines else _numbers(known)  # "also" only after somebody was named
    return (say.TURN_OUTSIDE, *lines, *numbers, emergency_line)


def _outside_line(contact: Contact) -> Text:
    name = f"{contact.name}, {contact.job}" if contact.job else contact.name
    return Text(say.OUTSIDE_LINE.msgid, args={"name": name, "phone": contact.phone})


def _numbers(known: Known, register: Register | None = None) -> tuple[Text, ...]:
    return tuple(_helpline(one) for one in for_register(known.site.helplines, register))


def for_register(lines: Sequence[Helpline], register: Register | None) -> tuple[Helpline, ...]:
    """Those of `lines` for whoever is writing: a child's own, or those for adults first; all where none is.

    Children are told of no line for adults, and of all lines while nobody knows who is writing.
    """
    if register is None:
        return tuple(lines)
    if register in _ADULTS:
        return tuple(sorted(lines, key=lambda line: _FOR_ADULTS.index(line.audience)))
    return tuple(line for line in lines if line.audience != "adult") or tuple(lines)


def _taken_down(known: Known) -> tuple[Text, ...]:
    lines = tuple(_helpline(one) for one in known.site.takedown)
    return (say.TAKE_DOWN, *lines) if lines else ()


def _helpline(line: Helpline) -> Text:
    arguments: dict[str, Value] = {"name": line.name, "number": line.number or line.url}
    if not line.verified:
        unverified = say.HELPLINE_UNVERIFIED if line.number else say.ADDRESS_UNVERIFIED
        return Text(unverified.msgid, args=arguments)
    if line.hours:
        return Text(say.HELPLINE_HOURS.msgid, args={**arguments, "hours": line.hours})
    return Text(say.HELPLINE_LINE.msgid, args=arguments)
