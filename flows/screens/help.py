"""Where help is right now: emergency number, helplines, the adult to find; and the banner if nobody has read lately."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import ANYWHERE, button, help_button
from flows.screens.copy import SLOW, SLOW_SEND
from flows.values.ids import Audience, Register
from flows.values.promises import first_held
from flows.values.screen import Press, Screen
from flows.values.situation import Contact, Helpline, Site, Situation
from flows.values.text import Text, Value

_ADULTS: Final[frozenset[Register]] = frozenset({"parent", "staff"})
#: The order of lines for a parent or a member of staff.
_FOR_ADULTS: Final[tuple[Audience, ...]] = ("adult", "any", "child")


def help_screen(
    situation: Situation,
    more: tuple[Text, ...] = (),
    *,
    worried: bool = True,
    register: Register | None = None,
    pictures: bool = False,
    for_other: bool = False,
) -> Screen:
    """The help screen: with its alarm, or calm.

    Args:
        situation: The world; whoever may not be named is gone from it (`to_find`).
        more: Sentences of what brought it up.
        worried: Whether it is the alarm: we are worried, and the emergency number stands first. A calm one has who
            listens first. Without `more` it was asked for, and the emergency number is first as well.
        register: Who is writing, as far as it is known: it decides which lines are told, and in which words.
        pictures: Whether to name the places where pictures can be taken down.
        for_other: Whether the child who is writing is worried about somebody else.
    """
    danger = Text(say.CALL_IF_DANGER.msgid, args={"emergency": situation.site.emergency})
    listening, taken_down = helplines(situation, register), where_to_report(situation.site) if pictures else ()
    if worried:
        worry = say.WORRIED_FOR_A_CHILD if for_other or register in _ADULTS else say.WORRIED
        told = (say.THANK_YOU, worry, *more, emergency(situation), *listening, *taken_down)
    elif more:
        told = (say.THANK_YOU, *more, *taken_down, *listening, danger)
    else:
        told = (danger, *listening)
    paragraphs = (*told, adult_to_find(situation, register), say.CARRY_ON_HERE)
    rows = (
        (button(say.CARRY_ON, ANYWHERE, "carry_on"),),
        (Press(say.LEAVE, buttons.ask("leave")),),
        (help_button(), button(say.MORE, ANYWHERE, "more")),
    )
    return Screen(paragraphs, rows, urgent=True)


def emergency(situation: Situation) -> Text:
    """The sentence with the country's emergency number."""
    return Text(say.TALK_NOW.msgid, args={"emergency": situation.site.emergency})


def helplines(situation: Situation, register: Register | None = None) -> tuple[Text, ...]:
    """A line of introduction and a line a helpline for `register`, unverified ones marked; nothing without any.

    Members of staff are told of the site's outside contacts first: theirs are the numbers that a referral needs. Others
    are told of them last, and only where it may be about an adult of the site.
    """
    others = (
        tuple(_outside_line(one) for one in situation.site.outside)
        if register == "staff" or situation.about_staff
        else ()
    )
    numbers = _numbers(situation, register)
    lines = (*others, *numbers) if register == "staff" else (*numbers, *others)
    return (say.TALK_TO, *lines) if lines else ()


def adult_to_find(situation: Situation, register: Register | None = None) -> Text:
    """The adult of this site and their room, as far as the site names them; adults are not sent to "an adult".

    Nobody is sent to a room in which nobody is: out of hours it says that this is for when the site is open.
    """
    contact = situation.site.contact
    names = {"contact": contact.name, "room": contact.room} if contact else {}
    return first_held(
        situation, say.FIND_CONTACT if register in _ADULTS else say.FIND_ADULT, site=situation.site.name, **names
    )


def outside(contacts: tuple[Contact, ...], situation: Situation) -> tuple[Text, ...]:
    """Whom to turn to where nobody here can read: outside contacts, helplines, the emergency number.

    Args:
        contacts: The site's outside contacts; there may be none.
        situation: For helplines and emergency number, which there always is.
    """
    lines = tuple(_outside_line(one) for one in contacts)
    emergency_line = Text(say.CALL_IF_DANGER.msgid, args={"emergency": situation.site.emergency})
    numbers = helplines(situation) if lines else _numbers(situation)  # "also" only after somebody was named
    return (say.TURN_OUTSIDE, *lines, *numbers, emergency_line)


def _outside_line(contact: Contact) -> Text:
    name = f"{contact.name}, {contact.job}" if contact.job else contact.name
    return Text(say.OUTSIDE_LINE.msgid, args={"name": name, "phone": contact.phone})


def _numbers(situation: Situation, register: Register | None = None) -> tuple[Text, ...]:
    return tuple(_helpline(one) for one in for_register(situation.site.helplines, register))


def for_register(lines: Sequence[Helpline], register: Register | None) -> tuple[Helpline, ...]:
    """Those of `lines` for whoever is writing: a child's own, or those for adults first; all where none is.

    Children are told of no line for adults, and of all lines while nobody knows who is writing.
    """
    if register is None:
        return tuple(lines)
    if register in _ADULTS:
        return tuple(sorted(lines, key=lambda line: _FOR_ADULTS.index(line.audience)))
    return tuple(line for line in lines if line.audience != "adult") or tuple(lines)


def where_to_report(site: Site) -> tuple[Text, ...]:
    """The places where pictures can be taken down, after a line of introduction; nothing where none is known."""
    lines = tuple(_helpline(one) for one in site.takedown)
    return (say.TAKE_DOWN, *lines) if lines else ()


def _helpline(line: Helpline) -> Text:
    arguments: dict[str, Value] = {"name": line.name, "number": line.number or line.url}
    if not line.verified:
        unverified = say.HELPLINE_UNVERIFIED if line.number else say.ADDRESS_UNVERIFIED
        return Text(unverified.msgid, args=arguments)
    if line.hours:
        return Text(say.HELPLINE_HOURS.msgid, args={**arguments, "hours": line.hours})
    return Text(say.HELPLINE_LINE.msgid, args=arguments)


def slow_reply_banner(situation: Situation) -> tuple[Text, ...]:
    """What is said at the beginning and before sending while nobody has read lately, with where help is now.

    Empty where somebody has, and at a site in practice, which says of itself that nobody reads.
    """
    if not situation.slow or situation.site.practice:
        return ()
    return (SLOW, SLOW_SEND, *helplines(situation), emergency(situation))
